// Package intake is the Intake workflow: from the first item of a delivery to
// its end on record. It finds what was received, has it read back and sealed in
// batches, starts the analysis of each batch, and closes the intake when
// nothing more comes and nothing waits.
//
// Nothing depends on a signal: the workflow also looks by itself, at intervals
// that grow while nothing comes. Nothing makes it fail: what cannot be sealed
// now is tried again until it can.
package intake

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
)

const (
	batchSize   = 200
	maxAnalyses = 4 // of one intake at the same time
	shortWait   = 5 * time.Second
	longWait    = 5 * time.Minute
	// maxIdle is how long an intake stays open that nobody completes.
	maxIdle = 7 * 24 * time.Hour
)

// Workflow runs an intake and returns how it ended.
func Workflow(ctx workflow.Context, in workflows.IntakeInput) (workflows.IntakeProgress, error) {
	d, err := setup(ctx, in)
	if err != nil {
		return workflows.IntakeProgress{}, err
	}
	return d.run(ctx)
}

// delivery is a running Intake workflow.
type delivery struct {
	intake   evidence.Intake
	actor    evidence.Actor
	at       workflows.IntakeCarried
	analyses int           // under way
	wait     time.Duration // before it looks again by itself
	swept    bool          // the last sweep came to the end of what there is
}

func setup(ctx workflow.Context, in workflows.IntakeInput) (*delivery, error) {
	d := &delivery{intake: in.Intake, actor: in.Actor, wait: shortWait}
	if in.Carried != nil {
		d.at = *in.Carried
	}
	if d.at.Since.IsZero() {
		d.at.Since = evidence.At(workflow.Now(ctx))
	}
	d.at.Progress.State = workflows.IntakeOpen
	return d, workflow.SetQueryHandler(ctx, workflows.QueryProgress, func() (workflows.IntakeProgress, error) {
		return d.progress(), nil
	})
}

func (d *delivery) run(ctx workflow.Context) (workflows.IntakeProgress, error) {
	for {
		d.hear(ctx)
		whole := d.at.Next == 0
		found, err := d.sweep(ctx)
		switch {
		case ctx.Err() != nil:
			return d.progress(), ctx.Err()
		case err != nil:
			workflow.GetLogger(ctx).Warn("items wait to be sealed", "intake", d.intake.ID, "error", err)
		case d.over(ctx) && whole && found == 0:
			if closed, err := d.finish(ctx); closed || err != nil {
				return d.progress(), err
			}
		case d.over(ctx): // one more look at all of them before the end
			d.at.Next = 0
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return d.goOn(ctx)
		}
		if d.over(ctx) && d.at.Next == 0 && err == nil {
			continue
		}
		if err := d.rest(ctx); err != nil {
			return d.progress(), err
		}
	}
}

// over reports whether nothing waits and nothing more comes.
func (d *delivery) over(ctx workflow.Context) bool {
	idle := workflow.Now(ctx).Sub(d.at.Since.Time()) >= maxIdle
	return (d.at.Complete || idle) && d.swept && d.at.Left == 0 && len(d.at.Batch) == 0
}

// finish waits for the analyses and closes the intake, unless items have
// arrived in the meantime.
func (d *delivery) finish(ctx workflow.Context) (closed bool, err error) {
	d.state(ctx, workflows.IntakeAnalysing)
	if err := d.analysed(ctx); err != nil {
		return false, err
	}
	var (
		a   *Activities
		end CloseResult
	)
	if err := workflow.ExecuteActivity(steady(ctx), a.Close, d.intake.ID).Get(ctx, &end); err != nil {
		return false, fault.FromTemporal(err)
	}
	if end.Waiting > 0 {
		d.at.Next = 0
		return false, d.rest(ctx)
	}
	d.at.Progress.Sealed, d.at.Progress.Quarantined = end.Sealed, end.Quarantined
	d.state(ctx, workflows.IntakeDone)
	return true, nil
}

// goOn continues in a new run, when what this one started has ended.
func (d *delivery) goOn(ctx workflow.Context) (workflows.IntakeProgress, error) {
	if err := d.analysed(ctx); err != nil {
		return d.progress(), err
	}
	d.hear(ctx)
	return d.progress(), workflow.NewContinueAsNewError(ctx, workflows.IntakeType,
		workflows.IntakeInput{Actor: d.actor, Intake: d.intake, Carried: &d.at})
}

// rest waits for a signal, or until it is time to look again.
func (d *delivery) rest(ctx workflow.Context) error {
	timing, cancel := workflow.WithCancel(ctx)
	defer cancel()
	woken := false
	s := workflow.NewSelector(ctx)
	s.AddFuture(workflow.NewTimer(timing, d.wait), func(workflow.Future) {})
	s.AddReceive(workflow.GetSignalChannel(ctx, workflows.SignalReceived), func(workflow.ReceiveChannel, bool) { woken = true })
	s.AddReceive(workflow.GetSignalChannel(ctx, workflows.SignalComplete), func(workflow.ReceiveChannel, bool) { woken = true })
	s.Select(ctx)
	if woken && len(d.at.Batch) == 0 {
		d.wait = shortWait
	} else {
		d.wait = min(2*d.wait, longWait)
	}
	if d.at.Left > 0 { // look at those again that could not be read
		d.at.Next, d.at.Left = 0, 0
	}
	return ctx.Err()
}

// hear takes the signals that have arrived.
func (d *delivery) hear(ctx workflow.Context) {
	for workflow.GetSignalChannel(ctx, workflows.SignalReceived).ReceiveAsync(nil) {
		d.at.Since = evidence.At(workflow.Now(ctx))
	}
	for workflow.GetSignalChannel(ctx, workflows.SignalComplete).ReceiveAsync(nil) {
		d.at.Complete = true
	}
}

func (d *delivery) progress() workflows.IntakeProgress {
	p := d.at.Progress
	p.Received = p.Sealed + p.Quarantined + d.at.Left + len(d.at.Batch)
	return p
}

// state says how far the intake is, to queries and to searches.
func (d *delivery) state(ctx workflow.Context, s workflows.IntakeState) {
	d.at.Progress.State = s
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(string(s))); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
}
