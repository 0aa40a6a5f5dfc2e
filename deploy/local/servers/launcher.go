package servers

import (
	"os/exec"
	"runtime"
)

// A launcher starts processes from one operating-system thread that lives as
// long as the launcher: the kernel's promise to end a child with its parent is
// about the thread that started it, and Go threads come and go.
type launcher struct {
	starts chan launch
	quit   chan struct{}
}

type launch struct {
	cmd *exec.Cmd
	as  runAs
	err chan error
}

// newLauncher returns a running launcher. close it when its children are gone.
func newLauncher() *launcher {
	l := &launcher{starts: make(chan launch), quit: make(chan struct{})}
	go l.run()
	return l
}

// run never unlocks its thread, which therefore ends with it.
func (l *launcher) run() {
	runtime.LockOSThread()
	for {
		select {
		case <-l.quit:
			return
		case next := <-l.starts:
			next.err <- next.as.start(next.cmd)
		}
	}
}

// start starts cmd as someone.
func (l *launcher) start(cmd *exec.Cmd, as runAs) error {
	next := launch{cmd: cmd, as: as, err: make(chan error, 1)}
	l.starts <- next
	return <-next.err
}

func (l *launcher) close() { close(l.quit) }
