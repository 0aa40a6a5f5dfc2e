package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// How many tests the suite names in the end, and how long the tests of one
// package may take before it is named too: its documentation says why.
const (
	slowTests   = 10
	slowPackage = 30 * time.Second
)

// summary is what the suite says about time and chance.
type summary struct {
	tests    []timing
	packages []timing
	seeds    []string
}

func (s *summary) add(r *goReport) {
	s.tests = append(s.tests, r.tests...)
	s.packages = append(s.packages, r.packages...)
	s.seeds = append(s.seeds, r.seeds...)
}

// String lists the slowest tests, the packages above their limit, and the seeds.
func (s *summary) String() string {
	var b strings.Builder
	slowestFirst := func(a, b timing) int { return cmp.Compare(b.took, a.took) }
	list := func(title string, all []timing) {
		if len(all) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s:\n", title)
		for _, t := range all {
			fmt.Fprintf(&b, "  %8s  %s\n", t.took.Round(100*time.Millisecond), t.test)
		}
	}
	tests := slices.SortedStableFunc(slices.Values(s.tests), slowestFirst)
	list(fmt.Sprintf("the %d slowest of %d tests", min(slowTests, len(tests)), len(tests)), tests[:min(slowTests, len(tests))])
	packages := slices.SortedStableFunc(slices.Values(s.packages), slowestFirst)
	list(fmt.Sprintf("packages whose tests took more than %s", slowPackage),
		slices.DeleteFunc(packages, func(t timing) bool { return t.took <= slowPackage }))
	if len(s.seeds) > 0 {
		fmt.Fprintf(&b, "seeds of what was generated:\n  %s\n", strings.Join(s.seeds, "\n  "))
	}
	return b.String()
}

// browserSuite is a part of the report of Playwright's reporter "json".
type browserSuite struct {
	Suites []browserSuite `json:"suites"`
	Specs  []struct {
		Title string `json:"title"`
		File  string `json:"file"`
		Tests []struct {
			Results []struct {
				Duration float64 `json:"duration"` // milliseconds
			} `json:"results"`
		} `json:"tests"`
	} `json:"specs"`
}

// browserTimings reads how long each test of a browser took, from the report
// that Playwright wrote.
func browserTimings(report string) ([]timing, error) {
	data, err := os.ReadFile(report)
	if err != nil {
		return nil, fmt.Errorf("reading the report of the browser tests: %w", err)
	}
	var root browserSuite
	if err := json.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("reading the report of the browser tests: %w", err)
	}
	return root.timings(), nil
}

func (s browserSuite) timings() (all []timing) {
	for _, spec := range s.Specs {
		t := timing{test: "web/e2e/" + spec.File + ": " + spec.Title}
		for _, test := range spec.Tests {
			for _, result := range test.Results {
				t.took += time.Duration(result.Duration * float64(time.Millisecond))
			}
		}
		all = append(all, t)
	}
	for _, inner := range s.Suites {
		all = append(all, inner.timings()...)
	}
	return all
}
