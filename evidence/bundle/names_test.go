package bundle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// pythonNames returns what the independent verifier makes of names.
func pythonNames(t *testing.T, names []evidence.FileName) []string {
	t.Helper()
	var in bytes.Buffer
	for _, n := range names {
		fmt.Fprintf(&in, "%x\n", string(n))
	}
	cmd := exec.CommandContext(t.Context(), "python3", "testdata/names.py")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(said) != len(names) {
		t.Fatalf("%d names became %d", len(names), len(said))
	}
	return said
}

// TestNames holds both implementations of FORMAT.md section 4.4 to its examples.
func TestNames(t *testing.T) {
	text, err := os.ReadFile("testdata/names.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var names []evidence.FileName
	var want []string
	for line := range bytes.Lines(text) {
		var example struct {
			Name evidence.FileName `json:"name"`
			Safe string            `json:"safe"`
		}
		if err := json.Unmarshal(line, &example); err != nil {
			t.Fatal(err)
		}
		names, want = append(names, example.Name), append(want, example.Safe)
	}
	for i, said := range pythonNames(t, names) {
		if got := names[i].SafeName(); got != want[i] || said != want[i] {
			t.Errorf("%q becomes %q here and %q in Python, want %q", names[i], got, said, want[i])
		}
	}
	if len(names) < 60 {
		t.Errorf("there are %d examples only", len(names))
	}
}

// windowsRefuses is what Windows does not create as a file, in a name of ASCII.
var windowsRefuses = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)|[<>:"/\\|?*\x00-\x1f]|[. ]$|^$`)

// TestHostileNames has both implementations make thousands of hostile names safe:
// they agree, and every file system takes what they make.
func TestHostileNames(t *testing.T) {
	seed := seedOf(t)
	r, awkward := rand.New(rand.NewPCG(seed, 2)), awkwardNames()
	var names []evidence.FileName
	for _, n := range awkward {
		names = append(names, evidence.FileName(n))
	}
	for range 20_000 {
		names = append(names, hostileName(r, awkward))
	}
	for i, said := range pythonNames(t, names) {
		got := names[i].SafeName()
		if got != said {
			t.Errorf("%q becomes %q here and %q in Python", names[i], got, said)
		}
		if windowsRefuses.MatchString(got) || got[0] == '.' || len(got) > 100 {
			t.Errorf("%q becomes %q, which not every file system takes", names[i], got)
		}
	}
}
