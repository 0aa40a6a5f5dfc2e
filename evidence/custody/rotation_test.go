package custody_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// rotate rotates the agency's keys.
func (l *lab) rotate() {
	l.keys.log.Rotate()
	l.keys.seal.Rotate()
	l.keys.worker.Rotate()
}

// keyEntries returns the indexes of the key entries of a log.
func keyEntries(log []evidence.LogEntry) (at []int64) {
	for _, e := range log {
		if e.Entry.Act == evidence.ActKey {
			at = append(at, e.Index)
		}
	}
	return at
}

// TestRotation rotates every key of the agency while the service runs: who trusts
// only the first versions can check the log before and after, and the head that a
// disclosure stands on at any time.
func TestRotation(t *testing.T) {
	l := newLab(t)
	w := l.service()
	api := l.apiService(w)
	first := l.firstKeys()
	c := l.openCase(w)
	in := l.openIntake(api, c)
	l.bring(api, in, "before", []byte("before"))
	l.sealAll(w, in)
	heads := []evidence.Disclosure{l.disclose(w, c)}
	l.checkSigned(w, c.ID, first...)

	during, err := w.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	l.check(err)
	l.rotate()
	_, err = w.WriteBundle(t.Context(), worker, during.ID, nil)
	l.check(err)
	_, err = w.FinishDisclosure(t.Context(), worker, during.ID)
	l.check(err)
	heads = append(heads, during)
	l.checkSigned(w, c.ID, first...)

	l.bring(api, in, "after", []byte("after"))
	_, err = api.Checkpoint(t.Context(), investigator, c.ID)
	l.check(err)
	l.sealAll(w, in)
	heads = append(heads, l.disclose(w, c))
	l.rotate() // and again: a chain
	l.bring(api, in, "later", []byte("later"))
	l.sealAll(w, in)
	heads = append(heads, l.disclose(w, c))
	log := l.checkSigned(w, c.ID, first...)
	if got := len(keyEntries(log)); got != 6 {
		t.Errorf("%d key entries, want two of each key", got)
	}
	for _, d := range heads {
		l.checkHead(log[:d.LogSize], c.ID, d.LogSize, first)
		l.checkBundle(w, d, first)
	}

	young := l.openCase(w) // begins after the rotations
	l.checkSigned(w, young.ID, first...)
	if items, err := w.Items(t.Context(), examiner, c.ID, "", 10); err != nil || len(items.Items) != 3 {
		t.Errorf("%+v, %v", items, err)
	} else {
		for _, it := range items.Items {
			if v, err := w.VerifyItem(t.Context(), worker, it.ID, nil); err != nil || !v.OK {
				t.Errorf("%s: %+v, %v", it.Name, v, err)
			}
		}
	}
}

// checkHead checks the signed head that covers these entries with nothing but the
// trusted keys and what the entries themselves introduce.
func (l *lab) checkHead(log []evidence.LogEntry, c evidence.CaseID, size int64, trusted []evidence.PublicKey) {
	l.t.Helper()
	note, err := l.registry.Checkpoint(l.t.Context(), c, size)
	l.check(err)
	cp, _, err := ledger.OpenCheckpoint(note, trustOf(trusted, log).For(attest.RoleLog, size))
	if err != nil || cp.Size != int64(len(log)) {
		l.t.Errorf("the head of %d entries: %v", size, err)
	}
}

// checkBundle verifies a bundle with nothing but the trusted keys.
func (l *lab) checkBundle(s *process, d evidence.Disclosure, trusted []evidence.PublicKey) {
	l.t.Helper()
	body, _, err := openBundle(l.t.Context(), s, prosecutor, d.ID, 0, -1)
	data := readAll(l.t, body, err)
	report, err := bundle.Verify(l.t.Context(), bytes.NewReader(data), int64(len(data)), trusted, bundle.Options{})
	l.check(err)
	if report.Outcome != bundle.OK {
		l.t.Errorf("the bundle that stands on %d entries: %s %+v", d.LogSize, report.Outcome, report.Problems)
	}
}

// TestRotationWithoutSteward: after a rotation an API that can reach no worker
// signs heads with the old version, which can still sign; the log goes on.
func TestRotationWithoutSteward(t *testing.T) {
	l := newLab(t)
	w := l.service()
	first := l.firstKeys()
	c := l.openCase(w)
	sub := *l
	sub.config.Worker, sub.config.WorkerKeys = nil, l.keys.worker
	sub.config.Steward = func(context.Context, evidence.CaseID, evidence.PersonID) error {
		return evidence.WrapError(evidence.Unavailable, errors.New("a test"), "nobody answers")
	}
	api := sub.service()
	l.rotate()
	l.openIntake(api, c)
	note, err := api.Checkpoint(t.Context(), investigator, c.ID)
	l.check(err)
	cp, by, err := ledger.OpenCheckpoint(note, first)
	if err != nil || len(by) != 1 || by[0].Name != origin+"/log/v1" {
		t.Errorf("the head is signed by %v, %v", by, err)
	}
	if log := l.log(w, c.ID); int64(len(log)) != cp.Size || len(keyEntries(log)) != 0 {
		t.Errorf("the head covers %d of %d entries", cp.Size, len(log))
	}
	l.check(w.RecordRoster(t.Context(), worker, c.ID, "")) // the worker is back
	if log := l.checkSigned(api, c.ID, first...); len(keyEntries(log)) != 3 {
		t.Errorf("%d key entries", len(keyEntries(log)))
	}
}

// TestTwoWorkersMeetARotation: both introduce the new keys, and they are there
// once.
func TestTwoWorkersMeetARotation(t *testing.T) {
	l := newLab(t)
	services := []*process{l.service(), l.service()}
	first := l.firstKeys()
	c := l.openCase(services[0])
	l.checkLog(services[1], c.ID)
	l.rotate()
	done := make(chan error, 16)
	for i := range 16 {
		go func() {
			_, err := services[i%2].Append(t.Context(), entriesOf(c.ID, 5)...)
			if err == nil {
				_, err = services[i%2].Checkpoint(t.Context(), worker, c.ID)
			}
			done <- err
		}()
	}
	for range 16 {
		l.check(<-done)
	}
	log := l.checkSigned(services[0], c.ID, first...)
	if got := keyEntries(log); len(got) != 3 || len(log) < 80 {
		t.Errorf("key entries at %v of %d", got, len(log))
	}
}

// TestPersonsKeyIsRotated: the old version introduces the new one before it
// signs.
func TestPersonsKeyIsRotated(t *testing.T) {
	l := newLab(t)
	w := l.service()
	api := l.apiService(w)
	key := ledger.NewLocalKey(origin+"/person/p-rotating", [32]byte{42})
	rotating := person("p-rotating", evidence.Investigator)
	rotating.Signer = key
	l.people.set(rotating.ID, key)
	c := l.openCase(w, rotating)
	in := l.openIntake(api, c)
	it := l.bring(api, in, "x", []byte("x"))
	l.check(look(t.Context(), api, rotating, it.ID))
	key.Rotate()
	key.Rotate()
	unable := rotating
	unable.Signer = plain{key}
	wantCode(t, look(t.Context(), api, unable, it.ID), evidence.Forbidden)
	l.check(look(t.Context(), api, rotating, it.ID))
	l.check(look(t.Context(), api, rotating, it.ID))
	err := addMember(t.Context(), api, rotating, c.ID, stranger.Person)
	wantCode(t, err, evidence.Forbidden) // its second half needs a worker
	err = addMember(t.Context(), w, rotating, c.ID, stranger.Person)
	l.check(err)
	log := l.checkSigned(w, c.ID, l.firstKeys()...)
	if got := keyEntries(log); len(got) != 2 || log[got[0]].Entry.Actor.ID != rotating.ID {
		t.Errorf("key entries at %v", got)
	}
	young := l.openCase(w, rotating) // where nothing needs to be introduced
	err = addMember(t.Context(), w, rotating, young.ID, stranger.Person)
	l.check(err)
	l.checkSigned(w, young.ID, l.firstKeys()...)
}

// plain is a signer that cannot sign with an older version.
type plain struct{ evidence.Signer }
