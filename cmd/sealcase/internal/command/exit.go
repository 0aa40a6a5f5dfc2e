package command

import "github.com/sealcase/sealcase/evidence"

// The exit codes; the package comment says what they mean.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitForbidden
	exitNotFound
	exitConflict
	exitMismatch
	exitUnavailable
)

// exitCode maps a failure's code, once for all commands.
func exitCode(code evidence.Code) int {
	switch code {
	case "":
		return exitOK
	case evidence.Unauthenticated, evidence.Forbidden:
		return exitForbidden
	case evidence.NotFound:
		return exitNotFound
	case evidence.Conflict, evidence.Incomplete:
		return exitConflict
	case evidence.DigestMismatch, evidence.LengthMismatch, evidence.Tampered, evidence.UntrustedKey:
		return exitMismatch
	case evidence.Unavailable, evidence.Sealed, evidence.StorageFull, evidence.StorageUnsafe:
		return exitUnavailable
	default:
		return exitFailed
	}
}
