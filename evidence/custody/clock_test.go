package custody_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// newSlowLab returns a lab with two processes, of which the second is an hour
// behind, and a case with an exhibit that the first brought in.
func newSlowLab(t *testing.T) (l *lab, right, slow *process, c evidence.Case, it evidence.Item) {
	t.Helper()
	l = newLab(t)
	right = l.service()
	l.config.Clock = func() time.Time { return time.Now().Add(-time.Hour) }
	slow = l.service()
	c = l.openCase(right)
	return l, right, slow, c, l.bring(right, l.openIntake(right, c), "x", []byte("x"))
}

// TestClocksAnHourApart has two processes append to one log, of which one is an
// hour behind: nothing is refused, the order is that of the log, and each entry
// that seems to come before the one that it follows says so.
func TestClocksAnHourApart(t *testing.T) {
	l, right, slow, c, it := newSlowLab(t)
	for range 5 {
		l.check(look(t.Context(), slow, prosecutor, it.ID)) // a person's act
		l.check(look(t.Context(), right, investigator, it.ID))
		l.check(closeAgain(t.Context(), slow, c.ID)) // the machine's
		l.check(closeAgain(t.Context(), right, c.ID))
	}
	signed, err := slow.Sign(t.Context(), investigator, move(c, evidence.StateOpen, "prepared by a slow process"))
	l.check(err)
	_, err = right.Record(t.Context(), worker, c.ID, [][]byte{signed})
	l.check(err)

	log := l.checkSigned(right, c.ID, l.firstKeys()...)
	marked := 0
	for i, e := range log[1:] {
		before := log[i].Entry
		behind := before.At.Time().Sub(e.Entry.At.Time())
		mark := e.Entry.Details["clock"]
		switch {
		case e.Entry.Act == evidence.ActTransitioned: // signed before anybody knew behind what it would stand
			if behind < 50*time.Minute || mark != "" {
				t.Errorf("the transition is %s behind, marked %q", behind, mark)
			}
		case (behind > time.Minute) != (mark != ""):
			t.Errorf("entry %d is %s behind, marked %q", e.Index, behind, mark)
		case mark != "":
			marked++
			if want := fmt.Sprintf("%d behind entry %d", int64(behind/time.Second), e.Index-1); mark != want {
				t.Errorf("entry %d is marked %q, want %q", e.Index, mark, want)
			}
		}
	}
	if marked != 10 {
		t.Errorf("%d entries are marked, want 10", marked)
	}
	l.checkLog(slow, c.ID)
}

// closeAgain puts an act of the machine on record that says when it was.
func closeAgain(ctx context.Context, s *process, c evidence.CaseID) error {
	e, err := s.Now(c, evidence.ActVerified)
	if err == nil {
		_, err = s.Append(ctx, e)
	}
	return err
}

// TestClocksInACrowd: entries that lose their place to those of a faster clock are
// signed again with the mark.
func TestClocksInACrowd(t *testing.T) {
	l, right, slow, c, it := newSlowLab(t)
	done := make(chan error)
	const each = 20
	for _, s := range []*process{right, slow} {
		go func() {
			for range each {
				if err := look(t.Context(), s, investigator, it.ID); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
		go func() {
			for range each {
				if err := closeAgain(t.Context(), s, c.ID); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		l.check(<-done)
	}
	log := l.checkSigned(right, c.ID, l.firstKeys()...)
	for i, e := range log[1:] {
		behind := log[i].Entry.At.Time().Sub(e.Entry.At.Time())
		mark := e.Entry.Details["clock"]
		if mark == "" {
			if behind > time.Minute {
				t.Errorf("entry %d is %s behind and not marked", e.Index, behind)
			}
			continue
		}
		// Where others took the place meanwhile, the entry named is an earlier one.
		var seconds, index int64
		if _, err := fmt.Sscanf(mark, "%d behind entry %d", &seconds, &index); err != nil || index >= e.Index {
			t.Fatalf("entry %d is marked %q", e.Index, mark)
		}
		if got := log[index].Entry.At.Time().Sub(e.Entry.At.Time()); int64(got/time.Second) != seconds {
			t.Errorf("entry %d is marked %q, and is %s behind that", e.Index, mark, got)
		}
	}
}
