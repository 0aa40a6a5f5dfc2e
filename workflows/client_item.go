package workflows

import (
	"context"
	"time"

	commonpb "go.temporal.io/api/common/v1"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// verifyWithin is how long VerifyItem waits before it says "not yet".
const verifyWithin = 20 * time.Second

// WriteBundleActivity is the activity whose heartbeats tell how much of a
// bundle is written.
const WriteBundleActivity = "WriteBundle"

// heartbeat is the last sign of life of an activity under way.
type heartbeat struct {
	activity string
	details  *commonpb.Payloads
}

// StartDisclosure starts the workflow that makes the bundle of a disclosure
// that is on record as requested. Idempotent.
func (c *Client) StartDisclosure(ctx context.Context, d evidence.Disclosure, actor evidence.Actor) error {
	_, err := c.start(ctx, DisclosureWorkflow(d.ID), DisclosureType, string(evidence.DisclosureRequested), d.Case,
		DisclosureInput{Actor: actor, Disclosure: d.ID, Case: d.Case})
	return err
}

// DisclosureProgress returns how far a disclosure is, running or ended. A
// bundle that could not be made is no error here: its State says so.
func (c *Client) DisclosureProgress(ctx context.Context, id evidence.DisclosureID) (DisclosureProgress, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	var progress DisclosureProgress
	running, beats, err := c.running(ctx, DisclosureWorkflow(id))
	switch {
	case err != nil:
		return progress, err
	case !running:
		err = c.result(ctx, DisclosureWorkflow(id), &progress)
		return progress, err
	}
	if err := c.query(ctx, DisclosureWorkflow(id), QueryProgress, &progress); err != nil {
		return progress, err
	}
	for _, b := range beats {
		var written DisclosureProgress
		if b.activity != WriteBundleActivity || progress.State != evidence.DisclosureRequested {
			continue
		}
		// A heartbeat that cannot be read is only a bar that does not move.
		if c.data.FromPayloads(b.details, &written) == nil {
			progress.Items, progress.OfItems = written.Items, written.OfItems
			progress.Bytes, progress.OfBytes = written.Bytes, written.OfBytes
		}
	}
	return progress, nil
}

// VerifyItem hashes an item's stored bytes again. It waits up to 20 seconds;
// done is false when it is not over by then, and the same request again goes
// on waiting for the same verification. The outcome, good or bad, is no error;
// an item that the actor may not see is NotFound.
func (c *Client) VerifyItem(ctx context.Context, in VerifyInput) (v evidence.Verification, done bool, err error) {
	if in.Request == "" || len(in.Request) > MaxRequestBytes {
		return v, false, evidence.Errorf(evidence.Invalid, "a verification needs a request key of 1 to %d bytes", MaxRequestBytes)
	}
	run, err := c.start(ctx, VerifyWorkflow(in.Item, in.Actor.ID, in.Request), VerifyType, "verifying", in.Case, in)
	if err != nil {
		return v, false, err
	}
	wait, cancel := context.WithTimeout(ctx, verifyWithin)
	defer cancel()
	err = run.Get(wait, &v)
	if err != nil && wait.Err() != nil && ctx.Err() == nil {
		return evidence.Verification{}, false, nil
	}
	return v, err == nil, fault.FromTemporal(err)
}

// result returns the result of a workflow's latest run, which has ended.
func (c *Client) result(ctx context.Context, id string, answer any) error {
	return fault.FromTemporal(c.temporal.GetWorkflow(ctx, id, "").Get(ctx, answer))
}
