package custody_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/state"
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

// TestSignedActsAreChecked: what comes out of a workflow is believed only as far as
// the person who is named signed it.
func TestSignedActsAreChecked(t *testing.T) {
	l := newLab(t)
	s := l.service()
	o := custody.Opening{ID: newID[evidence.CaseID](t), Title: "A case", Summary: "In short", TimeZone: "UTC", Members: []evidence.Person{examiner.Person}}
	signed, err := s.SignOpening(t.Context(), investigator, o)
	l.check(err)
	if len(signed) != 2 {
		t.Fatalf("%d acts are signed", len(signed))
	}
	opened := func(signer evidence.Signer, change func(*evidence.Entry)) [][]byte {
		return [][]byte{resign(t, signed[0], signer, change), signed[1]}
	}
	for _, tc := range []struct {
		name   string
		signed [][]byte
		want   evidence.Code
	}{
		{"nothing signed", nil, evidence.Invalid},
		{"another number", opened(investigator.Signer, func(e *evidence.Entry) { e.Details["number"] = "2026-9999" }), evidence.Invalid},
		{"no title", opened(investigator.Signer, func(e *evidence.Entry) { e.Details["title"] = " " }), evidence.Invalid},
		{"more details", opened(investigator.Signer, func(e *evidence.Entry) { e.Details["more"] = "x" }), evidence.Invalid},
		{"another identifier", opened(investigator.Signer, func(e *evidence.Entry) { e.ID = newID[evidence.EntryID](t) }), evidence.Invalid},
		{"as the program", opened(investigator.Signer, func(e *evidence.Entry) { e.Actor.Service = true }), evidence.Invalid},
		{"an act of the machine", opened(investigator.Signer, func(e *evidence.Entry) { e.Act = evidence.ActSealed }), evidence.Invalid},
		{"an act of the register", opened(investigator.Signer, func(e *evidence.Entry) { e.Act = evidence.ActAcknowledged }), evidence.Invalid},
		{"an act that is not known", opened(investigator.Signer, func(e *evidence.Entry) { e.Act = "pardoned" }), evidence.Invalid},
		{"next week", opened(investigator.Signer, func(e *evidence.Entry) { e.At = evidence.At(time.Now().AddDate(0, 0, 7)) }), evidence.Invalid},
		{"last year", opened(investigator.Signer, func(e *evidence.Entry) { e.At = evidence.At(time.Now().AddDate(-1, 0, 0)) }), evidence.Invalid},
		{"by the worker's key", opened(l.keys.worker, func(*evidence.Entry) {}), evidence.UntrustedKey},
		{"by another person's key", opened(examiner.Signer, func(*evidence.Entry) {}), evidence.UntrustedKey},
		{"two people's", [][]byte{signed[0], resign(t, signed[1], stranger.Signer, func(e *evidence.Entry) { e.Actor.ID = stranger.ID })}, evidence.Invalid},
		{"of another case", opened(investigator.Signer, func(e *evidence.Entry) { e.Case = newID[evidence.CaseID](t) }), evidence.Invalid},
		{"no JSON", [][]byte{[]byte("x"), signed[1]}, evidence.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := s.Record(t.Context(), worker, o.ID, tc.signed)
			wantCode(t, err, tc.want)
		})
	}
	_, err = s.Record(t.Context(), investigator, o.ID, signed)
	wantCode(t, err, evidence.Forbidden)
	if size := len(l.logOf(o.ID)); size != 0 {
		t.Errorf("%d entries were recorded", size)
	}
	for range 2 { // a retried activity
		done, err := s.Record(t.Context(), worker, o.ID, signed)
		if c := done.Case; err != nil || c.Title != o.Title || c.Summary != o.Summary || c.Version != 1 {
			t.Errorf("%+v, %v", c, err)
		}
	}
	log := l.checkSigned(s, o.ID, l.firstKeys()...)
	if len(log) != 3 || !bytes.Equal(log[1].Raw, signed[0]) || !bytes.Equal(log[2].Raw, signed[1]) {
		t.Errorf("%d entries, and they are not what was signed", len(log))
	}
	_, err = open(t.Context(), s, stranger, o) // under the same identifier
	wantCode(t, err, evidence.NotFound)
}

// TestTransitionsRace: two people move the case at once. One does; the other hears
// that it moved on, and what the one signed is on record.
func TestTransitionsRace(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	first, err := s.Sign(t.Context(), investigator, move(c, evidence.StateOpen, "one"))
	l.check(err)
	second, err := s.Sign(t.Context(), prosecutor, move(c, evidence.StateClosed, "two"))
	l.check(err)
	done, err := s.Record(t.Context(), worker, c.ID, [][]byte{first})
	if err != nil || done.Case.State != evidence.StateOpen || done.Case.By != investigator.ID {
		t.Errorf("%+v, %v", done, err)
	}
	_, err = s.Record(t.Context(), worker, c.ID, [][]byte{second})
	wantCode(t, err, evidence.Conflict)
	now, err := s.Case(t.Context(), investigator, c.ID)
	if err != nil || now.State != evidence.StateOpen || now.Version != 2 || l.acts(s, c.ID)[evidence.ActTransitioned] != 1 {
		t.Errorf("%+v, %v", now, err)
	}
}

// TestTransitionsTakeAReason, when they are signed and when they are recorded.
func TestTransitionsTakeAReason(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	_, err := s.Sign(t.Context(), investigator, move(c, evidence.StateOpen, " "))
	wantCode(t, err, evidence.Invalid)
	signed, err := s.Sign(t.Context(), investigator, move(c, evidence.StateOpen, "first evidence"))
	l.check(err)
	_, err = s.Record(t.Context(), worker, c.ID, [][]byte{resign(t, signed, investigator.Signer, func(e *evidence.Entry) { e.Purpose = "" })})
	wantCode(t, err, evidence.Invalid)
	if n := l.acts(s, c.ID)[evidence.ActTransitioned]; n != 0 {
		t.Errorf("%d are on record", n)
	}
}

// TestRecordsFollowTheLog: the entry was recorded, and the process died before it
// wrote the records. Nobody reads them to decide, and the next try writes them.
func TestRecordsFollowTheLog(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	mine, err := s.Sign(t.Context(), investigator, move(c, evidence.StateOpen, "one"))
	l.check(err)
	_, err = s.RecordSigned(t.Context(), mine)
	l.check(err)
	if now, err := s.Case(t.Context(), investigator, c.ID); err != nil || now.State != evidence.StateOpen {
		t.Errorf("%+v, %v", now, err)
	}
	versions := func() int {
		list, err := l.registry.RecordsOf(t.Context(), state.KindCase, c.ID)
		l.check(err)
		return len(list)
	}
	if n := versions(); n != 1 {
		t.Errorf("%d records before", n)
	}
	for range 2 {
		_, err := s.Record(t.Context(), worker, c.ID, [][]byte{mine})
		l.check(err)
		if n := versions(); n != 2 {
			t.Errorf("%d records after", n)
		}
	}
}
