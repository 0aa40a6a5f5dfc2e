package servers

import (
	"context"
	"path/filepath"
	"strings"
	"syscall"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
)

// temporal is the workflow engine, on SQLite.
type temporal struct {
	host   *host
	binary string
	addr   string
	proc   *process
}

func (t *temporal) fetch(ctx context.Context) (err error) {
	t.binary, err = t.host.binary(ctx, temporalArtifact())
	return err
}

func (t *temporal) start(ctx context.Context) error {
	home, err := t.host.home("temporal")
	if err != nil {
		return err
	}
	if t.addr == "" {
		if t.addr, err = t.host.ports.address("temporal", t.host.wish[Temporal]); err != nil {
			return err
		}
	}
	_, port, _ := strings.Cut(t.addr, ":")
	t.proc = &process{name: "temporal", path: t.binary, dir: home, log: t.host.log("temporal"), stop: syscall.SIGTERM,
		args: []string{"server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port,
			"--db-filename", filepath.Join(home, "temporal.db"),
			"--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal"}}
	return t.host.run(ctx, t.proc, "read the log; the data is in "+home, t.ping)
}

// ping returns when the default namespace can be used.
func (t *temporal) ping(ctx context.Context) error {
	c, err := client.DialContext(ctx, client.Options{HostPort: t.addr, Logger: silent{}})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: "default"})
	return err
}

func (t *temporal) processes() []*process { return started(t.proc) }

func (t *temporal) describe(s *Stack) { s.TemporalAddress = t.addr }

// silent keeps the client from logging that a server is not up yet.
type silent struct{}

var _ log.Logger = silent{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
