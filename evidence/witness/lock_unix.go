//go:build unix

package witness

import (
	"os"
	"syscall"
)

// lockExclusive takes a lock that ends with the process.
func lockExclusive(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
