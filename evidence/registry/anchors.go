package registry

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// AddAnchor adds what an outsider gave for a checkpoint of the register, and
// reports false when the same outsider gave something for it already.
func (r *Registry) AddAnchor(ctx context.Context, a evidence.Anchor) (added bool, err error) {
	body, err := encode(a)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, anchors, document{
		ID: fmt.Sprintf("%012d/%s/%s", a.Size, a.Kind, a.By), Part: anchorPart(a.Size / tileSize), N: a.Size, Body: body,
	})
}

// Anchors returns what outsiders gave for the checkpoints of the register whose
// sizes are in a tile, by size.
func (r *Registry) Anchors(ctx context.Context, tile int64) ([]evidence.Anchor, error) {
	return decodeAll[evidence.Anchor](r.find(ctx, anchors, "part", anchorPart(tile)))
}

func anchorPart(tile int64) string { return fmt.Sprintf("%09d", tile) }
