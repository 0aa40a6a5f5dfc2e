package registry

import (
	"context"
	"crypto/rand"

	"github.com/sealcase/sealcase/evidence"
)

// AddRedemption records that a ticket, which is the identifier of an entry, was
// used, and reports false when it was before. Each call writes a document that is
// different from all others, so that of two at once one is told false.
func (r *Registry) AddRedemption(ctx context.Context, ticket evidence.EntryID) (added bool, err error) {
	return r.insert(ctx, redemptions, document{ID: string(ticket), Body: rand.Text()})
}
