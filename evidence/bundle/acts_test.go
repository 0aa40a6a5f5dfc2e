package bundle_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
)

// TestActsAreTheSameEverywhere compares the acts of this program with those of
// the independent verifier, and with the table of FORMAT.md section 5.2.
func TestActsAreTheSameEverywhere(t *testing.T) {
	var all, machine []string
	for _, a := range evidence.Acts() {
		all = append(all, string(a))
		if attest.OnlyMachine(a) {
			machine = append(machine, string(a))
		}
	}
	out, err := exec.CommandContext(t.Context(), "python3", "-B", "-c",
		`import sys; sys.path.insert(0, "independent"); import verify; print(*verify.ACTS); print(*verify.MACHINE_ONLY)`).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	for i, want := range [][]string{all, machine} {
		got := strings.Fields(lines[i])
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("verify.py has other acts (-ours +its): %s", diff)
		}
	}
	format, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(format), "\n| act | about |")
	table, rest, _ := strings.Cut(rest, "\n\n")
	_, rest, _ = strings.Cut(rest, "one of those that only the machine does:")
	rule, _, _ := strings.Cut(rest, ": T.")
	for _, a := range evidence.Acts() {
		if name := "`" + string(a) + "`"; !strings.Contains(table, name) || strings.Contains(rule, name) != attest.OnlyMachine(a) {
			t.Errorf("FORMAT.md does not have %s in its table, or as what only the machine does, as we do", name)
		}
	}
}

// TestRulesAreTheSameEverywhere compares who may do what by this program's table
// with the table of the independent verifier, and with that of FORMAT.md section
// 5.9.
func TestRulesAreTheSameEverywhere(t *testing.T) {
	t.Parallel()
	format, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(format), "| act | permission | roles that have it | grant |\n|---|---|---|---|\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	var python, ours []string
	for _, r := range act.Table() {
		if r.Needs == "" || r.Log == act.InRegister {
			continue
		}
		a, _ := act.AllowanceOf(r.Needs)
		var roles []string
		for _, role := range a.Roles {
			roles = append(roles, string(role))
		}
		live := map[bool]string{true: "live", false: ""}[r.Live]
		ours = append(ours, strings.Join([]string{string(r.Act), string(r.Needs), strings.Join(sorted(roles), " "), string(a.Grant), live}, "|"))
		grant := "`" + string(a.Grant) + "`"
		if a.Grant == "" {
			grant = "none"
		}
		said := false
		for line := range strings.Lines(table) {
			said = said || strings.Contains(line, "`"+string(r.Act)+"`") && strings.Contains(line, "*"+string(r.Needs)+"* | "+strings.Join(roles, ", ")+" | "+grant+" |")
		}
		if !said {
			t.Errorf("FORMAT.md does not say of %s that it needs %s, of %v with the grant %s", r.Act, r.Needs, roles, grant)
		}
	}
	out, err := exec.CommandContext(t.Context(), "python3", "-B", "-c", `import sys; sys.path.insert(0, "independent"); import verify as v
for a, p in v.NEEDS.items(): print(a, p, " ".join(sorted(v.ROLES[p].split())), v.GRANT[p], "live" if a in v.LIVE else "", sep="|")`).Output()
	if err != nil {
		t.Fatal(err)
	}
	python = strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if diff := cmp.Diff(sorted(ours), sorted(python)); diff != "" {
		t.Errorf("verify.py has other rules (-ours +its): %s", diff)
	}
	for _, state := range []evidence.CaseState{"intake", "open", "referred", "charged", "trial", "closed", "archived"} {
		out, err := exec.CommandContext(t.Context(), "python3", "-B", "-c", `import sys; sys.path.insert(0, "independent"); import verify; print(verify.NEXT["`+string(state)+`"])`).Output()
		var next []string
		for _, n := range state.Next() {
			next = append(next, string(n))
		}
		if got := strings.TrimSpace(string(out)); err != nil || got != strings.Join(next, " ") {
			t.Errorf("verify.py has %q after %s, we have %v (%v)", got, state, next, err)
		}
	}
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
