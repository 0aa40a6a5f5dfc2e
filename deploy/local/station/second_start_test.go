package station_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// TestSecondStart stops a station and starts it again: everything is as it was.
func TestSecondStart(t *testing.T) {
	c := openCase(t)
	bring(t, c, file(t, "large.dd", random(40, 6<<20)))
	bring(t, c, file(t, "small.txt", []byte("small")))
	h := disclose(t, c)
	until(t, "both intakes are closed", patience, func() bool { return count(logOf(t, c), evidence.ActIntakeClosed) == 2 })
	items := itemsOf(t, c)
	log, people, url := logOf(t, c), shared.People, shared.URL

	if err := down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := up(t.Context(), shared.Dir); err != nil {
		t.Fatal(err)
	}
	if shared.Fresh || shared.URL != url {
		t.Errorf("fresh: %t, at %s, was at %s", shared.Fresh, shared.URL, url)
	}
	if diff := cmp.Diff(people, shared.People); diff != "" {
		t.Errorf("the people are others: %s", diff)
	}
	if diff := cmp.Diff(items, itemsOf(t, c)); diff != "" { // signed in with the same password
		t.Errorf("the items: %s", diff)
	}
	if diff := cmp.Diff(log, logOf(t, c)); diff != "" {
		t.Errorf("the log: %s", diff)
	}
	for _, it := range items {
		if v := ask[evidence.Verification](as(t, "emil"), "evidence", "verify", string(it.ID)); !v.OK {
			t.Errorf("exhibit %d: %+v", it.Exhibit, v)
		}
	}
	wantVerified(t, h)
	bring(t, c, file(t, "later.txt", []byte("later")))
	later := disclose(t, c)
	later.keys = h.keys // published before
	wantVerified(t, later)
}
