package worker

import (
	"context"
	"log/slog"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// faults is the one place where errors are mapped on their way out of
// activities and workflows: see package fault.
type faults struct {
	interceptor.WorkerInterceptorBase
	logger *slog.Logger
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (f *faults) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &activityFaults{logger: f.logger}
	i.Next = next
	return i
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (f *faults) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	i := &workflowFaults{}
	i.Next = next
	return i
}

type activityFaults struct {
	interceptor.ActivityInboundInterceptorBase
	logger *slog.Logger
}

// ExecuteActivity implements interceptor.ActivityInboundInterceptor. The cause
// stays here, in the log. It beats for short activities.
func (a *activityFaults) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	if activity.GetInfo(ctx).HeartbeatTimeout == pulse.Brief {
		defer pulse.Keep(ctx)()
	}
	result, err := a.Next.ExecuteActivity(ctx, in)
	if err != nil && ctx.Err() == nil {
		info := activity.GetInfo(ctx)
		a.logger.WarnContext(ctx, "an activity failed", "activity", info.ActivityType.Name,
			"workflow", info.WorkflowExecution.ID, "attempt", info.Attempt, "code", evidence.CodeOf(err), "error", err)
	}
	return result, fault.ToTemporal(err)
}

type workflowFaults struct {
	interceptor.WorkflowInboundInterceptorBase
}

// ExecuteWorkflow implements interceptor.WorkflowInboundInterceptor.
func (w *workflowFaults) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	result, err := w.Next.ExecuteWorkflow(ctx, in)
	return result, fault.ToTemporal(err)
}

// ValidateUpdate implements interceptor.WorkflowInboundInterceptor.
func (w *workflowFaults) ValidateUpdate(ctx workflow.Context, in *interceptor.UpdateInput) error {
	return fault.ToTemporal(w.Next.ValidateUpdate(ctx, in))
}

// ExecuteUpdate implements interceptor.WorkflowInboundInterceptor.
func (w *workflowFaults) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	result, err := w.Next.ExecuteUpdate(ctx, in)
	return result, fault.ToTemporal(err)
}
