// Package textscan states which indicators of compromise and of money are in
// the text of an item (package indicator): each once, with the place of its
// first occurrence and how often it occurs.
package textscan

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/indicator"
)

// Analyzer finds indicators in text.
type Analyzer struct{}

// Name implements analyze.Analyzer.
func (Analyzer) Name() string { return "textscan" }

// Version implements analyze.Analyzer.
func (Analyzer) Version() string { return "2" }

// Analyze implements analyze.Analyzer. It knows of one indicator more than the
// Runner keeps by default, so that the Runner says that there are more.
func (Analyzer) Analyze(_ context.Context, in analyze.Input, emit func(evidence.Finding) error) error {
	tally := indicator.NewTally(analyze.DefaultMaxFindings + 1)
	if err := indicator.Scan(in.Content, tally.Add); err != nil {
		return fmt.Errorf("scanning for indicators: %w", err)
	}
	counted, _ := tally.Sorted()
	for _, c := range counted {
		err := emit(evidence.Finding{
			Kind: string(c.Kind), Value: c.Value, Raw: c.Raw, Offset: c.Offset, Length: c.Length, Count: c.Count, Details: c.Details,
		})
		if err != nil {
			return err
		}
	}
	return nil
}
