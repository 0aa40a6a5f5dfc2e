package servers_test

import (
	"context"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// lines writes progress to the log of a test.
type lines struct{ t *testing.T }

func (l lines) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

// up brings servers up in dir, and down again when the test ends.
func up(t *testing.T, dir string, only ...servers.Name) *servers.Stack {
	t.Helper()
	stack, err := servers.Up(t.Context(), servers.Config{Dir: dir, Only: only, Progress: lines{t}, Private: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, stack) })
	return stack
}

// down stops a stack.
func down(t *testing.T, stack *servers.Stack) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := stack.Down(ctx); err != nil {
		t.Error(err)
	}
}

// throughFaults writes something once and checks that it is there, then checks
// again after the server was stopped and started, and after it was killed and
// restarted.
func throughFaults(t *testing.T, name servers.Name, write, check func(*testing.T, *servers.Stack)) {
	t.Helper()
	dir := t.TempDir()
	stack := up(t, dir, name)
	before := stack.Environ()
	write(t, stack)
	check(t, stack)

	down(t, stack)
	stack = up(t, dir, name)
	for i, after := range stack.Environ() {
		if after != before[i] {
			t.Errorf("after a second start: %s, before: %s", after, before[i])
		}
	}
	check(t, stack)

	if err := stack.Kill(name); err != nil {
		t.Fatal(err)
	}
	if err := stack.Restart(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	check(t, stack)
}
