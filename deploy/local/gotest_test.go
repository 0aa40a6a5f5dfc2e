package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// synthetic is a module with a test that passes and names its seed, one that
// fails in a part, one that is broken off by a panic, and a package that does
// not compile.
func synthetic(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":            "module synthetic\n\ngo 1.26\n",
		"good/good_test.go": "package good\n\nimport \"testing\"\n\nfunc TestGood(t *testing.T) { t.Log(\"what is quiet\"); t.Log(\"to repeat this: -seed 4711\") }\n",
		"bad/bad_test.go": "package bad\n\nimport \"testing\"\n\nfunc TestFine(t *testing.T) { t.Log(\"what is quiet\") }\n\n" +
			"func TestBad(t *testing.T) { t.Run(\"part\", func(t *testing.T) { t.Error(\"why it failed\") }) }\n",
		"gone/gone_test.go":     "package gone\n\nimport \"testing\"\n\nfunc TestGone(t *testing.T) { t.Log(\"last words\"); panic(\"all over\") }\n",
		"broken/broken_test.go": "package broken\n\nimport \"testing\"\n\nfunc TestBroken(t *testing.T) { undefined() }\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSuiteSaysWhatGoTestSays runs real `go test` over packages that pass, fail,
// panic and do not compile.
func TestSuiteSaysWhatGoTestSays(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out")) // two writers: go's own words, and what it reports
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	s := &suite{root: synthetic(t), out: out, env: []string{"GOWORK=off", "GOFLAGS="}}
	only := step{"go", func(s *suite, ctx context.Context) error { return s.goTest(ctx, "./...") }}
	if failed := s.runAll(t.Context(), []step{only}); len(failed) != 1 {
		t.Errorf("failed: %v", failed)
	}
	data, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	said := string(data)
	for _, want := range []string{
		"ok  \tsynthetic/good\t", "FAIL\tsynthetic/bad\t", "--- FAIL: TestBad", "why it failed",
		"panic: all over", "last words", "FAIL\tsynthetic/gone\t", "undefined: undefined", "FAIL\tsynthetic/broken [build failed]",
		"the 4 slowest of 4 tests:", "synthetic/good TestGood", "seeds of what was generated:\n", "-seed 4711",
		"FAILED: go test: exit status 1",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	for _, unwanted := range []string{"what is quiet", "=== RUN", `"Action"`} {
		if strings.Contains(said, unwanted) {
			t.Errorf("it says %q", unwanted)
		}
	}
	if t.Failed() {
		t.Log(said)
	}
}

func TestBrowserTimings(t *testing.T) {
	report := filepath.Join(t.TempDir(), "report.json")
	err := os.WriteFile(report, []byte(`{"suites": [{"title": "a.spec.ts", "specs": [
		{"title": "opens", "file": "a.spec.ts", "tests": [{"results": [{"duration": 1500}, {"duration": 500}]}]}],
		"suites": [{"specs": [{"title": "closes", "file": "a.spec.ts", "tests": [{"results": [{"duration": 90}]}]}]}]}]}`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	all, err := browserTimings(report)
	if err != nil || len(all) != 2 {
		t.Fatalf("got %v, %v", all, err)
	}
	said := (&summary{tests: all}).String()
	if want := "the 2 slowest of 2 tests:\n        2s  web/e2e/a.spec.ts: opens\n     100ms  web/e2e/a.spec.ts: closes\n"; said != want {
		t.Errorf("got\n%swant\n%s", said, want)
	}
	if _, err := browserTimings(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a report that was never written was read")
	}
}
