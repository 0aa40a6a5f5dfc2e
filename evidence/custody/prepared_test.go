package custody_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/custody"
)

// resign changes what somebody signed, and signs it again.
func resign(t *testing.T, raw []byte, signer evidence.Signer, change func(*evidence.Entry)) []byte {
	t.Helper()
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		t.Fatal(err)
	}
	e.Signature = nil
	change(&e)
	again, err := attest.Sign(t.Context(), signer, &e)
	if err != nil {
		t.Fatal(err)
	}
	return again[0]
}

// TestPreparedActsAreChecked: what comes out of a workflow is believed only as far
// as the person who is named signed it.
func TestPreparedActsAreChecked(t *testing.T) {
	l := newLab(t)
	s := l.service()
	o := custody.Opening{ID: newID[evidence.CaseID](t), Title: "A case", Summary: "In short", TimeZone: "UTC", Members: []evidence.Person{examiner.Person}}
	signed, err := s.PrepareOpening(t.Context(), investigator, o)
	l.check(err)
	if len(signed) != 2 {
		t.Fatalf("%d acts are signed", len(signed))
	}
	opened := func(signer evidence.Signer, change func(*evidence.Entry)) [][]byte {
		return [][]byte{resign(t, signed[0], signer, change), signed[1]}
	}
	other := o
	other.Title = "Another case"
	for _, tc := range []struct {
		name   string
		actor  evidence.Actor
		o      custody.Opening
		signed [][]byte
		want   evidence.Code
	}{
		{"nothing signed", investigator, o, nil, evidence.Invalid},
		{"one act missing", investigator, o, signed[:1], evidence.Invalid},
		{"one act more", investigator, o, append(signed[:2:2], signed[1]), evidence.Invalid},
		{"in another order", investigator, o, [][]byte{signed[1], signed[0]}, evidence.Invalid},
		{"another title", investigator, other, signed, evidence.Invalid},
		{"by another", stranger, o, signed, evidence.Invalid},
		{"another number", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.Details["number"] = "2026-9999" }), evidence.Invalid},
		{"more details", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.Details["more"] = "x" }), evidence.Invalid},
		{"another identifier", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.ID = newID[evidence.EntryID](t) }), evidence.Invalid},
		{"from elsewhere", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.Actor.From = "198.51.100.1" }), evidence.Invalid},
		{"as the program", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.Actor.Service = true }), evidence.Invalid},
		{"next week", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.At = evidence.At(time.Now().AddDate(0, 0, 7)) }), evidence.Invalid},
		{"last year", investigator, o, opened(investigator.Signer, func(e *evidence.Entry) { e.At = evidence.At(time.Now().AddDate(-1, 0, 0)) }), evidence.Invalid},
		{"by the worker's key", investigator, o, opened(l.keys.worker, func(*evidence.Entry) {}), evidence.UntrustedKey},
		{"by another person's key", investigator, o, opened(examiner.Signer, func(*evidence.Entry) {}), evidence.UntrustedKey},
		{"no JSON", investigator, o, [][]byte{[]byte("x"), signed[1]}, evidence.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := s.RecordOpening(t.Context(), traveled(tc.actor), tc.o, tc.signed)
			wantCode(t, err, tc.want)
		})
	}
	if size := len(l.log(s, o.ID)); size != 0 {
		t.Errorf("%d entries were recorded", size)
	}
	for range 2 { // a retried activity
		c, err := s.RecordOpening(t.Context(), traveled(investigator), o, signed)
		if err != nil || c.Title != o.Title || c.Summary != o.Summary || c.Version != 1 {
			t.Errorf("%+v, %v", c, err)
		}
	}
	log := l.checkSigned(s, o.ID, l.firstKeys()...)
	if len(log) != 3 || !bytes.Equal(log[1].Raw, signed[0]) || !bytes.Equal(log[2].Raw, signed[1]) {
		t.Errorf("%d entries, and they are not what was signed", len(log))
	}
}

// TestTransitionsRace: two people move the case at once. One does; the other hears
// that it moved on, and what the one signed is on record.
func TestTransitionsRace(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	first, err := s.PrepareTransition(t.Context(), investigator, c.ID, evidence.StateOpen, "one")
	l.check(err)
	second, err := s.PrepareTransition(t.Context(), prosecutor, c.ID, evidence.StateClosed, "two")
	l.check(err)
	_, err = s.RecordTransition(t.Context(), traveled(investigator), c.ID, evidence.StateIntake, evidence.StateClosed, "one", first)
	wantCode(t, err, evidence.Invalid) // not what was signed
	_, err = s.RecordTransition(t.Context(), traveled(investigator), c.ID, evidence.StateIntake, evidence.StateOpen, "one", first)
	l.check(err)
	_, err = s.RecordTransition(t.Context(), traveled(prosecutor), c.ID, evidence.StateIntake, evidence.StateClosed, "two", second)
	wantCode(t, err, evidence.Conflict)
	now, err := s.Case(t.Context(), investigator, c.ID)
	if err != nil || now.State != evidence.StateOpen || now.Version != 2 || l.acts(s, c.ID)[evidence.ActTransitioned] != 1 {
		t.Errorf("%+v, %v", now, err)
	}
}

// TestTransitionCutOff: the entry was recorded, and the process died before it
// made the case's next version.
func TestTransitionCutOff(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	mine, err := s.PrepareTransition(t.Context(), investigator, c.ID, evidence.StateOpen, "one")
	l.check(err)
	theirs, err := s.PrepareTransition(t.Context(), prosecutor, c.ID, evidence.StateClosed, "two")
	l.check(err)
	_, err = s.RecordSigned(t.Context(), mine[0])
	l.check(err)
	_, err = s.RecordTransition(t.Context(), traveled(prosecutor), c.ID, evidence.StateIntake, evidence.StateClosed, "two", theirs)
	wantCode(t, err, evidence.Conflict)
	for range 2 {
		got, err := s.RecordTransition(t.Context(), traveled(investigator), c.ID, evidence.StateIntake, evidence.StateOpen, "one", mine)
		if err != nil || got.State != evidence.StateOpen || got.Version != 2 || got.By != investigator.ID {
			t.Errorf("%+v, %v", got, err)
		}
	}
}
