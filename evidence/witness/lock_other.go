//go:build !unix

package witness

import "os"

// lockExclusive does nothing: only Unix has a lock that ends with the process
// and is in the standard library. Who runs a witness elsewhere runs one.
func lockExclusive(*os.File) error { return nil }
