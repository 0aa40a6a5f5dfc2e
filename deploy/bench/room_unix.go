//go:build unix

package main

import "syscall"

// freeBytes returns how much room the disk of a folder has.
func freeBytes(dir string) (int64, bool) {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true //nolint:unconvert // types differ by system; no disk overflows this
}
