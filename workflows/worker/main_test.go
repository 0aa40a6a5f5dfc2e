package worker_test

import (
	"context"
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// TestMain runs the tests on a real Temporal. On a busy machine they take more than
// half a minute: they wait for its timers, the retries of activities and the search,
// which takes what ended a moment later.
func TestMain(m *testing.M) { servertest.Main(m, servers.Temporal) }

var update = flag.Bool("update", false, "write the histories that the replay tests of the workflows read")

// save keeps the history of a workflow for the replay test of its folder.
func save(t *testing.T, e *workflowtest.Engine, workflowID, folder, name string) {
	t.Helper()
	if *update {
		e.Save(t, workflowID, filepath.Join("..", folder, "testdata", name+".json"))
	}
}

func engine(t *testing.T) *workflowtest.Engine {
	t.Helper()
	return workflowtest.NewEngine(t, servertest.Temporal(t))
}

// opened opens a case of anna, with ben as a member.
func opened(t *testing.T, e *workflowtest.Engine) evidence.Case {
	t.Helper()
	done, err := e.OpenCase(t.Context(), opening(t))
	if err != nil {
		t.Fatal(err)
	}
	return done.Case
}

// wantCode fails the test unless err has the code.
func wantCode(t *testing.T, err error, code evidence.Code) {
	t.Helper()
	if evidence.CodeOf(err) != code {
		t.Fatalf("got the error %v with code %q, want %q", err, evidence.CodeOf(err), code)
	}
}

// failTimes returns a hook that fails an operation some times with a code.
func failTimes(operation string, times int, code evidence.Code) func(context.Context, string, string) error {
	left := make(chan struct{}, times)
	for range times {
		left <- struct{}{}
	}
	return func(_ context.Context, op, _ string) error {
		if op != operation {
			return nil
		}
		select {
		case <-left:
			return evidence.Errorf(code, "%s fails for this test", op)
		default:
			return nil
		}
	}
}

// name2file makes a file's name of a test's.
func name2file(name string) string { return strings.ReplaceAll(name, " ", "_") }
