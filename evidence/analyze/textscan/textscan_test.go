package textscan_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/textscan"
)

func run(t *testing.T, text string) analyze.Report {
	t.Helper()
	r := analyze.Runner{Analyzers: []analyze.Analyzer{textscan.Analyzer{}}, Logger: slog.New(slog.DiscardHandler)}
	report, err := r.Run(t.Context(), evidence.Item{ID: "item-x", Length: int64(len(text))}, strings.NewReader(text))
	if err != nil || report.Failure != "" {
		t.Fatalf("failure %q, %v", report.Failure, err)
	}
	return report
}

func TestFindings(t *testing.T) {
	report := run(t, "from 203.0.113.7\nto evil[.]example[.]com and evil.example.com, 203.0.113.7\n")
	want := []evidence.Finding{
		{Item: "item-x", Analyzer: "textscan/2", Index: 0, Kind: "ipv4", Value: "203.0.113.7", Offset: 5, Length: 11, Count: 2},
		{Item: "item-x", Analyzer: "textscan/2", Index: 1, Kind: "domain", Value: "evil.example.com", Raw: "evil[.]example[.]com", Offset: 20, Length: 20, Count: 2},
	}
	if diff := cmp.Diff(want, report.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestMoreThanAreKept(t *testing.T) {
	var text strings.Builder
	for i := range analyze.DefaultMaxFindings + 500 {
		fmt.Fprintf(&text, "10.%d.%d.1\n", i/256, i%256)
	}
	report := run(t, text.String())
	if n := len(report.Findings); n != analyze.DefaultMaxFindings+1 {
		t.Fatalf("%d findings", n)
	}
	if last := report.Findings[analyze.DefaultMaxFindings]; last.Kind != analyze.KindTruncated {
		t.Errorf("the last is %+v", last)
	}
}
