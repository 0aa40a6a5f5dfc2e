package fixity

import (
	"context"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// run is one attempt at VerifyRange.
type run struct {
	*Activities
	pulse *pulse.Pulse

	mu sync.Mutex
	at remembered
}

// remember returns what the next attempt needs if this one ends now.
func (r *run) remember() any {
	r.mu.Lock()
	defer r.mu.Unlock()
	copied := r.at
	copied.Result.Differences = append([]workflows.FixityDifference(nil), r.at.Result.Differences...)
	return copied
}

// verify hashes one item again. That it differs is an outcome; an error means
// that it could not be found out, and that a retry may.
func (r *run) verify(ctx context.Context, it evidence.Item) error {
	if it.State != evidence.ItemSealed {
		// Quarantined items are known to differ; received ones have no seal yet.
		r.done(it, func(res *workflows.FixityResult) { res.Skipped++ })
		return nil
	}
	v, err := r.Custody.VerifyItem(ctx, r.Actor, it.ID, r.at.Partial, func(state []byte, _ int64) {
		r.pulse.Move()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.at.Partial = append([]byte(nil), state...)
	})
	switch {
	case err != nil && evidence.CodeOf(err).Retryable(), err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		v.Differs = append(v.Differs, evidence.MessageOf(err))
	case v.OK:
		r.done(it, func(res *workflows.FixityResult) { res.Verified++ })
		return nil
	}
	r.done(it, func(res *workflows.FixityResult) {
		res.Failed++
		res.Differences = append(res.Differences, workflows.FixityDifference{Item: it.ID, Exhibit: it.Exhibit, Differs: v.Differs})
	})
	return nil
}

// done counts an item and goes on to the next.
func (r *run) done(it evidence.Item, count func(*workflows.FixityResult)) {
	r.pulse.Move()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at.Next, r.at.Partial = it.Exhibit+1, nil
	r.at.Result.Items++
	count(&r.at.Result)
}
