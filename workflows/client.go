package workflows

import (
	"context"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

const (
	answerWithin = 30 * time.Second // for an update, when the caller's context has no deadline
	queryWithin  = 10 * time.Second // for a query or a start, likewise
)

// Client starts workflows and talks to them. It is safe for concurrent use.
// Errors are evidence.Errors; Unavailable after a request for an act means
// that the act may have been accepted and will then happen: the same request
// again finds it.
type Client struct {
	temporal client.Client
	queue    string
	data     converter.DataConverter
}

// NewClient returns a Client that works through c, whose namespace counts.
// Workers poll queue; DefaultQueue when it is "". data is what c converts values
// with; nil for the default.
func NewClient(c client.Client, queue string, data converter.DataConverter) *Client {
	if queue == "" {
		queue = DefaultQueue
	}
	if data == nil {
		data = converter.GetDefaultDataConverter()
	}
	return &Client{temporal: c, queue: queue, data: data}
}

// Health returns nil when the Temporal server answers, and Unavailable
// otherwise.
func (c *Client) Health(ctx context.Context) error {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	if _, err := c.temporal.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "the workflow server does not answer")
	}
	return nil
}

// start makes sure that the workflow with that ID runs, or has run: a second
// start of the same ID attaches to the first.
func (c *Client) start(ctx context.Context, id, kind, state string, about evidence.CaseID, input any) (client.WorkflowRun, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	run, err := c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: c.queue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		TypedSearchAttributes:    Attributes(about, kind, state),
	}, kind, input)
	return run, fault.FromTemporal(err)
}

// running reports whether the latest run of a workflow goes on, together with
// the raw details of the last heartbeat of each activity under way.
func (c *Client) running(ctx context.Context, id string) (bool, []heartbeat, error) {
	d, err := c.temporal.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return false, nil, fault.FromTemporal(err)
	}
	var beats []heartbeat
	for _, a := range d.GetPendingActivities() {
		if a.GetHeartbeatDetails() != nil {
			beats = append(beats, heartbeat{a.GetActivityType().GetName(), a.GetHeartbeatDetails()})
		}
	}
	return d.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, beats, nil
}

// query asks the latest run of a workflow, running or closed.
func (c *Client) query(ctx context.Context, id, name string, answer any) error {
	value, err := c.temporal.QueryWorkflow(ctx, id, "", name)
	if err != nil {
		return fault.FromTemporal(err)
	}
	return fault.FromTemporal(value.Get(answer))
}

func (c *Client) signal(ctx context.Context, id, name string) error {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	return fault.FromTemporal(c.temporal.SignalWorkflow(ctx, id, "", name, nil))
}

// within gives ctx a deadline when it has none.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, d)
}
