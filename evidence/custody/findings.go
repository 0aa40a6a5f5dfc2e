package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// Analysis is what analyzers found in one item.
type Analysis struct {
	Item      evidence.Item      `json:"item"`
	Tools     []evidence.Tool    `json:"tools"`                // that read it, with versions
	MediaType string             `json:"media_type,omitempty"` // as identified; "" when unknown
	Findings  []evidence.Finding `json:"findings,omitempty"`
	Failure   string             `json:"failure,omitempty"` // safe message when an analyzer gave up; findings may be there all the same
}

// RecordAnalysis stores findings, puts one entry an item on record, and gives
// the item its media type. Idempotent under the item and its tools. Only a
// service may.
func (s *Service) RecordAnalysis(ctx context.Context, actor evidence.Actor, analyses []Analysis) error {
	return errSoon
}

// Findings returns what analyzers found in an item.
func (s *Service) Findings(ctx context.Context, actor evidence.Actor, id evidence.ItemID, cursor string, limit int) (Page[evidence.Finding], error) {
	return Page[evidence.Finding]{}, errSoon
}
