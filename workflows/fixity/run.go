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

	mu     sync.Mutex
	result workflows.FixityResult
}

// progress is what heartbeats say, for people who look on: how many items are
// done. Nothing is read from it.
func (r *run) progress() any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.result.Items
}

// verify hashes one item again. That it differs is an outcome; an error means
// that it could not be found out, and that a retry may.
func (r *run) verify(ctx context.Context, it evidence.Item) error {
	if it.State != evidence.ItemSealed {
		// Quarantined items are known to differ; received ones have no seal yet.
		r.done(func(res *workflows.FixityResult) { res.Skipped++ })
		return nil
	}
	v, err := r.Exhibits.VerifyItem(ctx, r.Actor, it.ID, func(int64) { r.pulse.Move() })
	switch {
	case err != nil && evidence.CodeOf(err).Retryable(), err != nil && ctx.Err() != nil:
		return err
	case err != nil:
		v.Differs = append(v.Differs, evidence.MessageOf(err))
	case v.OK:
		r.done(func(res *workflows.FixityResult) { res.Verified++ })
		return nil
	}
	r.done(func(res *workflows.FixityResult) {
		res.Failed++
		res.Differences = append(res.Differences, workflows.FixityDifference{Item: it.ID, Exhibit: it.Exhibit, Differs: v.Differs})
	})
	return nil
}

// done counts an item.
func (r *run) done(count func(*workflows.FixityResult)) {
	r.pulse.Move()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.Items++
	count(&r.result)
}
