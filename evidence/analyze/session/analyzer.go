package session

import (
	"bytes"
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
)

// least is how sure a format must be that a log is its own.
const least = 50

// Analyzer states what the logs of agents say. It implements analyze.Analyzer.
type Analyzer struct {
	Formats []Format // of those that are equally sure, the first is taken
}

// Name implements analyze.Analyzer.
func (Analyzer) Name() string { return "session" }

// Version implements analyze.Analyzer.
func (Analyzer) Version() string { return "1" }

// Analyze implements analyze.Analyzer.
func (a Analyzer) Analyze(ctx context.Context, in analyze.Input, emit func(evidence.Finding) error) error {
	log, err := a.Read(ctx, &Source{Reader: in.Content, Name: string(in.Item.Path) + "/" + string(in.Item.Name), Size: in.Item.Length}, analyze.DefaultMaxFindings)
	if err != nil || log == nil {
		return err
	}
	return emitLog(log, in.Item.Length, emit)
}

// Read reads a log of any of the formats; nil when it is of none. It keeps up to
// max turns and acts.
func (a Analyzer) Read(ctx context.Context, src *Source, max int) (*Log, error) {
	head, err := src.Peek()
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(head.Bytes, []byte{0x28, 0xB5, 0x2F, 0xFD}) {
		return a.unpacked(ctx, src, max)
	}
	f, ok := a.detect(head)
	if !ok {
		return nil, nil
	}
	b := NewBuilder(f, max)
	if err := f.Read(ctx, src, b); err != nil {
		return nil, err
	}
	return b.Finish(), nil
}

func (a Analyzer) detect(h Head) (best Format, ok bool) {
	score := least - 1
	for _, f := range a.Formats {
		if s := f.Detect(h); s > score {
			best, score, ok = f, s, true
		}
	}
	return best, ok
}
