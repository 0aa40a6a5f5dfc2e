package servertest

import (
	"os"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// Own starts a stack for one test, whatever the environment says, and stops it
// when the test ends. The test may kill, restart and seal its servers.
func Own(t testing.TB, need ...servers.Name) *servers.Stack {
	t.Helper()
	dir, err := os.MkdirTemp("", "sealcase-own-") //nolint:usetesting // TempDir fails a test whose server ends late and still writes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	stack, err := servers.Up(t.Context(), servers.Config{Dir: dir, Only: need, Private: true, Progress: testLog{t}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(stack) })
	return stack
}

// testLog writes progress to the log of a test.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	l.t.Logf("%s", line)
	return len(line), nil
}
