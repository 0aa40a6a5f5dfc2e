package servers

import (
	"context"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// A Crew runs programs beside the servers, with the same care: they die with
// us, log to a file, and are waited for until they answer.
type Crew struct {
	launcher *launcher
	progress *progress
}

// NewCrew returns a crew that tells progress, which may be nil, what goes on.
func NewCrew(progress io.Writer) *Crew {
	return &Crew{launcher: newLauncher(), progress: newProgress(progress)}
}

// Close gives the crew up. Stop its children first.
func (c *Crew) Close() {
	c.progress.close()
	c.launcher.close()
}

// Note prints a line to the progress.
func (c *Crew) Note(format string, args ...any) { c.progress.note(format, args...) }

// Do runs work under a name, showing what it does now and how long it took.
func (c *Crew) Do(name, what string, work func(say func(string)) error) error {
	s := c.progress.begin(name, what)
	if err := work(s.change); err != nil {
		s.end("failed")
		return err
	}
	s.end("done: " + what)
	return nil
}

// A Program says how to run a process of the caller's.
type Program struct {
	Name  string   // shown, and named in errors
	Path  string   // of the executable
	Args  []string // without the program's name
	Env   []string // besides HOME, PATH, LANG and TMPDIR; nothing else is inherited
	Dir   string   // its home and working folder
	Log   string   // file that takes what it prints
	Try   string   // what a person can do when it does not start
	Ready func(context.Context) error
}

// A Child is a running program.
type Child struct {
	crew    *Crew
	program Program
	process *process
}

// Start starts a program and returns when it is ready.
func (c *Crew) Start(ctx context.Context, program Program) (*Child, error) {
	child := &Child{crew: c, program: program}
	return child, child.start(ctx)
}

func (c *Child) start(ctx context.Context) error {
	p := c.program
	c.process = &process{name: p.Name, path: p.Path, args: p.Args, env: p.Env, dir: p.Dir, log: p.Log, stop: syscall.SIGTERM}
	step := c.crew.progress.begin(p.Name, "starting")
	err := c.process.start(c.crew.launcher)
	if err == nil {
		err = await(ctx, startLimit, c.process, p.Ready)
	}
	if err != nil {
		step.end("failed")
		c.process.kill()
		return failure(p.Name, p.Log, p.Try, err)
	}
	step.end(fmt.Sprintf("is up: %d", c.PID()))
	return nil
}

// PID returns the number of the process.
func (c *Child) PID() int { return c.process.cmd.Process.Pid }

// Stop asks the program to end and kills it when it takes longer than grace.
func (c *Child) Stop(ctx context.Context, grace time.Duration) error {
	return c.process.shutdown(ctx, grace)
}

// Kill ends the program as a power cut would, with SIGKILL.
func (c *Child) Kill() { c.process.kill() }

// Restart starts the program again, after killing it if it still runs.
func (c *Child) Restart(ctx context.Context) error {
	c.process.kill()
	return c.start(ctx)
}

// Signal sends a signal to the program.
func (c *Child) Signal(sig os.Signal) error {
	if err := c.process.cmd.Process.Signal(sig); err != nil {
		return fmt.Errorf("signalling %s: %w", c.program.Name, err)
	}
	return nil
}
