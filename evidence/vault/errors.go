package vault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

const (
	messageSealed  = "Vault is sealed: nobody can sign in and nothing can be signed until the administrator unseals it. Nothing is lost."
	messageSilent  = "Vault does not answer. Try again in a moment; nothing is lost."
	messageNoLogin = "Login or password is wrong, or the account is locked for a while after too many attempts."
	messageEnded   = "The session has ended. Sign in again."
)

// statusOf returns the HTTP status that Vault answered with, or 0.
func statusOf(err error) int {
	if answer, ok := errors.AsType[*api.ResponseError](err); ok {
		return answer.StatusCode
	}
	return 0
}

// noSigningKey reports whether Vault answered that the key to sign with is not
// there; it has no status of its own for that.
func noSigningKey(err error) bool {
	answer, ok := errors.AsType[*api.ResponseError](err)
	return ok && answer.StatusCode == http.StatusBadRequest && strings.Contains(strings.Join(answer.Errors, " "), "key not found")
}

// translate turns an error of the driver into one of ours, once, at this edge.
// What was being done goes to the log with the cause.
func translate(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	if ours, ok := errors.AsType[*evidence.Error](err); ok {
		return ours
	}
	code, message := classify(err)
	return &evidence.Error{Code: code, Message: message, Err: fmt.Errorf(doing+": %w", append(args, err)...)}
}

func classify(err error) (evidence.Code, string) {
	answer, ok := errors.AsType[*api.ResponseError](err)
	switch {
	case !ok && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return evidence.Unavailable, "Vault was not waited for any longer. Try again."
	case !ok:
		return evidence.Unavailable, messageSilent
	case answer.StatusCode == http.StatusServiceUnavailable && strings.Contains(strings.Join(answer.Errors, " "), "sealed"):
		return evidence.Sealed, messageSealed
	case answer.StatusCode >= http.StatusInternalServerError, answer.StatusCode == http.StatusTooManyRequests,
		answer.StatusCode == http.StatusPreconditionFailed: // 412: a standby that has not caught up
		return evidence.Unavailable, messageSilent
	case answer.StatusCode == http.StatusNotFound:
		return evidence.NotFound, "Vault does not know that."
	case answer.StatusCode == http.StatusForbidden:
		return evidence.Internal, "Vault does not allow this program what it needs. The administrator runs bootstrap again."
	default:
		return evidence.Internal, "Vault refused a request that it should have taken; details are in the log."
	}
}
