package station_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// random returns bytes that are the same for the same seed.
func random(seed, n int) []byte {
	data := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(data)
	return data
}

// hostile are names that a file system takes and a program may trip over.
func hostile() []string {
	return []string{
		"=cmd|'calc'!A0", "...", "-rf", "new\nline", "cr\r\nlf", "tab\there", "\u202egpj.exe", "bad\xff\xfe.bin",
		`back\..\slash`, "%2e%2e%2fetc", "CON", "a;rm -rf $HOME", "<script>alert(1)<script>", "name with  spaces ", "base64:QQ==",
		strings.Repeat("n", 255), "e\u0301", "'\"`",
	}
}

// seized makes a folder of n small files and a few special ones, and returns
// the digest of each by the name with which it comes into a case.
func seized(t *testing.T, n int) (folder string, want map[evidence.FileName]evidence.Digest) {
	t.Helper()
	folder, want = filepath.Join(t.TempDir(), "seized"), map[evidence.FileName]evidence.Digest{}
	put := func(dir, name string, content []byte) {
		path := filepath.Join(folder, dir)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path+"/"+name, content, 0o644); err != nil {
			t.Fatal(err)
		}
		want[evidence.FileName(filepath.Join("seized", dir)+"/"+name)] = evidence.Sum(content)
	}
	put("0", "disk.dd", random(1, 60<<20)) // found early, and under way for long
	put("0", "empty", nil)
	for i := range n {
		size := []int{0, 80, 700, 5_000, 40_000, 90_000}[i%6] + i + 1
		put(fmt.Sprintf("d%02d", i%20), fmt.Sprintf("%04d.bin", i), random(1000+i, size))
	}
	for i, name := range hostile() {
		put("hostile", name, fmt.Appendf(nil, "hostile %d at 198.51.100.%d", i, i))
	}
	return folder, want
}

// settled waits until the intakes of a case are closed, and fails unless every
// file that is wanted is exactly one sealed exhibit, numbers run from 1 without
// a gap, and the log says everything exactly once.
func settled(t *testing.T, c evidence.Case, want map[evidence.FileName]evidence.Digest) {
	t.Helper()
	var log []evidence.LogEntry
	until(t, "the intake of "+c.Number+" is closed", patience, func() bool {
		log = logOf(t, c)
		return count(log, evidence.ActIntakeClosed) > 0
	})
	items := itemsOf(t, c)
	slices.SortFunc(items, func(a, b evidence.Item) int { return a.Exhibit - b.Exhibit })
	missing := make(map[evidence.FileName]evidence.Digest, len(want))
	for name, digest := range want {
		missing[name] = digest
	}
	for i, it := range items {
		name := it.Path + "/" + it.Name
		if it.Path == "" {
			name = it.Name
		}
		digest, ok := missing[name]
		if !ok || digest != it.Digest || it.State != evidence.ItemSealed || it.Exhibit != i+1 {
			t.Errorf("item %d is %q, exhibit %d, %s, %s (wanted: %t, %s)", i, name.Display(), it.Exhibit, it.State, it.Digest, ok, digest)
		}
		delete(missing, name)
	}
	for name := range missing {
		t.Errorf("%q is not in the case", name.Display())
	}
	wantLog(t, log, items)
}

// wantLog fails unless the log has no gap, and one entry of each act that every
// item goes through.
func wantLog(t *testing.T, log []evidence.LogEntry, items []evidence.Item) {
	t.Helper()
	type about struct {
		act  evidence.Act
		item evidence.ItemID
	}
	seen, ids := map[about]int{}, map[evidence.EntryID]bool{}
	for i, e := range log {
		if e.Index != int64(i) || ids[e.Entry.ID] {
			t.Errorf("place %d of the log has index %d and entry %s (again: %t)", i, e.Index, e.Entry.ID, ids[e.Entry.ID])
		}
		ids[e.Entry.ID] = true
		seen[about{e.Entry.Act, e.Entry.Item}]++
	}
	for _, it := range items {
		for _, act := range []evidence.Act{evidence.ActReceived, evidence.ActSealed, evidence.ActAnalysed} {
			if n := seen[about{act, it.ID}]; n != 1 {
				t.Errorf("exhibit %d is %s %d times", it.Exhibit, act, n)
			}
		}
	}
	for _, act := range []evidence.Act{evidence.ActOpened, evidence.ActIntakeOpened, evidence.ActIntakeClosed} {
		if n := seen[about{act, ""}]; n != 1 {
			t.Errorf("the case has %d entries %q, want 1", n, act)
		}
	}
}

func count(log []evidence.LogEntry, act evidence.Act) int {
	n := 0
	for _, e := range log {
		if e.Entry.Act == act {
			n++
		}
	}
	return n
}

// file writes one file of its own folder.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
