package servers_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// TestTemporalRefusesAnotherVersionsData starts on a database without the tables
// that this version needs: it says so, and leaves the file as it is.
func TestTemporalRefusesAnotherVersionsData(t *testing.T) {
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(tool)) // a `temporal` that is installed has rules of its own
	dir := t.TempDir()
	file := filepath.Join(dir, "temporal", "temporal.db")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil { // to SQLite, a database without tables
		t.Fatal(err)
	}
	_, err = servers.Up(t.Context(), servers.Config{Dir: dir, Only: []servers.Name{servers.Temporal}, Private: true})
	failed := new(servers.Error)
	if !errors.As(err, &failed) || !strings.Contains(failed.Tail, "another version of Temporal made this database") {
		t.Errorf("got %v", err)
	}
	if info, err := os.Stat(file); err != nil || info.Size() != 0 {
		t.Errorf("the file is now %v, %v", info, err)
	}
}
