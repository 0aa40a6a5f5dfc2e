//go:build !linux

package servers

import "syscall"

// dieWithUs completes attr with an own process group. Only Linux can promise
// that the children end when we are killed.
func dieWithUs(attr *syscall.SysProcAttr, _ syscall.Signal) *syscall.SysProcAttr {
	full := ownGroup()
	if attr != nil {
		*full = *attr
		full.Setpgid = true
	}
	return full
}
