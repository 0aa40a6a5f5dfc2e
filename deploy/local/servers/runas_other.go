//go:build !linux

package servers

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// runAs is how a program is started that refuses to run as root. Outside Linux
// that works for an ordinary user only.
type runAs struct{ attr *syscall.SysProcAttr }

func unprivileged(string) (runAs, error) {
	if os.Geteuid() == 0 {
		return runAs{}, errors.New("it refuses to run as root")
	}
	return runAs{}, nil
}

func (runAs) start(cmd *exec.Cmd) error { return cmd.Start() }

func (runAs) makeDir(path string) error { return os.Mkdir(path, 0o700) }
