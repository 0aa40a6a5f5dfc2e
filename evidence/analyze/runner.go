package analyze

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/sealcase/sealcase/evidence"
)

// DefaultMaxFindings is how many findings of one analyzer in one item are kept.
const DefaultMaxFindings = 10_000

const chunkSize = 256 << 10

// Runner runs analyzers over items. It is safe for concurrent use; each run
// holds a few buffers of 256 KiB, however large the item is.
type Runner struct {
	Analyzers   []Analyzer
	MaxFindings int          // per analyzer and item; DefaultMaxFindings when 0
	Logger      *slog.Logger // slog.Default() when nil
}

// Report is what all analyzers together found in one item.
type Report struct {
	Tools     []evidence.Tool
	MediaType string // value of the first KindFileType finding
	Findings  []evidence.Finding
	Failure   string // which analyzers gave up, in words that are safe to show; "" when none
}

// Tools names the analyzers with their versions.
func (r *Runner) Tools() []evidence.Tool {
	tools := make([]evidence.Tool, 0, len(r.Analyzers))
	for _, a := range r.Analyzers {
		tools = append(tools, evidence.Tool{Name: a.Name(), Version: a.Version()})
	}
	return tools
}

// Run reads content once, as far as any analyzer wants it, and returns what the analyzers found. It
// fails only when content does, or when ctx ends; what an analyzer does wrong
// is in the report.
func (r *Runner) Run(ctx context.Context, item evidence.Item, content io.Reader) (Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group sync.WaitGroup
	jobs := make([]*job, len(r.Analyzers))
	readers := make([]*chunkReader, len(r.Analyzers))
	for i, a := range r.Analyzers {
		readers[i] = newChunkReader(ctx)
		jobs[i] = &job{analyzer: a, max: r.max()}
		group.Go(func() {
			defer close(readers[i].gone)
			jobs[i].run(ctx, Input{Item: item, Content: readers[i]})
		})
	}
	err := distribute(ctx, content, item.Length, readers)
	if err != nil {
		cancel()
	}
	group.Wait()
	if err != nil {
		return Report{}, err
	}
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return r.report(item, jobs), nil
}

func (r *Runner) report(item evidence.Item, jobs []*job) Report {
	report := Report{Tools: r.Tools()}
	var failures []string
	for _, j := range jobs {
		for i, f := range j.findings {
			f.Item, f.Analyzer, f.Index = item.ID, ID(j.analyzer), i
			if f.Kind == KindFileType && report.MediaType == "" {
				report.MediaType = f.Value
			}
			report.Findings = append(report.Findings, f)
		}
		if j.failure != nil {
			r.logger().Error("an analyzer gave up", "analyzer", ID(j.analyzer), "item", item.ID, "error", j.failure)
			failures = append(failures, fmt.Sprintf("%s gave up after %d findings", ID(j.analyzer), len(j.findings)))
		}
	}
	report.Failure = strings.Join(failures, "; ")
	return report
}

func (r *Runner) max() int {
	if r.MaxFindings > 0 {
		return r.MaxFindings
	}
	return DefaultMaxFindings
}

func (r *Runner) logger() *slog.Logger {
	if r.Logger != nil {
		return r.Logger
	}
	return slog.Default()
}

var errEnough = errors.New("enough findings")

// job is one analyzer at work on one item.
type job struct {
	analyzer Analyzer
	max      int
	findings []evidence.Finding
	failure  error
}

func (j *job) run(ctx context.Context, in Input) {
	defer func() {
		if p := recover(); p != nil {
			// The value may hold evidence content; its type does not.
			j.failure = fmt.Errorf("panic of type %T", p)
		}
	}()
	err := j.analyzer.Analyze(ctx, in, j.emit)
	if errors.Is(err, errEnough) {
		err = nil
	}
	j.failure = err
}

// emit keeps a finding; after the last that is kept it says that there is more.
func (j *job) emit(f evidence.Finding) error {
	if len(j.findings) < j.max {
		j.findings = append(j.findings, f)
		return nil
	}
	if len(j.findings) == j.max {
		j.findings = append(j.findings, evidence.Finding{
			Kind: KindTruncated, Value: strconv.Itoa(j.max), Offset: f.Offset, Length: f.Length,
			Details: map[string]string{"note": "there are more findings than are kept; those after this place are left out"},
		})
	}
	return errEnough
}
