package custody_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/rooms"
)

// viewed returns an entry to append.
func verifiedEntry(c evidence.CaseID) evidence.Entry {
	id, err := evidence.NewID[evidence.EntryID](rand.Reader)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	e, err := evidence.NewEntry(id, c, evidence.ActVerified, evidence.At(time.Now()), worker, rand.Reader)
	if err != nil {
		panic(err)
	}
	return e
}

// checkLog reads the whole log, computes its root from raw bytes, and compares
// it with the checkpoint; it fails on any entry that is there twice.
func (l *lab) checkLog(s *process, c evidence.CaseID) int64 {
	l.t.Helper()
	note, err := s.Checkpoint(l.t.Context(), worker, c)
	l.check(err)
	keys, err := s.Keys(l.t.Context())
	l.check(err)
	cp, _, err := ledger.OpenCheckpoint(note, keys)
	l.check(err)
	var tree ledger.Tree
	seen := map[evidence.EntryID]bool{}
	for i, e := range l.log(s, c) {
		if e.Index != int64(i) {
			l.t.Fatalf("entry %d has index %d", i, e.Index)
		}
		if seen[e.Entry.ID] {
			l.t.Errorf("entry %s is there twice", e.Entry.ID)
		}
		seen[e.Entry.ID] = true
		tree.Append(ledger.LeafHash(e.Raw))
	}
	want := ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, c), Size: tree.Size(), Root: tree.Root()}
	if cp != want {
		l.t.Errorf("checkpoint %+v, want %+v", cp, want)
	}
	return cp.Size
}

func TestEightWritersOnTwoServices(t *testing.T) {
	l := newLab(t)
	one, two := l.service(), l.service()
	c := l.openCase(one)
	const each = 60
	before := l.checkLog(two, c.ID)
	group, ctx := errgroup.WithContext(t.Context())
	shared := verifiedEntry(c.ID)
	for w := range 8 {
		s := []*process{one, two}[w%2]
		group.Go(func() error {
			for i := range each {
				list := []evidence.Entry{verifiedEntry(c.ID)}
				if i%10 == 0 { // all of them retry this one, again and again
					list = append(list, shared)
				}
				recorded, err := s.Append(ctx, list...)
				if err != nil {
					return err
				}
				if recorded[0].Entry.ID != list[0].ID {
					return fmt.Errorf("recorded %s, got %s", list[0].ID, recorded[0].Entry.ID)
				}
			}
			return nil
		})
	}
	l.check(group.Wait())
	want := before + 8*each + 1
	for name, s := range map[string]*process{"one": one, "two": two, "a new one": l.service()} {
		if got := l.checkLog(s, c.ID); got != want {
			t.Errorf("service %s has %d entries, want %d", name, got, want)
		}
	}
}

const appenderVariable = "SEALCASE_TEST_APPENDER"

// runAppender is what the second process of TestTwoProcesses does.
func runAppender(spec string) error {
	parts := strings.Split(spec, " ")
	r, err := registry.Open(context.Background(), registry.Config{URI: parts[0], Database: parts[1]})
	if err != nil {
		return err
	}
	signer := ledger.NewLocalSigner(origin+"/log/v1", [32]byte{1})
	s, err := newProcess(rooms.Config{
		Registry: r, Objects: noObjects{}, Log: signer, SealKey: signer, Origin: origin, Logger: slog.New(slog.DiscardHandler),
		Worker: ledger.NewLocalSigner(origin+"/worker/v1", [32]byte{3}), Directory: &directory{},
	})
	if err != nil {
		return err
	}
	for range 150 {
		if _, err := s.Append(context.Background(), verifiedEntry(evidence.CaseID(parts[2]))); err != nil {
			return err
		}
	}
	return s.Close(context.Background())
}

// noObjects is the object store of a process that only appends.
type noObjects struct{ rooms.Objects }

func TestTwoProcessesAppendToOneLog(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	before := l.checkLog(s, c.ID)
	group, ctx := errgroup.WithContext(t.Context())
	for range 2 {
		group.Go(func() error {
			cmd := exec.CommandContext(ctx, os.Args[0])
			cmd.Env = append(os.Environ(), appenderVariable+"="+strings.Join([]string{l.uri, l.database, string(c.ID)}, " "))
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		})
	}
	for range 50 {
		_, err := s.Append(t.Context(), verifiedEntry(c.ID))
		l.check(err)
	}
	l.check(group.Wait())
	if got, want := l.checkLog(s, c.ID), before+350; got != want {
		t.Errorf("%d entries, want %d", got, want)
	}
}

func TestALogThatWasRewrittenOrRolledBackIsNotUsed(t *testing.T) {
	for _, tc := range []struct {
		name   string
		tamper func(*lab, evidence.CaseID)
	}{
		{"the last entry removed", func(l *lab, c evidence.CaseID) { l.deleteEntry(c, 299) }},
		{"an entry replaced", func(l *lab, c evidence.CaseID) {
			l.deleteEntry(c, 280)
			e := verifiedEntry(c)
			_, err := l.registry.AddEntries(l.t.Context(), c, []evidence.LogEntry{{Index: 280, Raw: canonical(l.t, e), Entry: e}})
			l.check(err)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			s := l.service()
			c := l.openCase(s)
			list := make([]evidence.Entry, 300-len(l.log(s, c.ID)))
			for i := range list {
				list[i] = verifiedEntry(c.ID)
			}
			_, err := s.Append(t.Context(), list...)
			l.check(err)
			_, err = s.Checkpoint(t.Context(), investigator, c.ID)
			l.check(err)
			tc.tamper(l, c.ID)
			fresh := l.service()
			_, err = fresh.Append(t.Context(), verifiedEntry(c.ID))
			wantCode(t, err, evidence.Tampered)
			_, err = fresh.Checkpoint(t.Context(), investigator, c.ID)
			wantCode(t, err, evidence.Tampered)
		})
	}
}

// TestNobodyElseSignsHeads: who can write to the registry can put a head there
// that only looks like one. Nothing is built on it.
func TestNobodyElseSignsHeads(t *testing.T) {
	forge := func(l *lab, s *process, c evidence.CaseID, more ...evidence.Entry) {
		l.t.Helper()
		var tree ledger.Tree
		for _, e := range l.log(s, c) {
			tree.Append(ledger.LeafHash(e.Raw))
		}
		for _, e := range more {
			tree.Append(ledger.LeafHash(canonical(l.t, e)))
		}
		cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, c), Size: tree.Size(), Root: tree.Root()}
		for _, seed := range []byte{2, 9} { // the key of seals, and a stranger's
			note, err := ledger.SignCheckpoint(l.t.Context(), cp, ledger.NewLocalSigner(origin+"/log/v1", [32]byte{seed}))
			l.check(err)
			l.check(l.registry.AddCheckpoint(l.t.Context(), c, cp.Size, note))
		}
	}
	for _, tc := range []struct {
		name   string
		tamper func(*lab, *process, evidence.CaseID) *process
	}{
		{"before a process starts", func(l *lab, s *process, c evidence.CaseID) *process {
			forge(l, s, c)
			return l.service()
		}},
		{"ahead of a running process", func(l *lab, s *process, c evidence.CaseID) *process {
			next := verifiedEntry(c)
			forge(l, s, c, next)
			_, err := s.Append(l.t.Context(), next)
			l.check(err)
			return s
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			l.config.CheckpointDelay = time.Hour
			s := l.service()
			c := l.openCase(s)
			s = tc.tamper(l, s, c.ID)
			_, err := s.Checkpoint(t.Context(), investigator, c.ID)
			wantCode(t, err, evidence.Tampered)
			_, err = s.Append(t.Context(), verifiedEntry(c.ID))
			wantCode(t, err, evidence.Tampered)
		})
	}
}

// TestChangedEntriesAreNotShown rewrites entries under a running process, in a
// full tile and in the last one.
func TestChangedEntriesAreNotShown(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	list := make([]evidence.Entry, 300-len(l.log(s, c.ID)))
	for i := range list {
		list[i] = verifiedEntry(c.ID)
	}
	_, err := s.Append(t.Context(), list...)
	l.check(err)
	for _, index := range []int64{7, 299} {
		l.deleteEntry(c.ID, index)
		e := verifiedEntry(c.ID)
		_, err := l.registry.AddEntries(t.Context(), c.ID, []evidence.LogEntry{{Index: index, Raw: canonical(t, e), Entry: e}})
		l.check(err)
		_, _, err = s.LogPage(t.Context(), investigator, c.ID, index, 1)
		wantCode(t, err, evidence.Tampered)
	}
	_, _, err = l.service().LogPage(t.Context(), investigator, c.ID, 0, 10) // it knows the full tile by its root
	wantCode(t, err, evidence.Tampered)
}

// TestChangedEntriesOfAnItemAreNotShown rewrites the receipt of an item, in a tile
// that is full and in the last one.
func TestChangedEntriesOfAnItemAreNotShown(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	early := l.bring(s, in, "early", []byte("early"))
	_, err := s.Append(t.Context(), entriesOf(c.ID, 260)...)
	l.check(err)
	late := l.bring(s, in, "late", []byte("late"))
	for _, it := range []evidence.Item{early, late} {
		list, err := s.ItemLog(t.Context(), investigator, it.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d entries, %v", len(list), err)
		}
		forged := list[0]
		forged.Entry.Authority = "another warrant"
		forged.Raw = canonical(t, forged.Entry)
		l.deleteEntry(c.ID, forged.Index)
		_, err = l.registry.AddEntries(t.Context(), c.ID, []evidence.LogEntry{forged})
		l.check(err)
		for name, s := range map[string]*process{"the running process": s, "a new one": l.service()} {
			_, err = s.ItemLog(t.Context(), investigator, it.ID)
			if it.ID == late.ID && name == "a new one" {
				continue // it has no earlier knowledge of a tile without a signed head
			}
			wantCode(t, err, evidence.Tampered)
		}
		v, err := s.VerifyItem(t.Context(), worker, it.ID, nil)
		if err != nil || v.OK {
			t.Errorf("verified %+v, %v", v, err)
		}
	}
}

func TestWatchShowsEntriesOfOtherProcesses(t *testing.T) {
	l := newLab(t)
	here, there := l.service(), l.service()
	c := l.openCase(here)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	seq, err := here.Watch(ctx, investigator, c.ID, 0)
	l.check(err)
	var late evidence.EntryID
	next := int64(1)
	for e, err := range seq {
		l.check(err)
		if e.Index != next {
			t.Fatalf("index %d, want %d", e.Index, next)
		}
		next++
		if e.Entry.ID == late {
			return
		}
		if next == 3 { // the two members; now another process adds one
			entry := verifiedEntry(c.ID)
			late = entry.ID
			_, err := there.Append(t.Context(), entry)
			l.check(err)
		}
	}
	t.Error("the entry of the other process did not show")
}
