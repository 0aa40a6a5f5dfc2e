package custody

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// giveNumber gives a case the unit's next number of this year, or returns the
// one that it has. Numbers count from 1 without gaps; sealed cases have numbers of
// another series, so that none is missing from this one.
func (s *Service) giveNumber(ctx context.Context, c evidence.CaseID, class evidence.Class) (string, error) {
	year := s.clock().UTC().Year()
	for {
		number, err := s.store.CaseNumber(ctx, c)
		if err != nil || number != "" {
			return number, err
		}
		if class == evidence.ClassSealed {
			number, err = s.sealedNumber(year)
			if err == nil {
				_, err = s.store.AddCaseNumber(ctx, number, c) // which is asked for anew
			}
			if err != nil {
				return "", err
			}
			continue
		}
		taken, err := s.highestNumber(ctx, year)
		if err != nil {
			return "", err
		}
		number = caseNumber(year, taken+1)
		added, err := s.store.AddCaseNumber(ctx, number, c)
		if err != nil {
			return "", err
		}
		if added {
			s.mu.Lock()
			s.numbers[year] = max(s.numbers[year], taken+1)
			s.mu.Unlock()
			return number, nil
		}
	}
}

// sealedNumber draws a number such as 2026-S-7KQ2MZDA: 40 random bits, which tell
// neither how many sealed cases there are nor which.
func (s *Service) sealedNumber(year int) (string, error) {
	var drawn [5]byte
	if _, err := io.ReadFull(s.random, drawn[:]); err != nil {
		return "", fmt.Errorf("drawing a number: %w", err)
	}
	return fmt.Sprintf("%d-S-%s", year, base32.StdEncoding.EncodeToString(drawn[:])), nil
}

func caseNumber(year, n int) string { return fmt.Sprintf("%d-%04d", year, n) }

// highestNumber returns the highest number of a year that is taken, 0 when
// none is: by doubling steps from the highest known, then by halves.
func (s *Service) highestNumber(ctx context.Context, year int) (int, error) {
	s.mu.Lock()
	low := s.numbers[year]
	s.mu.Unlock()
	step := 1
	for {
		taken, err := s.store.HasCaseNumber(ctx, caseNumber(year, low+step))
		if err != nil {
			return 0, err
		}
		if !taken {
			break
		}
		low, step = low+step, 2*step
	}
	for high := low + step; high-low > 1; { // low is taken, high is free
		middle := low + (high-low)/2
		taken, err := s.store.HasCaseNumber(ctx, caseNumber(year, middle))
		if err != nil {
			return 0, err
		}
		if taken {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}
