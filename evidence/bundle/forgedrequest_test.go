package bundle_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestForgedRequest has a forger with the agency's keys make a bundle that is
// not the one that a person asked for.
func TestForgedRequest(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	detail := func(name, value string) func(r *relog) {
		return func(r *relog) { r.ask(func(e *evidence.Entry) { e.Details[name] = value }) }
	}
	without := func(name string) func(r *relog) {
		return func(r *relog) { r.ask(func(e *evidence.Entry) { delete(e.Details, name) }) }
	}
	const exhibits, entries, with = bundle.DetailWithheld, bundle.DetailWithheldEntries, bundle.DetailWithheldWith
	privileged, informant := `"reason":"Privileged: attorney-client"`, `"reason":"Identity of an informant"`
	index := slices.Max(slices.Collect(func(yield func(int) bool) {
		for i := range f.reasons {
			if !yield(i) {
				return
			}
		}
	}))
	single := func(runs, reason string) string { return fmt.Sprintf(`[{"numbers":%q,%s}]`, runs, reason) }
	for _, c := range []struct {
		name   string
		want   bundle.Outcome
		words  string
		change func(r *relog)
	}{
		{"not shown", bundle.Incomplete, "somebody asked for this bundle is not shown", func(r *relog) { r.hide(len(r.lines)-1, "Confidential") }},
		{"for another bundle", bundle.Incomplete, "somebody asked for this bundle is not shown", detail("disclosure", string(f.facts.Earlier[0].Disclosure))},
		{"by the machine", bundle.Tampered, "asked for another bundle", func(r *relog) {
			r.edit(len(r.lines)-1, f.worker, func(e *evidence.Entry) {
				e.Actor = evidence.EntryActor{ID: "service:worker", Name: "Sealcase worker", Service: true}
			})
		}},
		{"by another person", bundle.Tampered, "asked for another bundle", func(r *relog) {
			r.edit(len(r.lines)-1, f.people[f.actor.ID], func(e *evidence.Entry) { e.Actor = as(f.actor) })
		}},
		{"twice", bundle.Tampered, "asked for twice", func(r *relog) {
			r.edit(r.find(`"act":"disclosure-requested"`, 0), f.people[f.lawyer.ID], func(e *evidence.Entry) { e.Details["disclosure"] = string(f.facts.Disclosure.ID) })
		}},
		{"an entry withheld that it does not name", bundle.Tampered, "nobody asked for that", func(r *relog) { r.hide(9, "Confidential") }},
		{"an entry withheld as if it were about an exhibit", bundle.Tampered, "nobody asked for that", func(r *relog) { r.hide(9, "Privileged: attorney-client") }},
		{"the entries about an exhibit not named", bundle.Tampered, "nobody asked for that", without(with)},
		{"an entry named with an exhibit that is shown", bundle.Tampered, "of 4 entries that should be withheld with exhibits, 3 are", func(r *relog) {
			r.ask(func(e *evidence.Entry) { e.Details[with] = "9," + e.Details[with] })
		}},
		{"an entry named with exhibits and by itself", bundle.Tampered, "of 4 entries that should be withheld with exhibits, 3 are", func(r *relog) {
			r.ask(func(e *evidence.Entry) { e.Details[with] += fmt.Sprintf(",%d", index) })
		}},
		{"an entry about an exhibit that came in meanwhile", bundle.OK, "3 withheld entries came into the log after", func(r *relog) {
			r.ask(func(e *evidence.Entry) { e.Details["log_size"] = "9"; delete(e.Details, with) })
		}},
		{"entries that were not there", bundle.Tampered, "speaks of 900 entries", detail("log_size", "900")},
		{"no number of entries", bundle.Malformed, "cannot be read", without("log_size")},
		{"runs that touch", bundle.Malformed, "cannot be read", detail(with, "1,2")},
		{"no entry named", bundle.Tampered, "nobody asked for that", without(entries)},
		{"an entry named that is shown", bundle.Tampered, "of 2 entries that should be withheld single, 1 are", detail(entries, single(fmt.Sprintf("9,%d", index), informant))},
		{"an entry for another reason", bundle.Tampered, "nobody asked for that", detail(entries, single(fmt.Sprint(index), `"reason":"National security"`))},
		{"no exhibit named", bundle.Tampered, "did not want that", without(exhibits)},
		{"an exhibit for another reason", bundle.Tampered, "wanted it withheld, for the reason", detail(exhibits, `[{"numbers":"5","reason":"Lost"}]`)},
		{"an exhibit named that is disclosed", bundle.Tampered, "wanted it withheld, for the reason", detail(exhibits, `[{"numbers":"4-5",`+privileged+`}]`)},
		{"an exhibit named that is not listed", bundle.Incomplete, "of 2 exhibits that should be withheld, 1 are listed", detail(exhibits, `[{"numbers":"5,9",`+privileged+`}]`)},
		{"a quarantined one named as such", bundle.OK, "", detail(exhibits, `[{"numbers":"5",`+privileged+`},{"numbers":"6","reason":"Quarantined: stored bytes differ from those received"}]`)},
		{"a quarantined one named otherwise", bundle.Tampered, "wanted it withheld, for the reason", detail(exhibits, `[{"numbers":"5-6",`+privileged+`}]`)},
		{"fewer exhibits then", bundle.Tampered, "there were 6", detail("exhibits", "6")},
		{"more exhibits then", bundle.Incomplete, "there were 8", detail("exhibits", "8")},
		{"a number of exhibits that is none", bundle.Malformed, "cannot be read", detail("exhibits", "07")},
		{"no number of exhibits", bundle.Malformed, "cannot be read", without("exhibits")},
		{"an exhibit named twice", bundle.Malformed, "cannot be read", detail(exhibits, `[{"numbers":"5,5",`+privileged+`}]`)},
		{"a range without end", bundle.Malformed, "cannot be read", detail(exhibits, `[{"numbers":"5-",`+privileged+`}]`)},
		{"a range backwards", bundle.Malformed, "cannot be read", detail(exhibits, `[{"numbers":"5-4",`+privileged+`}]`)},
		{"a range of everything", bundle.Tampered, "wanted it withheld", detail(exhibits, `[{"numbers":"1-999999999999999",`+privileged+`}]`)},
		{"a number that is too long", bundle.Malformed, "cannot be read", detail(exhibits, `[{"numbers":"5,`+strings.Repeat("9", 5000)+`",`+privileged+`}]`)},
		{"null", bundle.Malformed, "cannot be read", detail(exhibits, "null")},
		{"nothing", bundle.Malformed, "cannot be read", detail(exhibits, "")},
		{"a field more", bundle.Malformed, "cannot be read", detail(exhibits, `[{"numbers":"5",`+privileged+`,"then":"1"}]`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, c.change)
			if c.want != bundle.OK {
				expect(t, f, m, c.want, c.words, nil)
			} else if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK || !strings.Contains(strings.Join(r.Notices, "\n"), c.words) {
				t.Errorf("%s: %v, %q; want %q in it", r.Outcome, r.Problems, r.Notices, c.words)
			}
			python.agrees(t, f, m, c.want)
		})
	}
}
