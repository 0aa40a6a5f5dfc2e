package servertest

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// stopLimit is how long stopping a stack may take.
const stopLimit = time.Minute

// shared is the stack of the test binary. It is set once, by Main, before any
// test runs.
var shared *servers.Stack //nolint:gochecknoglobals // one stack a test binary; Main sets it

// Main runs the tests of a package with the servers that it needs, and exits.
func Main(m *testing.M, need ...servers.Name) {
	os.Exit(run(m, need))
}

func run(m *testing.M, need []servers.Name) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "sealcase-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "servertest: making a data folder:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	stack, err := servers.Up(ctx, servers.Config{Dir: dir, Only: need, Progress: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, "servertest:", err)
		return 1
	}
	defer down(stack)
	shared = stack
	ended := make(chan int, 1)
	go func() { ended <- m.Run() }()
	select {
	case code := <-ended:
		return code
	case <-ctx.Done():
		return 130 // interrupted: the servers are stopped all the same
	}
}

func down(stack *servers.Stack) {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if err := stack.Down(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "servertest: stopping the servers:", err)
	}
}
