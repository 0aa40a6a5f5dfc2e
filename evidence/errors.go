package evidence

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an Error is. Codes map once to HTTP problems
// (package api), once to Temporal application errors (package workflows) and
// once to exit codes (package cmd).
type Code string

// The codes.
const (
	Invalid         Code = "invalid"         // the request is malformed or breaks a rule; do not retry unchanged
	Unauthenticated Code = "unauthenticated" // no session, or an expired one; sign in again
	Forbidden       Code = "forbidden"       // the actor's roles do not allow the act
	NotFound        Code = "not-found"       // it does not exist, or the actor may not know that it does
	Conflict        Code = "conflict"        // the state does not allow it now; read again
	DigestMismatch  Code = "digest-mismatch" // bytes and declared SHA-256 differ
	LengthMismatch  Code = "length-mismatch" // bytes and declared length differ
	TooLarge        Code = "too-large"       // over a stated limit
	Tampered        Code = "tampered"        // stored or disclosed material is not what was sealed
	Incomplete      Code = "incomplete"      // something that should be there is missing
	UntrustedKey    Code = "untrusted-key"   // signed by a key that the caller did not name as trusted
	Malformed       Code = "malformed"       // cannot be read as what it claims to be
	StorageFull     Code = "storage-full"    // storage has no room; nothing was recorded
	StorageUnsafe   Code = "storage-unsafe"  // the object store does not keep Object Lock's word; evidence writes are refused
	Unavailable     Code = "unavailable"     // a server that is needed does not answer; retry later
	Sealed          Code = "vault-sealed"    // Vault is sealed: nothing can be signed until it is unsealed
	Internal        Code = "internal"        // a defect of ours; details are in the log
)

// Error is the one error type of the program: a code, a message that is safe
// to show (it holds no secret, no evidence content), and the wrapped cause.
// The message says what happened, what was kept, and what to try.
type Error struct {
	Code    Code
	Message string
	Err     error // the cause; may be nil; goes to the log only
}

// Errorf returns an Error without a cause.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// WrapError returns an Error with the cause err.
func WrapError(code Code, err error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: err}
}

// Error implements error.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the outermost Error in err's chain, Internal for
// any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// MessageOf returns the safe message of the outermost Error in err's chain, or
// a fixed sentence for any other error.
func MessageOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return "Something went wrong on our side; nothing was changed that is not in the log. Try again, and tell the administrator if it stays."
}

// Retryable reports whether the same request may succeed later.
func (c Code) Retryable() bool {
	switch c {
	case Unavailable, Sealed, StorageFull, Internal:
		return true
	default:
		return false
	}
}

// NoSuch is what anybody hears of what does not exist and of what they may not
// know to exist: the same words for both.
func NoSuch(thing string) error {
	return Errorf(NotFound, "there is no such %s, or you are not a member of its case", thing)
}

// Hide turns NotFound into the words of NoSuch.
func Hide(err error, thing string) error {
	if CodeOf(err) == NotFound {
		return NoSuch(thing)
	}
	return err
}

// NoTicket is what anybody hears of a ticket that does not exist and of one that
// is for something or somebody else.
func NoTicket() error {
	return Errorf(NotFound, "there is no such ticket for you here; no byte was read: ask for one")
}
