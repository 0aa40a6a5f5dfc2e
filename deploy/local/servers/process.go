package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A process is one running program of a server.
type process struct {
	name string
	path string
	args []string
	env  []string // besides the few of baseEnv
	dir  string   // its data folder, HOME and working folder
	log  string
	stop syscall.Signal // asks it to end in order
	as   runAs          // who runs it

	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// start starts the process; its output is appended to its log.
func (p *process) start(l *launcher) error {
	if err := os.MkdirAll(filepath.Dir(p.log), 0o700); err != nil {
		return fmt.Errorf("making the folder of logs: %w", err)
	}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("opening its log: %w", err)
	}
	defer log.Close()
	p.cmd = exec.Command(p.path, p.args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = p.dir, log, log
	p.cmd.Env = append(baseEnv(p.dir), p.env...)
	p.cmd.SysProcAttr = dieWithUs(p.as.attr, p.stop)
	if err := l.start(p.cmd, p.as); err != nil {
		p.cmd = nil
		return fmt.Errorf("starting %s: %w", p.path, err)
	}
	p.done = make(chan struct{})
	go func() {
		_ = p.cmd.Wait() // how it ended is told by ended
		close(p.done)
	}()
	return nil
}

// baseEnv is all that a server gets of our environment, so that a VAULT_ADDR or
// PGHOST of the caller does not change what it does. Temporal wants a user name.
func baseEnv(home string) []string {
	env := []string{"HOME=" + home, "LANG=C", "USER=sealcase"}
	for _, name := range []string{"PATH", "TMPDIR", "SYSTEMROOT"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// ended returns an error once the process has ended.
func (p *process) ended() error {
	if p.cmd == nil {
		return errors.New("it is not running")
	}
	select {
	case <-p.done:
		return fmt.Errorf("it ended by itself: %s", p.cmd.ProcessState)
	default:
		return nil
	}
}

// shutdown asks the process to end, and kills it when ctx ends or after grace.
func (p *process) shutdown(ctx context.Context, grace time.Duration) error {
	if p.ended() != nil {
		return nil
	}
	if err := p.cmd.Process.Signal(p.stop); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("asking %s to stop: %w", p.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("%s did not stop in time and was killed: %w", p.name, ctx.Err())
	}
}

// kill ends the process and its children as a power cut would, and waits.
func (p *process) kill() {
	if p.ended() != nil {
		return
	}
	_ = signalGroup(p.cmd.Process.Pid, os.Kill) // already gone is as good
	<-p.done
}
