package custody_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// inMirror returns the entries that the mirror has of a log, and whatever is
// odd there.
func (l *lab) inMirror(c evidence.CaseID) (list []evidence.LogEntry, odd []mirror.Oddity) {
	l.t.Helper()
	for e, err := range l.mirror.Log(c, func(o mirror.Oddity) { odd = append(odd, o) }).Entries(l.t.Context()) {
		l.check(err)
		list = append(list, e)
	}
	return list, odd
}

// wantMirrored fails the test unless the mirror has the log as the registry has
// it, and a head at its end.
func (l *lab) wantMirrored(s *process, c evidence.CaseID) {
	l.t.Helper()
	want := l.log(s, c)
	got, odd := l.inMirror(c)
	if diff := cmp.Diff(want, got); diff != "" || len(odd) != 0 {
		l.t.Errorf("the mirror (-registry +mirror):\n%s\nodd: %v", diff, odd)
	}
	heads, err := l.mirror.Heads(l.t.Context(), c, 0, 1)
	l.check(err)
	if len(heads) == 0 || heads[0].Size != int64(len(want)) || len(heads) > 2 { // signed twice at once, perhaps
		l.t.Errorf("heads %v, want one of %d entries", heads, len(want))
	}
}

func TestMirrorFollows(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	for i := range 3 {
		l.bring(s, in, evidence.FileName(fmt.Sprint(i)), []byte{byte(i)})
		_, err := s.Checkpoint(t.Context(), worker, c.ID)
		l.check(err)
		l.mirrored(s)
		l.wantMirrored(s, c.ID)
	}
	_, err := s.Append(t.Context(), entriesOf(c.ID, 600)...) // more than two tiles
	l.check(err)
	_, err = s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	l.mirrored(s)
	l.wantMirrored(s, c.ID)
}

// away is a mirror that cannot be reached while it is out.
type away struct {
	*mirror.Mirror
	out atomic.Bool
}

func (a *away) fails() error {
	if a.out.Load() {
		return evidence.Errorf(evidence.Unavailable, "the object store does not answer")
	}
	return nil
}

func (a *away) AddEntries(ctx context.Context, c evidence.CaseID, from int64, raw [][]byte) error {
	if err := a.fails(); err != nil {
		return err
	}
	return a.Mirror.AddEntries(ctx, c, from, raw)
}

func (a *away) Heads(ctx context.Context, c evidence.CaseID, size int64, most int) ([]mirror.Note, error) {
	if err := a.fails(); err != nil {
		return nil, err
	}
	return a.Mirror.Heads(ctx, c, size, most)
}

// TestMirrorAway: while the mirror cannot be reached acts go on and the lag
// shows; then it is caught up.
func TestMirrorAway(t *testing.T) {
	l := newLab(t)
	lagging := &away{Mirror: l.mirror}
	l.config.Mirror, l.config.CheckpointDelay = lagging, 20*time.Millisecond
	s := l.service()
	lagging.out.Store(true)
	c := l.openCase(s)
	l.openIntake(s, c)
	_, err := s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	var status logbook.MirrorStatus
	for deadline := time.Now().Add(10 * time.Second); status.Failure == "" && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		status = s.MirrorStatus()
	}
	if status.Waiting == 0 || status.Since.IsZero() || status.Failure != "the object store does not answer" {
		t.Errorf("status %+v", status)
	}
	lagging.out.Store(false)
	l.mirrored(s)
	l.wantMirrored(s, c.ID)
	if status := s.MirrorStatus(); status != (logbook.MirrorStatus{}) {
		t.Errorf("status %+v", status)
	}
}

// TestMirrorAfterARestart: a process ends before it mirrored what it signed; the
// next one that looks at the log does.
func TestMirrorAfterARestart(t *testing.T) {
	l := newLab(t)
	lagging := &away{Mirror: l.mirror}
	l.config.Mirror = lagging
	lagging.out.Store(true)
	s := l.service()
	c := l.openCase(s)
	_, err := s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)

	l.config.Mirror = l.mirror
	next := l.service()
	want := l.log(next, c.ID)
	l.mirrored(next)
	l.wantMirrored(next, c.ID)
	if len(want) == 0 {
		t.Error("nothing was on record")
	}
}

// TestMirrorLogs: a process ends before it signed, or mirrored, what it appended;
// another one does, which nobody tells of that case.
func TestMirrorLogs(t *testing.T) {
	for name, leave := range map[string]func(l *lab, s *process, c evidence.CaseID){
		"appended": func(*lab, *process, evidence.CaseID) {},
		"signed": func(l *lab, s *process, c evidence.CaseID) {
			_, err := s.Checkpoint(t.Context(), worker, c)
			l.check(err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			lagging := &away{Mirror: l.mirror}
			l.config.Mirror, l.config.CheckpointDelay = lagging, time.Hour // as long as it lives nothing is done
			lagging.out.Store(true)
			s := l.service()
			c := l.openCase(s)
			leave(l, s, c.ID)
			if got, _ := l.inMirror(c.ID); len(got) > 0 {
				t.Fatalf("the mirror has %d entries already", len(got))
			}
			l.config.Mirror = l.mirror
			next := l.service()
			behind, err := next.MirrorLogs(t.Context(), worker)
			l.check(err)
			if behind < 1 {
				t.Errorf("%d logs were behind", behind)
			}
			l.wantMirrored(next, c.ID)
			if behind, err := next.MirrorLogs(t.Context(), worker); err != nil || behind != 0 {
				t.Errorf("afterwards %d are behind, %v", behind, err)
			}
			_, err = next.MirrorLogs(t.Context(), examiner)
			wantCode(t, err, evidence.Forbidden)
		})
	}
}

func TestSeveralMirrorOneLog(t *testing.T) {
	l := newLab(t)
	l.config.CheckpointDelay = 20 * time.Millisecond
	services := []*process{l.service(), l.service(), l.service()}
	c := l.openCase(services[0])
	var wg sync.WaitGroup
	for _, s := range services {
		wg.Go(func() {
			for range 5 {
				if _, err := s.Append(t.Context(), entriesOf(c.ID, 7)...); err != nil {
					t.Error(err)
				}
				time.Sleep(30 * time.Millisecond)
			}
		})
	}
	wg.Wait()
	for _, s := range services {
		_, err := s.Checkpoint(t.Context(), worker, c.ID)
		l.check(err)
		l.mirrored(s)
	}
	l.wantMirrored(services[0], c.ID)
}

// TestMirrorIsHeldAgainstTheRegistry: somebody deletes the last entries of a log
// together with every head and tile that covers them; a new process sees it.
func TestMirrorIsHeldAgainstTheRegistry(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	_, err := s.Append(t.Context(), entriesOf(c.ID, 10)...)
	l.check(err)
	_, err = s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	l.mirrored(s)
	size := len(l.log(s, c.ID))
	for i := size - 4; i < size; i++ {
		l.deleteEntry(c.ID, int64(i))
	}
	_, err = l.admins().Collection("checkpoints").DeleteMany(t.Context(), bson.D{})
	l.check(err)
	_, _, err = l.service().LogPage(t.Context(), worker, c.ID, 0, 10)
	wantCode(t, err, evidence.Tampered)

	l.config.Mirror = &away{Mirror: l.mirror} // while it cannot be read, work goes on: the audit compares too
	l.config.Mirror.(*away).out.Store(true)
	_, _, err = l.service().LogPage(t.Context(), worker, c.ID, 0, 10)
	l.check(err)
}

func TestCatchUp(t *testing.T) {
	l := newLab(t)
	lagging := &away{Mirror: l.mirror}
	l.config.Mirror, l.config.CheckpointDelay = lagging, time.Hour
	s := l.service()
	c := l.openCase(s)
	lagging.out.Store(true)
	_, err := s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	wantCode(t, s.CatchUp(t.Context(), worker, c.ID), evidence.Unavailable)
	lagging.out.Store(false)
	l.check(s.CatchUp(t.Context(), worker, c.ID))
	l.wantMirrored(s, c.ID)
	wantCode(t, s.CatchUp(t.Context(), investigator, c.ID), evidence.Forbidden)
}
