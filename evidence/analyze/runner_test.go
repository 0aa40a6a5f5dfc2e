package analyze_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
)

// analyzer is one whose work is a function.
type analyzer struct {
	name string
	do   func(r io.Reader, emit func(evidence.Finding) error) error
}

func (a analyzer) Name() string  { return a.name }
func (analyzer) Version() string { return "1" }
func (a analyzer) Analyze(_ context.Context, in analyze.Input, emit func(evidence.Finding) error) error {
	return a.do(in.Content, emit)
}

// sum states the digest of all that it reads.
func sum() analyzer {
	return analyzer{"sum", func(r io.Reader, emit func(evidence.Finding) error) error {
		raw, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return emit(evidence.Finding{Kind: analyze.KindFileType, Value: evidence.Sum(raw).String()})
	}}
}

func runner(analyzers ...analyze.Analyzer) *analyze.Runner {
	return &analyze.Runner{Analyzers: analyzers, Logger: slog.New(slog.DiscardHandler)}
}

func item(content []byte) evidence.Item {
	return evidence.Item{ID: "item-x", Name: "x", Length: int64(len(content))}
}

func TestEveryAnalyzerReadsEverything(t *testing.T) {
	for _, size := range []int{0, 1, 256 << 10, 3<<20 + 17} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			content := bytes.Repeat([]byte("evidence"), size/8+1)[:size]
			first := sum()
			second := sum()
			second.name = "second"
			report, err := runner(first, second).Run(t.Context(), item(content), iotest.HalfReader(bytes.NewReader(content)))
			if err != nil {
				t.Fatal(err)
			}
			digest := evidence.Sum(content).String()
			want := analyze.Report{
				Tools:     []evidence.Tool{{Name: "sum", Version: "1"}, {Name: "second", Version: "1"}},
				MediaType: digest,
				Findings: []evidence.Finding{
					{Item: "item-x", Analyzer: "sum/1", Kind: analyze.KindFileType, Value: digest},
					{Item: "item-x", Analyzer: "second/1", Kind: analyze.KindFileType, Value: digest},
				},
			}
			if diff := cmp.Diff(want, report); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneAnalyzerThatFailsHarmsNoOther(t *testing.T) {
	one := evidence.Finding{Kind: "before", Value: "it"}
	tests := map[string]func(io.Reader, func(evidence.Finding) error) error{
		"panics":          func(_ io.Reader, emit func(evidence.Finding) error) error { _ = emit(one); panic("secret content") },
		"panics with nil": func(_ io.Reader, emit func(evidence.Finding) error) error { _ = emit(one); panic(nil) },
		"fails":           func(_ io.Reader, emit func(evidence.Finding) error) error { _ = emit(one); return errors.New("no") },
		"fails in the middle": func(r io.Reader, emit func(evidence.Finding) error) error {
			_ = emit(one)
			_, _ = io.CopyN(io.Discard, r, 300<<10)
			return errors.New("no")
		},
	}
	content := bytes.Repeat([]byte("x"), 2<<20)
	for name, do := range tests {
		t.Run(name, func(t *testing.T) {
			report, err := runner(analyzer{"bad", do}, sum()).Run(t.Context(), item(content), bytes.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Findings) != 2 || report.MediaType != evidence.Sum(content).String() {
				t.Errorf("findings %+v", report.Findings)
			}
			if report.Failure != "bad/1 gave up after 1 findings" {
				t.Errorf("failure %q", report.Failure)
			}
		})
	}
}

func TestFindingsAreCapped(t *testing.T) {
	endless := analyzer{"endless", func(_ io.Reader, emit func(evidence.Finding) error) error {
		for i := int64(0); ; i++ {
			if err := emit(evidence.Finding{Kind: "k", Offset: i}); err != nil {
				return err
			}
		}
	}}
	r := runner(endless, sum())
	r.MaxFindings = 10
	report, err := r.Run(t.Context(), item([]byte("abc")), strings.NewReader("abc"))
	if err != nil || report.Failure != "" {
		t.Fatalf("failure %q, %v", report.Failure, err)
	}
	if n := len(report.Findings); n != 12 {
		t.Fatalf("%d findings", n)
	}
	if last := report.Findings[10]; last.Kind != analyze.KindTruncated || last.Value != "10" || last.Index != 10 {
		t.Errorf("the last is %+v", last)
	}
}

func TestReadingFails(t *testing.T) {
	broken := errors.New("broken")
	tests := map[string]struct {
		content io.Reader
		code    evidence.Code
	}{
		"storage fails":         {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken)), evidence.Internal},
		"storage is cut off":    {strings.NewReader("ab"), evidence.Unavailable},
		"cut off, and it knows": {io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(io.ErrUnexpectedEOF)), evidence.Internal},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			report, err := runner(sum()).Run(t.Context(), evidence.Item{Length: 3}, tc.content)
			if evidence.CodeOf(err) != tc.code || len(report.Findings) != 0 {
				t.Errorf("report %+v, error %v", report, err)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	slow := analyzer{"slow", func(r io.Reader, _ func(evidence.Finding) error) error {
		cancel()
		_, err := io.Copy(io.Discard, r)
		return err
	}}
	content := make([]byte, 4<<20)
	if _, err := runner(slow).Run(ctx, item(content), bytes.NewReader(content)); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}
