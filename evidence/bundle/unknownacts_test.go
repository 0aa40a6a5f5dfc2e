package bundle_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestUnknownActs has entries of acts that a later program adds, by a person and
// by the machine: both verifiers accept the bundle and say what they do not know.
func TestUnknownActs(t *testing.T) {
	f := newFixture(12)
	f.disclose("a.txt", []byte("a"))
	loan := f.entry("loaned-out")
	loan.AboutItem(f.items[0])
	f.append(loan)
	f.append(f.machine("re-hashed2"), f.machine("re-hashed2"), f.machine(evidence.ActVerified))
	f.append(f.entry("note"))
	f.withholdLast(1, "Work product")
	data, s := f.close().write(t)
	const want = "3 entries of kinds that this verifier does not know: loaned-out (1), re-hashed2 (2)"
	r := f.verify(t, data, bundle.Options{Proof: f.prove(t, s)})
	if r.Outcome != bundle.OK || !strings.Contains(strings.Join(r.Notices, "\n"), want) {
		t.Errorf("%s: %v, notices %q", r.Outcome, r.Problems, r.Notices)
	}
	if timeline := r.Exhibits[0].Timeline; len(timeline) != 3 || timeline[2].Act != "loaned-out" || !timeline[2].Verified {
		t.Errorf("the timeline of the exhibit: %+v", timeline)
	}
	dir := t.TempDir()
	zip, keys := filepath.Join(dir, "bundle.zip"), filepath.Join(dir, "keys.vkey")
	for path, content := range map[string][]byte{zip: data, keys: evidence.FormatVKeys(f.trusted)} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	said, err := exec.CommandContext(t.Context(), "python3", "independent/verify.py", zip, "-key", keys).CombinedOutput()
	if err != nil || !strings.Contains(string(said), want) {
		t.Errorf("the independent verifier: %v\n%s", err, said)
	}
}

// TestUnknownActsAreNamedInPart has more kinds than a report names.
func TestUnknownActsAreNamedInPart(t *testing.T) {
	f := newFixture(13)
	var list []evidence.Entry
	for i := range 40 {
		list = append(list, f.machine(evidence.Act(fmt.Sprintf("kind-%d", i))))
	}
	f.append(list...)
	data, _ := f.close().write(t)
	said := strings.Join(f.verify(t, data, bundle.Options{}).Notices, "\n")
	if !strings.Contains(said, "40 entries") || !strings.Contains(said, "kind-11 (1), and 28 more kinds") || strings.Contains(said, "kind-12") {
		t.Errorf("the notices are %q", said)
	}
}

// TestForgedActs changes the act of an entry, signed anew: what is no name of an
// act is malformed, and an unknown act is signed as any other.
func TestForgedActs(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python, erin := startPython(t), f.people[f.actor.ID]
	viewed := func(r *relog) int { return r.find(`"act":"viewed"`, 12) } // after Erin's new key
	run := func(name string, want bundle.Outcome, words string, change func(r *relog)) {
		t.Run(name, func(t *testing.T) {
			m := relogged(t, f, good, change)
			expect(t, f, m, want, words, nil)
			python.agrees(t, f, m, want)
		})
	}
	for name, act := range map[string]evidence.Act{
		"no act": "", "a capital": "Viewed", "a digit first": "2viewed", "a hyphen first": "-viewed", "a space": "view ed",
		"an underscore": "view_ed", "a letter beyond ASCII": "vi\u00e9wed", "a digit beyond ASCII": "view\u0663", "a line feed": "viewed\n",
		"65 letters": evidence.Act(strings.Repeat("v", 65)),
	} {
		run(name, bundle.Malformed, "act", func(r *relog) { r.edit(viewed(r), erin, func(e *evidence.Entry) { e.Act = act }) })
	}
	unknown := func(e *evidence.Entry) { e.Act = "loaned-out" }
	run("unknown, by another person", bundle.Tampered, "is signed by person-pia", func(r *relog) { r.edit(viewed(r), f.people[f.lawyer.ID], unknown) })
	run("unknown, a person's, by the worker", bundle.UntrustedKey, "no roster", func(r *relog) { r.edit(viewed(r), f.worker, unknown) })
	run("unknown, the machine's, by a person", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
		r.edit(viewed(r), erin, func(e *evidence.Entry) {
			e.Act, e.Actor = "loaned-out", f.machine(evidence.ActVerified).Actor
		})
	})
	run("unknown, of another case", bundle.Tampered, "another case", func(r *relog) {
		r.edit(viewed(r), erin, func(e *evidence.Entry) {
			e.Act, e.Case = "loaned-out", small().facts.Case.ID
		})
	})
	longest := relogged(t, f, good, func(r *relog) {
		r.edit(viewed(r), erin, func(e *evidence.Entry) { e.Act = evidence.Act("v" + strings.Repeat("-9", 31) + "v") })
	})
	if r := f.verify(t, longest.zip(), bundle.Options{}); r.Outcome != bundle.OK {
		t.Errorf("with an act of 64 characters: %s, %v", r.Outcome, r.Problems)
	}
	python.agrees(t, f, longest, bundle.OK)
}
