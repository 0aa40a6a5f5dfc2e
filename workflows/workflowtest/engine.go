package workflowtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/audit"
	"github.com/sealcase/sealcase/workflows/worker"
)

// Engine is a namespace of its own on a Temporal server.
type Engine struct {
	*workflows.Client
	Temporal client.Client
	Auditor  audit.Auditor // of the workers that Work starts; nil for none
	Audits   time.Duration // between audits on the schedule; none when 0
	queue    string
}

// NewEngine prepares a namespace on the server at address.
func NewEngine(t testing.TB, address string) *Engine {
	t.Helper()
	namespace := "test-" + strings.ToLower(rand.Text()[:12])
	c, err := client.Dial(client.Options{HostPort: address, Namespace: namespace, Identity: "test", Logger: log.NewStructuredLogger(quiet())})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := worker.Bootstrap(ctx, c, namespace); err != nil {
		t.Fatal(err)
	}
	queue := "queue-" + rand.Text()[:8]
	return &Engine{Client: workflows.NewClient(c, queue, nil), Temporal: c, queue: queue}
}

// Work runs a worker until the test ends, or until the returned function is
// called, which stops it as a kill does: without waiting for anything.
func (e *Engine) Work(t testing.TB, rooms worker.Rooms, analyzers ...analyze.Analyzer) (kill func()) {
	t.Helper()
	w := worker.New(e.Temporal, rooms, analyzers, worker.Options{
		Queue: e.queue, StopTimeout: time.Millisecond, Logger: quiet(), Auditor: e.Auditor, AuditInterval: cmp.Or(e.Audits, -1),
		RegisterInterval: -1, // tests trigger it
	})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("running the worker: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// Person returns an actor with a role.
func Person(id string, roles ...evidence.Role) evidence.Actor {
	return evidence.Actor{Person: evidence.Person{ID: evidence.PersonID(id), Login: id, Name: "Person " + id, Roles: roles}}
}

// NewID draws an identifier.
func NewID[T evidence.ID](t testing.TB) T {
	t.Helper()
	id, err := evidence.NewID[T](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Eventually waits until ok, and fails the test when that takes too long.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// Environment returns Temporal's own test environment, in which time passes at
// once: for what cannot be waited for.
func Environment() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(quiet()))
	return suite.NewTestWorkflowEnvironment()
}
