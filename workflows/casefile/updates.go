package casefile

import (
	"slices"
	"strings"

	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
)

// mayOpen refuses an opening under the ID of somebody else's case, in the
// words for one that does not exist.
func (f *file) mayOpen(in workflows.OpenCaseInput) error {
	if in.Actor.ID != f.opening.Actor.ID {
		return evidence.Errorf(evidence.NotFound, "there is no such case")
	}
	return nil
}

// open answers when the case is on record, or cannot be.
func (f *file) open(ctx workflow.Context, _ workflows.OpenCaseInput) (evidence.Case, error) {
	err := workflow.Await(ctx, func() bool { return f.opened() || f.failure != nil })
	if err == nil {
		err = f.failure
	}
	return f.status.Case, err
}

func (f *file) mayAddMember(in workflows.MemberInput) error {
	if in.Person.ID == "" {
		return evidence.Errorf(evidence.Invalid, "name the person who is to become a member")
	}
	return nil
}

func (f *file) addMember(ctx workflow.Context, in workflows.MemberInput) (evidence.Member, error) {
	var (
		a     *Activities
		added evidence.Member
	)
	err := f.act(ctx, func() error {
		return workflow.ExecuteActivity(steady(ctx), a.RecordMember, in).Get(ctx, &added)
	})
	if err == nil {
		f.addID(in.Person.ID)
	}
	return added, err
}

// mayTransition refuses at once what the state does not allow, but tells only
// members: custody answers anybody else, as if there were no such case.
func (f *file) mayTransition(in workflows.TransitionInput) error {
	if !f.opened() || !slices.Contains(f.status.Members, in.Actor.ID) {
		return nil
	}
	if strings.TrimSpace(in.Reason) == "" {
		return evidence.Errorf(evidence.Invalid, "a transition needs a reason")
	}
	return f.status.Case.State.Transition(in.To)
}

func (f *file) transition(ctx workflow.Context, in workflows.TransitionInput) (evidence.Case, error) {
	var (
		a       *Activities
		changed evidence.Case
	)
	err := f.act(ctx, func() error {
		// Another act may have come first since the validator looked.
		if err := f.mayTransition(in); err != nil {
			return err
		}
		step := TransitionStep{TransitionInput: in, From: f.status.Case.State}
		if err := workflow.ExecuteActivity(steady(ctx), a.RecordTransition, step).Get(ctx, &changed); err != nil {
			return err
		}
		f.stand(ctx, changed)
		return nil
	})
	return changed, err
}

// act does one act on the opened case, alone.
func (f *file) act(ctx workflow.Context, do func() error) error {
	err := workflow.Await(ctx, func() bool { return f.opened() || f.failure != nil })
	if err != nil {
		return err
	}
	if f.failure != nil {
		return evidence.Errorf(evidence.NotFound, "there is no such case")
	}
	if err := f.acts.Lock(ctx); err != nil {
		return err
	}
	defer f.acts.Unlock()
	return fault.FromTemporal(do())
}
