package bundle_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
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
