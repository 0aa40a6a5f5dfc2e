package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// CaseSummary is a case with its counts.
type CaseSummary struct {
	Case        evidence.Case    `json:"case"`
	Items       int              `json:"items"`
	Sealed      int              `json:"sealed"`
	Quarantined int              `json:"quarantined"`
	Received    int              `json:"received"` // neither sealed nor quarantined yet
	Bytes       int64            `json:"bytes"`
	LogSize     int64            `json:"log_size"`
	LastAt      evidence.Instant `json:"last_at,omitzero"` // of the last entry of the log
	// Asked are the requests to unseal the case as it stands, of who may still ask.
	Asked []state.ClassRequest `json:"asked,omitempty"`
}

// Summary returns a case with its counts. They come from what the log says, so
// they cost the same whatever the case holds.
func (s *Service) Summary(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (CaseSummary, error) {
	found, err := s.Case(ctx, actor, c)
	if err != nil {
		return CaseSummary{}, err
	}
	h, err := s.book.Log(c).Head(ctx, 0)
	if err != nil {
		return CaseSummary{}, err
	}
	n := h.Said.Counts
	return CaseSummary{
		Case: found, Items: n.Items(), Sealed: n.Sealed, Quarantined: n.Quarantined, Received: n.Received,
		Bytes: n.Bytes, LogSize: h.Size, LastAt: h.Said.LastAt, Asked: h.Said.Requests(),
	}, nil
}
