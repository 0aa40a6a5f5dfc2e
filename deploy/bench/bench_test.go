package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"4GiB": 4 << 30, "512MiB": 512 << 20, "64 KiB": 64 << 10, "123": 123, "1TiB": 1 << 40} {
		if got, err := parseSize(text); got != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "-1MiB", "4GB", "1.5GiB", "99999999999TiB"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q is taken as %d", text, got)
		}
	}
}

func TestWrongCalls(t *testing.T) {
	for _, args := range [][]string{{"-only", "small"}, {"extra"}, {"-files", "0"}, {"-turns", "0"}, {"-size", "1MiB"}, {"-unknown"}} {
		var said bytes.Buffer
		if code := run(t.Context(), args, &said, &said); code != 2 {
			t.Errorf("%q: exit code %d, want 2; said %s", args, code, said.String())
		}
	}
}

func TestNoRoom(t *testing.T) {
	dir := t.TempDir()
	if _, known := freeBytes(dir); !known {
		t.Log("this system does not say how much room there is; nothing is refused")
		return
	}
	_, err := measure(context.Background(), options{only: []string{"big"}, size: 1 << 50, dir: dir}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "-dir") {
		t.Errorf("got %v, want what to do", err)
	}
}

func TestParseBenchmark(t *testing.T) {
	const out = "goos: linux\nBenchmarkOther-2  1  5 ns/op\nBenchmarkX-2   \t 1\t14043 ns/op\t 2220 entries/s\t 3.151 ms/append-old\nPASS\n"
	got, err := parseBenchmark(out, "BenchmarkX")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{"ns/op": 14043, "entries/s": 2220, "ms/append-old": 3.151}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := parseBenchmark(out, "BenchmarkMissing"); err == nil {
		t.Error("a benchmark that printed nothing was read")
	}
}

func TestTargets(t *testing.T) {
	for name, tc := range map[string]struct {
		figure Figure
		want   bool
	}{
		"none":          {Figure{Value: 1e9}, true},
		"below":         {Figure{Value: 299, Below: 300}, true},
		"at the limit":  {Figure{Value: 300, Below: 300}, false},
		"ratio":         {Figure{Value: 11, Beside: &Beside{"then", 10}, Factor: 1.15}, true},
		"ratio too big": {Figure{Value: 12, Beside: &Beside{"then", 10}, Factor: 1.15}, false},
		"least":         {Figure{Value: 20, Beside: &Beside{"alone", 2}, Least: 10}, true},
		"not the least": {Figure{Value: 19, Beside: &Beside{"alone", 2}, Least: 10}, false},
		"median turn":   {Figure{Value: 19, Beside: &Beside{"alone", 2}, Least: 10, Turns: &Turns{Median: 11, Least: 8, Most: 14}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.figure.met(); got != tc.want {
				t.Errorf("met: %t, want %t", got, tc.want)
			}
		})
	}
}

func TestTableSaysWhatIsMissed(t *testing.T) {
	r := report{Machine: "a machine"}
	r.add(Figure{Part: "big", What: "received", Value: 50, Unit: "s", Beside: &Beside{"rclone", 80}})
	r.add(Figure{Part: "many", What: "page", Value: 301, Unit: "ms", Below: 300})
	r.note("once")
	r.note("once")
	table := r.table()
	for _, want := range []string{"rclone: 80.0 s", "0.62", "< 300 ms", "MISSED", "* once"} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is missing in:\n%s", want, table)
		}
	}
	if strings.Count(table, "once") != 1 || r.missed() != 1 {
		t.Errorf("missed %d in:\n%s", r.missed(), table)
	}
}

func TestQuantile(t *testing.T) {
	times := []time.Duration{5, 1, 4, 2, 3}
	for at, want := range map[float64]time.Duration{0: 1, 0.5: 3, 0.95: 5, 1: 5} {
		if got := quantile(times, at); got != want {
			t.Errorf("at %g: %d, want %d", at, got, want)
		}
	}
	if got := quantile(nil, 0.5); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
}

func TestParseStatus(t *testing.T) {
	const status = "Name:\tsealcase\nVmHWM:\t  204800 kB\nVmRSS:\t  1024 kB\n"
	if got, err := parseStatus(status, "VmHWM"); got != 200*mebibyte || err != nil {
		t.Errorf("%d, %v", got, err)
	}
	if _, err := parseStatus(status, "VmPeak"); err == nil {
		t.Error("a field that is not there was read")
	}
}

func TestManyFilesHaveTheirSizes(t *testing.T) {
	dir := t.TempDir()
	total, err := writeMany(dir, 450)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "folder-*", "*.log"))
	if err != nil || len(files) != 450 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var sum int64
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() < 1<<10 || info.Size() >= 8<<10 {
			t.Errorf("%s has %d bytes", f, info.Size())
		}
		sum += info.Size()
	}
	if sum != total {
		t.Errorf("%d bytes, and %d were told", sum, total)
	}
}

func TestSuitesSayHowMuchTheyJudged(t *testing.T) {
	for test, out := range map[string]string{
		"TestGenuine":      "    genuine_test.go:63: 2000 cases, 2670 bundles, 9 entries, 7 exhibits\n--- PASS",
		"TestDifferential": "    differential_test.go:49: 11139 of 11139 mutations: map[tampered:5]\n",
		"TestMemory":       "    size_test.go:82: written: 1083 bytes, 20001 items, 5 entries; at most 5 MiB\n",
		"TestMaliceRows":   "    malice_rows_test.go:88: tried 2231 of 2231 kinds of changes of rows in 1m39s, with -rows-seed=1\n",
	} {
		want := map[string]float64{"TestGenuine": 2000, "TestDifferential": 11139, "TestMemory": 20001, "TestMaliceRows": 2231}[test]
		for _, s := range suites() {
			if s.test != test {
				continue
			}
			if got, err := s.counted(out); got != want || err != nil {
				t.Errorf("%s: %g, %v; want %g", test, got, err, want)
			}
			if _, err := s.counted("--- PASS"); err == nil {
				t.Errorf("%s: a test that judged nothing was read", test)
			}
		}
	}
}

func TestStationIsNotNeededToJudge(t *testing.T) {
	for only, want := range map[string]bool{"genuine": false, "genuine,mutations": false, "mutations,log": true, "big": true} {
		o, err := parseOptions([]string{"-only", only}, &bytes.Buffer{})
		if err != nil || o.wantsStation() != want {
			t.Errorf("-only %s: station %t, %v", only, o.wantsStation(), err)
		}
	}
	if o, err := parseOptions(nil, &bytes.Buffer{}); err != nil || !o.wantsStation() || o.wants("genuine") {
		t.Errorf("without -only: %+v, %v", o, err)
	}
}
