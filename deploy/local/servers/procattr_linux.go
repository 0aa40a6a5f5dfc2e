package servers

import "syscall"

// dieWithUs completes attr: an own process group, and the signal that the
// kernel sends when the thread of our launcher ends, however that happens.
func dieWithUs(attr *syscall.SysProcAttr, sig syscall.Signal) *syscall.SysProcAttr {
	full := ownGroup()
	if attr != nil {
		*full = *attr
		full.Setpgid = true
	}
	full.Pdeathsig = sig
	return full
}
