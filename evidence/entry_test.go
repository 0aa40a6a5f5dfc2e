package evidence_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

const (
	caseID  = evidence.CaseID("case-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	itemID  = evidence.ItemID("item-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	entryID = evidence.EntryID("entry-aaaaaaaaaaaaaaaaaaaaaaaaaa")
)

func newEntry(t *testing.T) evidence.Entry {
	t.Helper()
	actor := evidence.Actor{
		Person: evidence.Person{ID: "p", Login: "eva", Name: "Eva Examiner", Roles: []evidence.Role{evidence.Examiner}},
		From:   "192.0.2.7", Client: "sealcase/1.0 (cli)",
	}
	at := evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	e, err := evidence.NewEntry(entryID, caseID, evidence.ActSealed, at, actor, bytes.NewReader(bytes.Repeat([]byte{0xa5}, 16)))
	if err != nil {
		t.Fatal(err)
	}
	e.AboutItem(evidence.Item{ID: itemID, Exhibit: 12, Name: "a.txt", Length: 3, Digest: evidence.Sum([]byte("abc"))})
	return e
}

func TestNewEntry(t *testing.T) {
	length := int64(3)
	want := evidence.Entry{
		Type: "sealcase/entry/v1", ID: entryID, Case: caseID, Act: "sealed",
		At: evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)),
		Actor: evidence.EntryActor{
			ID: "p", Name: "Eva Examiner", Roles: []evidence.Role{"examiner"}, From: "192.0.2.7", Client: "sealcase/1.0 (cli)",
		},
		Item: itemID, Exhibit: 12, Name: "a.txt", Digest: evidence.Sum([]byte("abc")), Length: &length,
		Nonce: "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5",
	}
	got := newEntry(t)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entry differs (-want +got):\n%s", diff)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	broken := errors.New("no entropy")
	if _, err := evidence.NewEntry(entryID, caseID, evidence.ActSealed, got.At, evidence.Actor{}, iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v in its chain", err, broken)
	}
}

func TestEntryAboutAnEmptyFile(t *testing.T) {
	e := newEntry(t)
	e.AboutItem(evidence.Item{ID: itemID, Exhibit: 1, Name: "empty", Digest: evidence.Sum(nil)})
	if e.Length == nil || *e.Length != 0 || e.Check() != nil {
		t.Errorf("an empty file has the length 0, got %v (%v)", e.Length, e.Check())
	}
}

func TestEntryCheckRefuses(t *testing.T) {
	negative := int64(-1)
	for name, change := range map[string]func(*evidence.Entry){
		"another type":       func(e *evidence.Entry) { e.Type = "sealcase/entry/v2" },
		"no act":             func(e *evidence.Entry) { e.Act = "" },
		"unknown act":        func(e *evidence.Entry) { e.Act = "deleted" },
		"no time":            func(e *evidence.Entry) { e.At = evidence.Instant{} },
		"no actor":           func(e *evidence.Entry) { e.Actor.ID = "" },
		"no identifier":      func(e *evidence.Entry) { e.ID = "" },
		"no case":            func(e *evidence.Entry) { e.Case = "" },
		"item as case":       func(e *evidence.Entry) { e.Case = evidence.CaseID(itemID) },
		"bad item":           func(e *evidence.Entry) { e.Item = "item-1" },
		"no nonce":           func(e *evidence.Entry) { e.Nonce = "" },
		"nonce in capitals":  func(e *evidence.Entry) { e.Nonce = "A5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5" },
		"nonce not hex":      func(e *evidence.Entry) { e.Nonce = "g5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5" },
		"digest, no length":  func(e *evidence.Entry) { e.Length = nil },
		"negative length":    func(e *evidence.Entry) { e.Length = &negative },
		"negative exhibit":   func(e *evidence.Entry) { e.Exhibit = -1 },
		"nonce of 17 bytes":  func(e *evidence.Entry) { e.Nonce += "a5" },
		"line break in case": func(e *evidence.Entry) { e.Case = "case-aaaaaaaaaaaa\r\naaaaaaaaaaaa" },
	} {
		t.Run(name, func(t *testing.T) {
			e := newEntry(t)
			change(&e)
			if err := e.Check(); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("got %v, want an error that is %q", err, evidence.Malformed)
			}
		})
	}
}

func TestActs(t *testing.T) {
	seen := map[evidence.Act]bool{}
	for _, a := range evidence.Acts() {
		if !a.Valid() || seen[a] {
			t.Errorf("%q is not valid, or there twice", a)
		}
		seen[a] = true
	}
	if evidence.Act("").Valid() || evidence.Act("Sealed").Valid() {
		t.Error("what is no act is valid")
	}
}

// TestEntryOfALaterProgram has an act that this program does not know: it can be
// read, and must not be recorded.
func TestEntryOfALaterProgram(t *testing.T) {
	for act, form := range map[evidence.Act]bool{
		evidence.ActSealed: true, "loaned-out": true, "x": true, "a2-": true, evidence.Act(strings.Repeat("v", 64)): true,
		"": false, "Loaned": false, "loaned out": false, "loaned_out": false, "2x": false, "-x": false, "lo\u00e4n": false,
		"x\n": false, evidence.Act(strings.Repeat("v", 65)): false,
	} {
		e := newEntry(t)
		e.Act = act
		if err := e.CheckForm(); (err == nil) != form || err != nil && evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%q is read with %v", act, err)
		}
		if err := e.Check(); (err == nil) != act.Valid() || err != nil && evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%q is recorded with %v", act, err)
		}
	}
}
