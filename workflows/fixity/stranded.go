package fixity

import (
	"context"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/sealcase/sealcase/evidence"
)

// strandedAfter is how long an item may wait to be sealed before a round takes
// its intake up again. An intake that runs needs seconds; one that was ended by
// hand, or ended before a late item came whose notice was lost, needs somebody
// who looks, for an item that is never sealed keeps its case from disclosure.
const strandedAfter = time.Hour

// Intakes is what the activities need of workflows.Client.
type Intakes interface {
	NotifyIntake(ctx context.Context, id evidence.IntakeID) error
	StartIntake(ctx context.Context, intake evidence.Intake, actor evidence.Actor) error
}

// takeUp has the intakes of items that were stranded taken up. What fails is
// tried again by the next round.
func (a *Activities) takeUp(ctx context.Context, items []evidence.Item) {
	if a.Intakes == nil {
		return
	}
	var done []evidence.IntakeID
	for _, it := range items {
		if it.State != evidence.ItemReceived || it.ReceivedAt.Time().After(a.now().Add(-strandedAfter)) || slices.Contains(done, it.Intake) {
			continue
		}
		done = append(done, it.Intake)
		err := a.Intakes.NotifyIntake(ctx, it.Intake)
		if evidence.CodeOf(err) == evidence.NotFound { // its workflow is forgotten
			err = a.restart(ctx, it.Intake)
		}
		if err != nil {
			activity.GetLogger(ctx).Error("an item waits to be sealed and its intake could not be taken up", "item", it.ID, "intake", it.Intake, "error", err)
		}
	}
}

func (a *Activities) restart(ctx context.Context, id evidence.IntakeID) error {
	in, err := a.Deliveries.Intake(ctx, a.Actor, id)
	if err != nil {
		return err
	}
	return a.Intakes.StartIntake(ctx, in, evidence.Actor{Person: evidence.Person{ID: in.OpenedBy}})
}
