// Package fault maps the program's errors to Temporal's and back, in one
// place: an evidence.Error becomes an application error whose type is the
// code, and comes out at the other side of the server as an evidence.Error
// with the same code and the same safe message. Causes do not travel; whoever
// maps them logs them first.
package fault

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
)

// ToTemporal returns err as Temporal shall carry it: non-retryable when its
// code says that a retry cannot help. What Temporal itself understands
// (cancellation, continue-as-new, application errors) is left as it is.
func ToTemporal(err error) error {
	if err == nil || passes(err) {
		return err
	}
	code := evidence.CodeOf(err)
	return temporal.NewApplicationErrorWithOptions(evidence.MessageOf(err), string(code),
		temporal.ApplicationErrorOptions{NonRetryable: !code.Retryable()})
}

// passes reports whether Temporal must see err itself.
func passes(err error) bool {
	if workflow.IsContinueAsNewError(err) || temporal.IsCanceledError(err) || errors.Is(err, context.Canceled) {
		return true
	}
	_, ours := errors.AsType[*evidence.Error](err)
	return !ours && temporal.IsApplicationError(err)
}

// FromTemporal returns err as an evidence.Error: with the code and message
// that ToTemporal sent, or with what the failure of the server or of the
// connection to it means to a caller.
func FromTemporal(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*evidence.Error](err); ok {
		return e
	}
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		if code := evidence.Code(app.Type()); known(code) {
			return evidence.Errorf(code, "%s", app.Message())
		}
		return internal(err)
	}
	return fromService(err)
}

func fromService(err error) error {
	switch {
	case is[*serviceerror.NotFound](err):
		return evidence.WrapError(evidence.NotFound, err, "there is no such work under way")
	case is[*serviceerror.WorkflowExecutionAlreadyStarted](err):
		return evidence.WrapError(evidence.Conflict, err, "this was asked for before and has ended")
	case is[*serviceerror.InvalidArgument](err):
		return evidence.WrapError(evidence.Invalid, err, "the request is not one that the workflow server takes")
	case is[*temporal.TimeoutError](err), is[*serviceerror.Unavailable](err), is[*serviceerror.DeadlineExceeded](err),
		is[*serviceerror.ResourceExhausted](err), is[*serviceerror.NamespaceNotFound](err), is[*serviceerror.WorkflowNotReady](err),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return evidence.WrapError(evidence.Unavailable, err, "no answer in time; what was accepted goes on, look again in a moment")
	default:
		return internal(err)
	}
}

func internal(err error) error {
	return evidence.WrapError(evidence.Internal, err, "%s", evidence.MessageOf(nil))
}

func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// known reports whether code is one of ours; an application error of another
// origin has another type.
func known(code evidence.Code) bool {
	switch code {
	case evidence.Invalid, evidence.Unauthenticated, evidence.Forbidden, evidence.NotFound, evidence.Conflict,
		evidence.DigestMismatch, evidence.LengthMismatch, evidence.TooLarge, evidence.Tampered, evidence.Incomplete,
		evidence.UntrustedKey, evidence.Malformed, evidence.StorageFull, evidence.StorageUnsafe, evidence.Unavailable,
		evidence.Sealed, evidence.Internal:
		return true
	default:
		return false
	}
}
