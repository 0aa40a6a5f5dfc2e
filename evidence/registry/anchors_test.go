package registry_test

import (
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/registry"
)

func TestAnchorsAreKeptOnce(t *testing.T) {
	r := open(t)
	at := evidence.At(time.Now())
	first := evidence.Anchor{Size: 255, Kind: evidence.AnchorWitness, By: "w.example/a b", At: at, Body: []byte("— w \x00\n")}
	stamp := evidence.Anchor{Size: 255, Kind: evidence.AnchorTimestamp, By: "https://tsa.example/", At: at, Body: []byte{0x30, 0xff}}
	next := first
	next.Size = 256
	for i, a := range []evidence.Anchor{next, first, stamp} {
		if added, err := r.AddAnchor(t.Context(), a); err != nil || !added {
			t.Errorf("%d: %t, %v", i, added, err)
		}
	}
	again := first
	again.Body = []byte("another")
	if added, err := r.AddAnchor(t.Context(), again); err != nil || added {
		t.Errorf("another of the same witness for the same size: %t, %v", added, err)
	}
	for tile, want := range [][]evidence.Anchor{{stamp, first}, {next}, {}} {
		got, err := r.Anchors(t.Context(), int64(tile))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tile %d: %s", tile, diff)
		}
	}
}

func TestHeadsOfAMinute(t *testing.T) {
	uri, database := servertest.Mongo(t)
	now := time.Date(2026, 1, 2, 3, 4, 59, 0, time.FixedZone("", 3600))
	r, err := registry.Open(t.Context(), registry.Config{URI: uri, Database: database, Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close(t.Context()) }()
	a, b := newID[evidence.CaseID](t), newID[evidence.CaseID](t)
	add := func(c evidence.CaseID, size int64) {
		t.Helper()
		if err := r.AddCheckpoint(t.Context(), c, size, []byte("note")); err != nil {
			t.Fatal(err)
		}
	}
	add(a, 3)
	add(a, 300)
	add(b, 7)
	now = now.Add(time.Second)
	add(a, 301)
	add(b, 7) // the first one recorded stays
	for minute, want := range map[string]map[evidence.CaseID]int64{
		"2026-01-02T02:04:00Z": {a: 300, b: 7}, "2026-01-02T02:05:59Z": {a: 301}, "2026-01-02T03:04:00Z": {},
	} {
		at, err := time.Parse(time.RFC3339, minute)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.HeadsOf(t.Context(), at)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", minute, got, err, want)
		}
	}
}
