package main

import (
	"os"
	"syscall"
)

// maxResident returns the peak resident memory of a process that has ended, in
// bytes.
func maxResident(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}
