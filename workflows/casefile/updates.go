package casefile

import (
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
)

func (f *file) mayAct(in workflows.ActInput) error {
	if in.Case != f.id {
		return evidence.Errorf(evidence.Invalid, "these acts are of another case")
	}
	return nil
}

// act puts a person's acts on record, one at a time. What they mean, and whether
// they may happen, custody decides by the log. Where the first ones do not open
// the case, for good, the workflow ends.
func (f *file) act(ctx workflow.Context, in workflows.ActInput) (custody.Outcome, error) {
	if err := f.acts.Lock(ctx); err != nil {
		return custody.Outcome{}, err
	}
	defer f.acts.Unlock()
	if f.failure != nil {
		return custody.Outcome{}, evidence.Errorf(evidence.NotFound, "there is no such case")
	}
	var (
		a    *Activities // for the names; the worker has the real one
		done custody.Outcome
	)
	err := workflow.ExecuteActivity(steady(ctx), a.RecordActs, in).Get(ctx, &done)
	if err != nil {
		err = fault.FromTemporal(err)
		if !f.opened() {
			f.failure = err
		}
		return custody.Outcome{}, err
	}
	f.stand(ctx, done.Case)
	return done, nil
}
