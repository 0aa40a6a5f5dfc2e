package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// Every code comes back as it went, with its message and without its cause.
func TestThereAndBack(t *testing.T) {
	for _, code := range []evidence.Code{
		evidence.Invalid, evidence.Unauthenticated, evidence.Forbidden, evidence.NotFound, evidence.Conflict,
		evidence.DigestMismatch, evidence.LengthMismatch, evidence.TooLarge, evidence.Tampered, evidence.Incomplete,
		evidence.UntrustedKey, evidence.Malformed, evidence.StorageFull, evidence.StorageUnsafe, evidence.Unavailable,
		evidence.Sealed, evidence.Internal,
	} {
		t.Run(string(code), func(t *testing.T) {
			err := fmt.Errorf("doing it: %w", evidence.WrapError(code, errors.New("secret cause"), "100%% safe"))
			sent := fault.ToTemporal(err)
			app, ok := errors.AsType[*temporal.ApplicationError](sent)
			if !ok || app.NonRetryable() == code.Retryable() {
				t.Fatalf("sent %#v", sent)
			}
			back := fault.FromTemporal(fmt.Errorf("activity: %w", sent))
			if evidence.CodeOf(back) != code || back.Error() != "100% safe" {
				t.Errorf("came back as %v", back)
			}
			if again := fault.ToTemporal(sent); again != sent {
				t.Errorf("mapped twice: %v", again)
			}
		})
	}
}

func TestToTemporalLeavesWhatTemporalKnows(t *testing.T) {
	for _, err := range []error{nil, temporal.NewCanceledError(), &workflow.ContinueAsNewError{}, context.Canceled} {
		if got := fault.ToTemporal(err); got != err {
			t.Errorf("%v became %v", err, got)
		}
	}
}

func TestToTemporalHidesDefects(t *testing.T) {
	err := fault.ToTemporal(errors.New("secret cause"))
	app, ok := errors.AsType[*temporal.ApplicationError](err)
	if !ok || app.Type() != string(evidence.Internal) || app.Message() != evidence.MessageOf(nil) || app.NonRetryable() {
		t.Errorf("sent %#v", err)
	}
}

func TestFromServer(t *testing.T) {
	tests := map[string]struct {
		err  error
		want evidence.Code
	}{
		"nothing":          {nil, ""},
		"unknown workflow": {serviceerror.NewNotFound("x"), evidence.NotFound},
		"ended before":     {&serviceerror.WorkflowExecutionAlreadyStarted{}, evidence.Conflict},
		"server away":      {serviceerror.NewUnavailable("x"), evidence.Unavailable},
		"no worker":        {serviceerror.NewWorkflowNotReady("x"), evidence.Unavailable},
		"too slow":         {context.DeadlineExceeded, evidence.Unavailable},
		"activity timeout": {temporal.NewHeartbeatTimeoutError(), evidence.Unavailable},
		"foreign error":    {temporal.NewApplicationError("x", "SomethingElse"), evidence.Internal},
		"defect":           {errors.New("x"), evidence.Internal},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := evidence.CodeOf(fault.FromTemporal(tc.err)); got != tc.want {
				t.Errorf("code %q, want %q", got, tc.want)
			}
		})
	}
}
