package servers

import (
	"os"
	"syscall"
)

// ownGroup keeps Ctrl-C in a terminal from reaching the process: we stop our
// servers ourselves, in order.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// signalGroup signals a process started with ownGroup, and its children.
func signalGroup(pid int, sig os.Signal) error { return syscall.Kill(-pid, sig.(syscall.Signal)) }
