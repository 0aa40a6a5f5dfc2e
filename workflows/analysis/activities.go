package analysis

import (
	"context"
	"io"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Custody is what the activities need of the rooms (package rooms).
type Custody interface {
	Item(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, error)
	OpenForAnalysis(ctx context.Context, actor evidence.Actor, item evidence.Item) (io.ReadCloser, error)
	RecordAnalysis(ctx context.Context, actor evidence.Actor, analyses []exhibit.Analysis) error
}

// Findings and items are put on record together up to these numbers: many
// small items cost one write, and one with many findings does not pile up.
const (
	recordItems    = 50
	recordFindings = 5000
)

// Activities are the side effects of the Analysis workflow.
type Activities struct {
	Custody Custody
	Actor   evidence.Actor // the worker
	Runner  *analyze.Runner
}

// position is how far an attempt is; heartbeats tell it, and nothing is read from
// them.
type position struct {
	Done   int                      `json:"done"` // items on record
	Result workflows.AnalysisResult `json:"result"`
}

// AnalyseItems has every analyzer read each item, and puts on record what they
// found, or that one gave up. A retry begins anew; recording again changes nothing.
func (a *Activities) AnalyseItems(ctx context.Context, in workflows.AnalysisInput) (workflows.AnalysisResult, error) {
	var at position
	var mu sync.Mutex
	ctx, beat := pulse.Start(ctx, func() any {
		mu.Lock()
		defer mu.Unlock()
		return at
	})
	defer beat.Stop()
	for at.Done < len(in.Items) {
		group, findings, err := a.group(ctx, in.Items[at.Done:], beat)
		if err != nil {
			return at.Result, pulse.Cause(ctx, err)
		}
		if err := a.Custody.RecordAnalysis(ctx, a.Actor, group); err != nil {
			return at.Result, pulse.Cause(ctx, err)
		}
		mu.Lock()
		at.Done += len(group)
		at.Result.Analysed += len(group)
		at.Result.Findings += findings
		for _, g := range group {
			if g.Failure != "" {
				at.Result.Failed++
			}
		}
		mu.Unlock()
	}
	return at.Result, nil
}

// group analyses items until there is enough to put on record.
func (a *Activities) group(ctx context.Context, ids []evidence.ItemID, beat *pulse.Pulse) ([]exhibit.Analysis, int, error) {
	var (
		group    []exhibit.Analysis
		findings int
	)
	for _, id := range ids {
		one, err := a.analyse(ctx, id, beat)
		if err != nil {
			return nil, 0, err
		}
		group = append(group, one)
		findings += len(one.Findings)
		if len(group) >= recordItems || findings >= recordFindings {
			break
		}
	}
	return group, findings, nil
}

// analyse reads one item. What an analyzer does is part of the outcome; an
// error means that storage did not give the bytes.
func (a *Activities) analyse(ctx context.Context, id evidence.ItemID, beat *pulse.Pulse) (exhibit.Analysis, error) {
	it, err := a.Custody.Item(ctx, a.Actor, id)
	if err != nil {
		return exhibit.Analysis{}, err
	}
	content, err := a.Custody.OpenForAnalysis(ctx, a.Actor, it)
	if err != nil {
		if evidence.CodeOf(err).Retryable() {
			return exhibit.Analysis{}, err
		}
		return exhibit.Analysis{Item: it, Tools: a.Runner.Tools(), Failure: evidence.MessageOf(err)}, nil
	}
	defer content.Close()
	report, err := a.Runner.Run(ctx, it, moving{content, beat})
	if err != nil {
		return exhibit.Analysis{}, err
	}
	return exhibit.Analysis{
		Item: it, Tools: report.Tools, MediaType: report.MediaType, Findings: report.Findings, Failure: report.Failure,
	}, nil
}

// moving tells the pulse whenever storage gives bytes.
type moving struct {
	io.Reader
	beat *pulse.Pulse
}

// Read implements io.Reader.
func (m moving) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.beat.Move()
	return n, err
}
