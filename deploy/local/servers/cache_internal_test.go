package servers

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// writeModule makes a nested module of one tiny program.
func writeModule(t *testing.T, source string) (modules string) {
	t.Helper()
	modules = t.TempDir()
	dir := filepath.Join(modules, "tiny")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module tiny\n\ngo 1.26.0\n", "main.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return modules
}

func testCache(t *testing.T) (*cache, *strings.Builder) {
	t.Helper()
	told := new(strings.Builder)
	p := newProgress(told)
	t.Cleanup(p.close)
	return &cache{dir: t.TempDir(), progress: p}, told
}

const tinySource = "package main\n\nfunc main() {}\n"

func TestCacheBuildsOnce(t *testing.T) {
	t.Parallel()
	modules := writeModule(t, tinySource)
	shared, told := testCache(t)
	a := artifact{module: "tiny", does: "nothing", pkg: "."}
	var group sync.WaitGroup
	for range 3 { // as three processes would
		one := &cache{dir: shared.dir, progress: shared.progress}
		group.Go(func() {
			dir, err := one.get(t.Context(), a, modules)
			if err != nil || !exists(filepath.Join(dir, "tiny")) {
				t.Errorf("got %q, %v", dir, err)
			}
		})
	}
	group.Wait()
	if got := strings.Count(told.String(), "building nothing, once"); got != 1 {
		t.Errorf("built %d times:\n%s", got, told)
	}
	left, _ := filepath.Glob(filepath.Join(shared.dir, "tiny", "building-*"))
	if len(left) > 0 {
		t.Errorf("left behind %v", left)
	}
}

func TestKeyChangesWithWhatIsBuilt(t *testing.T) {
	t.Parallel()
	src := filepath.Join(writeModule(t, tinySource), "tiny")
	other := filepath.Join(writeModule(t, tinySource+"\n// changed\n"), "tiny")
	keys := map[string]bool{}
	for _, test := range []struct {
		src  string
		tags string
	}{{src, ""}, {src, "minimal"}, {other, ""}} {
		key, err := artifact{module: "tiny", pkg: ".", tags: test.tags}.key(test.src)
		if err != nil {
			t.Fatal(err)
		}
		keys[key] = true
	}
	if len(keys) != 3 {
		t.Errorf("got %v", keys)
	}
}

func TestBuildThatFailsTellsItsStory(t *testing.T) {
	t.Parallel()
	modules := writeModule(t, "package main\n\nfunc main() { undefinedName() }\n")
	c, _ := testCache(t)
	_, err := c.get(t.Context(), artifact{module: "tiny", pkg: ".", path: "tiny"}, modules)
	failed := new(Error)
	if !errors.As(err, &failed) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"tiny: building it", "put it on PATH", failed.Log, "undefinedName"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in:\n%v", want, err)
		}
	}
}
