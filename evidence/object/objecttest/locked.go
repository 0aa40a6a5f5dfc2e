package objecttest

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
)

// atLeast fails the test when the lock is weaker than wanted.
func atLeast(t *testing.T, got, want evidence.Lock) {
	t.Helper()
	if got.Until.Time().Before(want.Until.Time()) || got.Until.Time().After(want.Until.Time().Add(time.Second)) || got.Hold != want.Hold {
		t.Errorf("locked until %s, hold %v; told until %s, hold %v", got.Until, got.Hold, want.Until, want.Hold)
	}
}

func (s suite) bornLocked(t *testing.T) {
	for _, hold := range []bool{false, true} {
		t.Run(fmt.Sprintf("hold %v", hold), func(t *testing.T) {
			lock, body := shortly(), []byte("locked")
			lock.Hold = hold
			stored := s.put(t, s.locked(t), body, lock)
			atLeast(t, stored.Lock, lock)
			if stored.Ref.Version == "" {
				t.Fatal("no version")
			}
			s.holds(t, stored.Ref, body)
			newest := stored.Ref
			newest.Version = ""
			again, err := s.store.Stat(t.Context(), newest)
			if err != nil {
				t.Fatal(err)
			}
			if again.Ref != stored.Ref {
				t.Errorf("the newest version is %v, not %v", again.Ref, stored.Ref)
			}
			atLeast(t, again.Lock, lock)
		})
	}
}

// versions writes under one key again: both versions stay, each by its name.
func (s suite) versions(t *testing.T) {
	to := s.locked(t)
	first := s.put(t, to, []byte("first"), shortly())
	second := s.put(t, to, []byte("second, longer"), shortly())
	if first.Ref.Version == second.Ref.Version {
		t.Fatal("two versions have one name")
	}
	s.holds(t, first.Ref, []byte("first"))
	s.holds(t, second.Ref, []byte("second, longer"))

	unknown := first.Ref
	unknown.Version = "00000000-0000-4000-8000-000000000000"
	_, err := s.store.Stat(t.Context(), unknown)
	fails(t, err, evidence.NotFound)
	_, err = s.store.Open(t.Context(), unknown, 0, -1)
	fails(t, err, evidence.NotFound)
}

func (s suite) multipartBornLocked(t *testing.T) {
	ctx, to, body := t.Context(), s.locked(t), random(t, partLength+1)
	lock := shortly()
	lock.Hold = true
	multipart, err := s.store.Begin(ctx, to, "", lock)
	if err != nil {
		t.Fatal(err)
	}
	var parts []evidence.Part
	for number, piece := range [][]byte{body[:partLength], body[partLength:]} {
		part, err := s.store.PutPart(ctx, to, multipart, number+1, piece)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	for range 2 {
		stored, err := s.store.Complete(ctx, to, multipart, parts)
		if err != nil {
			t.Fatal(err)
		}
		atLeast(t, stored.Lock, lock)
		s.holds(t, stored.Ref, body)
	}
}

func (s suite) extend(t *testing.T) {
	ctx, lock := t.Context(), shortly()
	ref := s.put(t, s.locked(t), []byte("kept longer"), lock).Ref
	later := evidence.At(lock.Until.Time().Add(1500 * time.Millisecond))
	for _, until := range []evidence.Instant{later, later, lock.Until} {
		if err := s.store.Extend(ctx, ref, until); err != nil {
			t.Fatal(err)
		}
		stored, err := s.store.Stat(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		atLeast(t, stored.Lock, evidence.Lock{Until: later})
	}
	absent := s.locked(t)
	absent.Version = "00000000-0000-4000-8000-000000000000"
	fails(t, s.store.Extend(ctx, absent, later), evidence.NotFound)
}

func (s suite) lockedRefusals(t *testing.T) {
	ctx, to := t.Context(), s.locked(t)
	_, err := s.store.Put(ctx, to, []byte("unlocked"), "", evidence.Lock{})
	fails(t, err, evidence.Invalid)
	_, err = s.store.Begin(ctx, to, "", evidence.Lock{Hold: true})
	fails(t, err, evidence.Invalid)
	_, err = s.store.Put(ctx, to, []byte("past"), "", evidence.Lock{Until: evidence.At(time.Now().Add(-time.Hour))})
	fails(t, err, evidence.Invalid)
	_, err = s.store.Open(ctx, to, 0, -1)
	fails(t, err, evidence.Invalid)
	ref := s.put(t, to, []byte("stays"), shortly()).Ref
	fails(t, s.store.Remove(ctx, ref), evidence.Forbidden)
	fails(t, s.store.Extend(ctx, to, shortly().Until), evidence.Invalid)
	fails(t, s.store.Extend(ctx, ref, evidence.Instant{}), evidence.Invalid)
	s.holds(t, ref, []byte("stays"))
}

// sideBySide writes to one key and extends one lock from several at once.
func (s suite) sideBySide(t *testing.T) {
	const writers = 8
	to := s.locked(t)
	stored := make([]evidence.Stored, writers)
	var writing errgroup.Group
	for i := range writers {
		writing.Go(func() (err error) {
			stored[i], err = s.store.Put(t.Context(), to, fmt.Appendf(nil, "writer %d", i), "", shortly())
			return err
		})
	}
	if err := writing.Wait(); err != nil {
		t.Fatal(err)
	}
	versions := map[string]bool{}
	for i, st := range stored {
		s.holds(t, st.Ref, fmt.Appendf(nil, "writer %d", i))
		versions[st.Ref.Version] = true
	}
	if len(versions) != writers {
		t.Errorf("%d writers made %d versions", writers, len(versions))
	}

	longest := evidence.At(time.Now().Add(time.Minute))
	var extending errgroup.Group
	for i := range writers {
		extending.Go(func() error {
			return s.store.Extend(t.Context(), stored[0].Ref, evidence.At(longest.Time().Add(-time.Duration(i)*time.Second)))
		})
	}
	if err := extending.Wait(); err != nil {
		t.Fatal(err)
	}
	st, err := s.store.Stat(t.Context(), stored[0].Ref)
	if err != nil {
		t.Fatal(err)
	}
	atLeast(t, st.Lock, evidence.Lock{Until: longest})
}
