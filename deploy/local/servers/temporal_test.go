package servers_test

import (
	"testing"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

func temporalClient(t *testing.T, stack *servers.Stack) client.Client {
	t.Helper()
	c, err := client.DialContext(t.Context(), client.Options{HostPort: stack.TemporalAddress})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestTemporalKeepsItsWorkflows(t *testing.T) {
	t.Parallel()
	throughFaults(t, servers.Temporal,
		func(t *testing.T, stack *servers.Stack) {
			_, err := temporalClient(t, stack).ExecuteWorkflow(t.Context(),
				client.StartWorkflowOptions{ID: "case", TaskQueue: "nobody"}, "Case")
			if err != nil {
				t.Fatal(err)
			}
		},
		func(t *testing.T, stack *servers.Stack) {
			told, err := temporalClient(t, stack).DescribeWorkflowExecution(t.Context(), "case", "")
			if err != nil {
				t.Fatal(err)
			}
			if got := told.WorkflowExecutionInfo.Status; got != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
				t.Errorf("the workflow is %s", got)
			}
		})
}
