package bundle_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// record goes on with the log after a bundle was made, with the entry of its
// proof.
func (f *fixture) record(p bundle.Proof) {
	f.entries = append(f.entries, p.Entry)
	f.facts.Earlier = append(f.facts.Earlier, bundle.Earlier{Disclosure: f.facts.Disclosure.ID, Checkpoint: f.facts.Checkpoint})
}

// later turns a case of which a first bundle was made into the same case some
// time after: something is shown that was withheld, something withheld that was
// shown, and something is new.
func (f *fixture) later() *fixture {
	for i := range f.entries {
		switch {
		case bytes.Contains(f.entries[i], []byte("informant")):
			delete(f.reasons, i)
		case bytes.Contains(f.entries[i], []byte("page 1")):
			f.reasons[i] = "Work product"
		}
	}
	hidden := f.facts.Withheld[0].Item
	for i := range f.entries {
		if bytes.Contains(f.entries[i], []byte(hidden.ID)) {
			delete(f.reasons, i)
		}
	}
	f.facts.Withheld = f.facts.Withheld[1:]
	f.contents[hidden.ID] = []byte("names")
	f.items = slices.Insert(f.items, 4, hidden)
	f.disclose("late.txt", []byte("what came in later"))
	f.view(0, "Once more")
	f.withholdLast(1, "Work product")
	return f.closeAs("second", "Second disclosure")
}

func compare(t *testing.T, f *fixture, first, second []byte, proofs ...[]byte) bundle.Comparison {
	t.Helper()
	in := func(data []byte) bundle.Input {
		return bundle.Input{Reader: bytes.NewReader(data), Size: int64(len(data))}
	}
	c, err := bundle.Compare(t.Context(), in(first), in(second), f.trusted, proofs, bundle.Options{})
	if err != nil {
		t.Fatalf("Compare: %v", err)
	}
	return c
}

// TestCompare compares two bundles of one case.
func TestCompare(t *testing.T) {
	f := golden()
	first, s := f.write(t)
	p := f.proofOf(s)
	size := int64(len(f.entries))
	f.record(p)
	second, s2 := f.later().write(t)
	compareGolden(t, map[string][]byte{"later.zip": second})

	c := compare(t, f, first, second, f.prove(t, s2), written(t, p))
	if c.Outcome != bundle.OK || !c.Extends || !c.First.Disclosure.Logged || !c.Second.Disclosure.Logged {
		t.Fatalf("%s: %v %v %v", c.Outcome, c.Problems, c.First.Problems, c.Second.Problems)
	}
	acts := func(list []bundle.Event) (acts []evidence.Act) {
		for _, e := range list {
			acts = append(acts, e.Act)
			if !e.Verified || e.Key == "" || e.Who == "" {
				t.Errorf("event %+v", e)
			}
		}
		return acts
	}
	names := func(list []bundle.Exhibit) (names []string) {
		for _, x := range list {
			names = append(names, string(x.Name))
		}
		return names
	}
	if diff := cmp.Diff([]evidence.Act{"disclosed", "received", "sealed", "disclosure-requested"}, acts(c.NewEntries)); diff != "" {
		t.Errorf("new entries: %s", diff)
	}
	if diff := cmp.Diff([]evidence.Act{"received", "sealed", "viewed", "viewed"}, acts(c.NowShown)); diff != "" {
		t.Errorf("entries now shown: %s", diff)
	}
	if diff := cmp.Diff([]bundle.WithheldEntries{{Reason: "Work product", Count: 1, Ranges: []bundle.Range{{From: 9, To: 9}}}}, c.NowWithheld); diff != "" {
		t.Errorf("entries now withheld: %s", diff)
	}
	if diff := cmp.Diff([]bundle.WithheldEntries{{Reason: "Work product", Count: 1, Ranges: []bundle.Range{{From: size + 3, To: size + 3}}}}, c.NewWithheld); diff != "" {
		t.Errorf("new withheld entries: %s", diff)
	}
	if diff := cmp.Diff([][]string{{"late.txt"}, {"client-list.xlsx"}, nil}, [][]string{names(c.NewExhibits), names(c.NowDisclosed), names(c.Retracted)}); diff != "" {
		t.Errorf("exhibits: %s", diff)
	}
	var text strings.Builder
	if err := c.WriteText(&text); err != nil || !strings.Contains(text.String(), "continues that of the first, entry for entry") {
		t.Errorf("%v: %s", err, text.String())
	}
}

// TestCompareFinds compares bundles of which the second does not extend the
// first.
func TestCompareFinds(t *testing.T) {
	f := golden()
	first, s := f.write(t)
	p := f.proofOf(s)
	proof := written(t, p)
	forked := golden()
	forked.entries = forked.entries[:len(forked.entries)-1] // the request for the first bundle never was
	forked.view(0, "What only the second recipient is shown")
	fork, _ := forked.later().write(t)
	unlisted := golden()
	unlisted.entries = append(unlisted.entries, p.Entry)
	unlisted.withholdLast(1, "Confidential")
	forgotten, _ := unlisted.later().write(t)
	f.record(p)
	second, _ := f.later().write(t)
	other, _ := small().write(t)
	for _, c := range []struct {
		name          string
		first, second []byte
		want          bundle.Outcome
		words         string
	}{
		{"a fork", first, fork, bundle.Tampered, "two histories of this case"},
		{"the other way round", second, first, bundle.Tampered, "give them the other way round"},
		{"the first on record and forgotten", first, forgotten, bundle.Incomplete, "does not list the first among the earlier disclosures"},
		{"the second of another agency", first, other, bundle.Tampered, "not of one case"},
		{"the second broken", first, second[:1000], bundle.Malformed, ""},
		{"the first broken", first[:1000], second, bundle.Malformed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var proofs [][]byte
			if c.want == bundle.Incomplete {
				proofs = append(proofs, proof)
			}
			got := compare(t, f, c.first, c.second, proofs...)
			said := got.Notices
			for _, p := range got.Problems {
				said = append(said, p.What)
			}
			if got.Outcome != c.want || !strings.Contains(strings.Join(said, "\n"), c.words) {
				t.Errorf("%s, want %s and %q: %v", got.Outcome, c.want, c.words, said)
			}
		})
	}
	t.Run("the same twice", func(t *testing.T) {
		if c := compare(t, f, first, first, proof); c.Outcome != bundle.OK || !c.Extends || len(c.NewEntries)+len(c.NewExhibits) != 0 {
			t.Errorf("%s: %v", c.Outcome, c.Problems)
		}
	})
	t.Run("a proof of neither", func(t *testing.T) {
		in := bundle.Input{Reader: bytes.NewReader(other), Size: int64(len(other))}
		_, err := bundle.Compare(t.Context(), in, in, f.trusted, [][]byte{proof}, bundle.Options{})
		if evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("Compare: %v", err)
		}
	})
}
