package registry_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/registry"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.Mongo) }

// open returns a registry in a fresh database, indexed.
func open(t *testing.T) *registry.Registry {
	t.Helper()
	uri, database := servertest.Mongo(t)
	r, err := registry.Open(t.Context(), registry.Config{URI: uri, Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(t.Context()) })
	for range 2 { // a second time changes nothing
		if err := r.Bootstrap(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	servertest.IndexEmbedded(t, database, registry.EqualityFields())
	return r
}

func newID[T evidence.ID](t *testing.T) T {
	t.Helper()
	id, err := evidence.NewID[T](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// entry returns an entry of a case as the log keeps it.
func entry(t *testing.T, c evidence.CaseID, index int64) evidence.LogEntry {
	t.Helper()
	actor := evidence.ServiceActor("test")
	e, err := evidence.NewEntry(newID[evidence.EntryID](t), c, evidence.ActViewed, evidence.At(time.Now()), actor, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	e.Item, e.Purpose = evidence.Derive[evidence.ItemID](string(c)), "a\x00b\r\nü"
	raw, err := canon.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return evidence.LogEntry{Index: index, Raw: raw, Entry: e}
}

func TestAddEntriesStopsAtTheFirstThatIsTaken(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	first := []evidence.LogEntry{entry(t, c, 0), entry(t, c, 1), entry(t, c, 2)}
	if added, err := r.AddEntries(t.Context(), c, first); added != 3 || err != nil {
		t.Fatalf("added %d, %v", added, err)
	}
	taken := entry(t, c, 2)
	repeated := first[1]
	repeated.Index = 4
	for _, tc := range []struct {
		name string
		list []evidence.LogEntry
		want int
	}{
		{"the same again", first, 0},
		{"an index that is taken", []evidence.LogEntry{taken, entry(t, c, 3)}, 0},
		{"an entry that is recorded, in the middle", []evidence.LogEntry{entry(t, c, 3), repeated, entry(t, c, 5)}, 1},
		{"what follows", []evidence.LogEntry{entry(t, c, 4), entry(t, c, 5)}, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if added, err := r.AddEntries(t.Context(), c, tc.list); added != tc.want || err != nil {
				t.Errorf("added %d, %v; want %d", added, err, tc.want)
			}
		})
	}
	got, err := r.Entries(t.Context(), c, 0)
	if err != nil || len(got) != 6 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	for i, e := range got {
		if e.Index != int64(i) {
			t.Errorf("place %d has index %d", i, e.Index)
		}
	}
	if diff := cmp.Diff(first[0].Raw, got[0].Raw); diff != "" {
		t.Errorf("bytes of entry 0 (-wrote +read):\n%s", diff)
	}
	one, err := r.Entry(t.Context(), first[2].Entry.ID)
	if err != nil || one.Index != 2 || !bytes.Equal(one.Raw, first[2].Raw) {
		t.Errorf("by identifier: index %d, %v", one.Index, err)
	}
	if _, err := r.Entry(t.Context(), newID[evidence.EntryID](t)); evidence.CodeOf(err) != evidence.NotFound {
		t.Errorf("an entry that is not there: %v", err)
	}
	about, err := r.EntriesOfItem(t.Context(), first[0].Entry.Item)
	if err != nil || len(about) != 6 {
		t.Errorf("%d entries about the item, %v", len(about), err)
	}
}

// TestEntriesTelling: the entries that say what exhibits are, and no others, are found
// by the tile of the exhibits.
func TestEntriesTelling(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	var list []evidence.LogEntry
	for i, about := range []struct {
		act     evidence.Act
		exhibit int
	}{{evidence.ActReceived, 1}, {evidence.ActSealed, 64}, {evidence.ActReceived, 65}, {evidence.ActViewed, 1}, {evidence.ActAnalysed, 0}} {
		e := entry(t, c, int64(i))
		e.Entry.Act, e.Entry.Exhibit = about.act, about.exhibit
		var err error
		if e.Raw, err = canon.Marshal(e.Entry); err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	if added, err := r.AddEntries(t.Context(), c, list); added != len(list) || err != nil {
		t.Fatalf("added %d, %v", added, err)
	}
	for tile, want := range [][]int64{{0, 1}, {2}, nil} {
		found, err := r.EntriesTelling(t.Context(), c, tile)
		var at []int64
		for _, e := range found {
			at = append(at, e.Index)
		}
		if !slices.Equal(at, want) || err != nil {
			t.Errorf("tile %d: entries %v, %v; want %v", tile, at, err, want)
		}
	}
	if _, misfiled, err := r.FiledEntries(t.Context(), c, 0); len(misfiled) > 0 || err != nil {
		t.Errorf("misfiled: %v, %v", misfiled, err)
	}
}

// TestLastSnapshot: the newest of at most a size is found, also where the last ones
// are a while ago, and none is looked for without end.
func TestLastSnapshot(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	for _, size := range []int64{4100, 4200, 9000, 200_000} {
		if err := r.AddSnapshot(t.Context(), c, size, []byte(strconv.FormatInt(size, 10))); err != nil {
			t.Fatal(err)
		}
	}
	for most, want := range map[int64]string{4099: "", 4100: "4100", 8999: "4200", 9000: "9000", 199_999: "9000", 400_000: "200000", 1 << 40: ""} {
		if got, err := r.LastSnapshot(t.Context(), c, most); string(got) != want || err != nil {
			t.Errorf("of at most %d: %q, %v; want %q", most, got, err, want)
		}
	}
}

func TestNothingIsAddedAfterAnIndexThatIsTaken(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	if added, err := r.AddEntries(t.Context(), c, []evidence.LogEntry{entry(t, c, 150)}); added != 1 || err != nil {
		t.Fatalf("added %d, %v", added, err)
	}
	for _, from := range []int64{150, 120, 0} { // the one that is taken is in the first batch, or in the second
		list := make([]evidence.LogEntry, 256)
		for i := range list {
			list[i] = entry(t, c, from+int64(i))
		}
		want := int(150 - from)
		if from == 0 {
			want = 120 // those from there on are there by now
		}
		if added, err := r.AddEntries(t.Context(), c, list); added != want || err != nil {
			t.Errorf("from %d: added %d, %v; want %d", from, added, err, want)
		}
	}
	for tile, want := range []int{151, 0} {
		got, err := r.Entries(t.Context(), c, int64(tile))
		if err != nil || len(got) != want {
			t.Errorf("tile %d has %d entries, %v; want %d", tile, len(got), err, want)
		}
	}
}

func TestOneOfManyWinsAKey(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	var won atomic.Int64
	var wg sync.WaitGroup
	errs := make(chan error, 8)
	for range 8 {
		wg.Go(func() {
			for n := range 20 {
				added, err := r.AddCaseNumber(t.Context(), fmt.Sprintf("2026-%04d", n+1), newCase())
				if err != nil {
					errs <- err
					return
				}
				if added {
					won.Add(1)
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	if err := errors.Join(<-errs); err != nil {
		t.Fatal(err)
	}
	if won.Load() != 20 {
		t.Errorf("%d won, want 20", won.Load())
	}
	if added, err := r.AddCaseNumber(t.Context(), "2027-0001", c); !added || err != nil {
		t.Errorf("added %t, %v", added, err)
	}
	if added, err := r.AddCaseNumber(t.Context(), "2027-0002", c); added || err != nil {
		t.Errorf("a second number of one case: added %t, %v", added, err)
	}
	if number, err := r.CaseNumber(t.Context(), c); number != "2027-0001" || err != nil {
		t.Errorf("number %q, %v", number, err)
	}
}

func newCase() evidence.CaseID {
	id, err := evidence.NewID[evidence.CaseID](rand.Reader)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	return id
}

func TestItemsKeepNamesAndVersions(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	names := []evidence.FileName{"plain.txt", "../x", "nul\x00", "\xff\xfe", "a\r\nb", "\u202etxt.exe", "base64:x"}
	var want []evidence.Item
	for i, name := range names {
		it := evidence.Item{ID: newID[evidence.ItemID](t), Case: c, Exhibit: i + 1, Version: 1, Name: name, State: evidence.ItemReceived}
		if added, err := r.AddItem(t.Context(), it); !added || err != nil {
			t.Fatalf("adding %q: %t, %v", name, added, err)
		}
		want = append(want, it)
	}
	want[2].Version, want[2].State = 2, evidence.ItemSealed
	taken, err := r.AddItems(t.Context(), []evidence.Item{want[0], want[2], want[1]})
	if diff := cmp.Diff([]int{0, 2}, taken); diff != "" || err != nil {
		t.Errorf("taken (-want +got):\n%s%v", diff, err)
	}
	got, err := r.ItemTile(t.Context(), c, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(evidence.Instant{})); diff != "" {
		t.Errorf("tile (-want +got):\n%s", diff)
	}
	one, err := r.Item(t.Context(), want[2].ID)
	if err != nil || one.Version != 2 {
		t.Errorf("version %d, %v", one.Version, err)
	}
	other := want[0]
	other.Exhibit = 9
	if added, err := r.AddItem(t.Context(), other); added || err != nil {
		t.Errorf("the first version of an item twice: %t, %v", added, err)
	}
}

func TestTilesEndAtTheFirstGap(t *testing.T) {
	r, c := open(t), newID[evidence.CaseID](t)
	for _, tile := range []int64{0, 1, 3, 256} {
		if err := r.AddTile(t.Context(), c, tile, fmt.Appendf(nil, "%d", tile)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := r.Tiles(t.Context(), c, 0)
	if err != nil || len(got) != 2 {
		t.Errorf("span 0 has %d tiles, %v", len(got), err)
	}
	got, err = r.Tiles(t.Context(), c, 1)
	if err != nil || len(got) != 1 || string(got[0]) != "256" {
		t.Errorf("span 1 is %q, %v", got, err)
	}
}

func TestOpenSaysWhatIsWrongWithoutTheAddress(t *testing.T) {
	for _, tc := range []struct {
		uri  string
		code evidence.Code
	}{
		{"postgres://user:secret@host/", evidence.Invalid},
		{"mongodb://user:secret@127.0.0.1:1/?directConnection=true", evidence.Unavailable},
	} {
		_, err := registry.Open(t.Context(), registry.Config{URI: tc.uri, Patience: 100 * time.Millisecond})
		if evidence.CodeOf(err) != tc.code {
			t.Errorf("got %v, want %s", err, tc.code)
		}
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("secret")) {
			t.Errorf("the password is in %q", err)
		}
	}
}
