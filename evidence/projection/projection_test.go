package projection_test

import (
	"slices"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/projection"
	"github.com/sealcase/sealcase/evidence/replay"
)

// said is a case as its log says it: opened, joined by a second member, given an
// intake and brought to another state.
func said(t *testing.T) replay.Case {
	t.Helper()
	at := evidence.At(time.Unix(1_800_000_000, 0))
	id := evidence.Derive[evidence.CaseID]("c")
	var c replay.Case
	for _, e := range []evidence.Entry{
		{Act: evidence.ActOpened, Details: map[string]string{"number": "2026-0001", "title": "Payroll", "time_zone": "UTC", "login": "ida"}},
		{Act: evidence.ActMemberAdded, Details: map[string]string{"person": "p-emil", "login": "emil", "name": "Emil"}},
		{Act: evidence.ActIntakeOpened, Details: map[string]string{"intake": string(evidence.Derive[evidence.IntakeID]("i")), "source": "a laptop"}},
		{Act: evidence.ActTransitioned, Details: map[string]string{"to": "open"}},
	} {
		e.Case, e.At, e.Actor = id, at, evidence.EntryActor{ID: "p-ida", Name: "Ida"}
		c.Add(e)
	}
	return c
}

// TestRecordsOfACase: the members come last, so that nobody sees a case that is
// not whole.
func TestRecordsOfACase(t *testing.T) {
	t.Parallel()
	list, err := projection.Of(said(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, rec := range list {
		got = append(got, rec.Collection)
	}
	want := []string{"case_numbers", "intakes", "cases", "cases", "members", "members"}
	if !slices.Equal(got, want) || list[3].Version != 2 || list[5].Index["person"] != "p-emil" || list[0].Key != "2026-0001" {
		t.Errorf("records %+v", list)
	}
	if none, err := projection.Of(replay.Case{}); err != nil || len(none) != 0 {
		t.Errorf("of no case: %v, %v", none, err)
	}
}

func TestDiffers(t *testing.T) {
	t.Parallel()
	want := evidence.Record{Body: []byte(`{"title":"a","state":"open","opened_by":"p"}`)}
	for _, tc := range []struct {
		name, body string
		fields     []string
		ok         bool
	}{
		{"the same", `{ "state": "open", "title":"a","opened_by":"p"}`, nil, true},
		{"another value", `{"title":"b","state":"open","opened_by":"q"}`, []string{"opened_by", "title"}, true},
		{"a value of another kind", `{"title":["a"],"state":"open","opened_by":"p"}`, []string{"title"}, true},
		{"one missing", `{"state":"open","opened_by":"p"}`, []string{"title"}, true},
		{"one more", `{"title":"a","state":"open","opened_by":"p","summary":"x"}`, []string{"summary"}, true},
		{"one that tells a secret by its name", `{"title":"a","state":"open","opened_by":"p","Witness Meier":1,"Mr X":1}`, []string{"a field that is not ours"}, true},
		{"ignored", `{"title":"a","state":"closed","opened_by":"p"}`, nil, true},
		{"unreadable", `{`, nil, false},
		{"no object", `[]`, nil, false},
	} {
		ignored := map[bool][]string{true: {"state"}}[tc.name == "ignored"]
		fields, ok := projection.Differs(want, evidence.Record{Body: []byte(tc.body)}, ignored...)
		if !slices.Equal(fields, tc.fields) || ok != tc.ok {
			t.Errorf("%s: %v, %t", tc.name, fields, ok)
		}
	}
}
