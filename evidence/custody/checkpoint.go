package custody

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// signLimit is how long signing one checkpoint in the background may take.
const signLimit = 30 * time.Second

// Checkpoint returns the signed head of a case's log, a note (package ledger)
// that covers every entry acknowledged before the call. It fails with Sealed
// when nothing can be signed; the entries stay on record.
func (s *Service) Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error) {
	if err := s.allow(ctx, actor, c, seeCase, "case"); err != nil {
		return nil, err
	}
	h, err := s.log(c).checkpoint(ctx)
	return h.note, err
}

// checkpoint returns the head of the log, signed.
func (l *caseLog) checkpoint(ctx context.Context) (head, error) {
	h, err := l.refresh(ctx, 0)
	if err != nil {
		return head{}, err
	}
	if h.size == 0 {
		return head{}, noSuch("case")
	}
	if h.signed == h.size && h.note != nil {
		return h, nil
	}
	note, err := l.s.registry.Checkpoint(ctx, l.id, h.size) // another process may have signed it
	if err != nil {
		return head{}, err
	}
	if note == nil {
		cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(l.s.config.Origin, l.id), Size: h.size, Root: h.root}
		note, err = ledger.SignCheckpoint(ctx, cp, l.s.logKey)
		if err == nil {
			err = l.s.registry.AddCheckpoint(ctx, l.id, h.size, note)
		}
		l.mu.Lock()
		l.signErr = err
		l.mu.Unlock()
		if err != nil {
			return head{}, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.size > l.signed {
		l.signed, l.note = h.size, bytes.Clone(note)
	}
	h.signed, h.note = h.size, note
	return h, nil
}

// signSoon has the head of the log signed within the checkpoint delay.
func (s *Service) signSoon(l *caseLog) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due[l] = struct{}{}
}

// signInBackground signs what is due until the Service is closed.
func (s *Service) signInBackground() {
	defer close(s.stopped)
	ticker := time.NewTicker(s.config.CheckpointDelay)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-s.stopping:
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), signLimit)
		err := s.signDue(ctx)
		cancel()
		if failing != (err != nil) { // once, not at every tick
			failing = err != nil
			s.logger.WarnContext(ctx, "signing checkpoints", slog.Bool("failing", failing), slog.Any("error", err))
		}
	}
}

// signDue signs the heads that are due; those that fail stay due.
func (s *Service) signDue(ctx context.Context) error {
	s.mu.Lock()
	due := s.due
	s.due = map[*caseLog]struct{}{}
	s.mu.Unlock()
	var errs []error
	for l := range due {
		if _, err := l.checkpoint(ctx); err != nil {
			s.signSoon(l)
			errs = append(errs, err)
			if evidence.CodeOf(err).Retryable() {
				for l := range due { // the others would fail in the same way
					s.signSoon(l)
				}
				break
			}
		}
	}
	return errors.Join(errs...)
}

// keyRing remembers public keys, so that what was signed can be checked while
// the signer cannot be reached.
type keyRing struct {
	mu   sync.Mutex
	last []evidence.PublicKey
}

// Keys returns the public keys of checkpoints and seals, every version. They
// are public; no actor is needed.
func (s *Service) Keys(ctx context.Context) ([]evidence.PublicKey, error) {
	logKeys, err := s.logKey.PublicKeys(ctx)
	if err != nil {
		return nil, err
	}
	sealKeys, err := s.sealKey.PublicKeys(ctx)
	if err != nil {
		return nil, err
	}
	keys := append(slices.Clone(logKeys), sealKeys...)
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	s.keys.last = keys
	return keys, nil
}

// trusted returns the public keys, as last known when they cannot be read now.
func (s *Service) trusted(ctx context.Context) ([]evidence.PublicKey, error) {
	keys, err := s.Keys(ctx)
	if err == nil {
		return keys, nil
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	if s.keys.last == nil {
		return nil, err
	}
	return s.keys.last, nil
}
