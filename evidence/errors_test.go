package evidence_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

func TestErrorCodes(t *testing.T) {
	inner := evidence.WrapError(evidence.NotFound, io.EOF, "there is no case %s", "x")
	outer := evidence.WrapError(evidence.Unavailable, inner, "the registry does not answer")
	for name, tc := range map[string]struct {
		err     error
		code    evidence.Code
		message string
	}{
		"nil":                {nil, "", ""},
		"plain":              {inner, evidence.NotFound, "there is no case x"},
		"wrapped by fmt":     {fmt.Errorf("reading: %w", inner), evidence.NotFound, "there is no case x"},
		"outermost counts":   {outer, evidence.Unavailable, "the registry does not answer"},
		"joined":             {errors.Join(io.ErrClosedPipe, inner), evidence.NotFound, "there is no case x"},
		"of somebody else":   {io.ErrUnexpectedEOF, evidence.Internal, ""},
		"cancelled":          {context.Canceled, evidence.Internal, ""},
		"secret in its text": {errors.New("token hvs.secret"), evidence.Internal, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := evidence.CodeOf(tc.err); got != tc.code {
				t.Errorf("got code %q, want %q", got, tc.code)
			}
			message := evidence.MessageOf(tc.err)
			if tc.message != "" && message != tc.message {
				t.Errorf("got message %q, want %q", message, tc.message)
			}
			if strings.Contains(message, "secret") || strings.Contains(message, "EOF") {
				t.Errorf("the safe message tells the cause: %q", message)
			}
		})
	}
}

func TestErrorChain(t *testing.T) {
	err := evidence.WrapError(evidence.Tampered, io.EOF, "entry %d", 7)
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is not in the chain")
	}
	if got, want := err.Error(), "entry 7: EOF"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := evidence.Errorf(evidence.Tampered, "entry %d", 7).Error(), "entry 7"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCodeRetryable(t *testing.T) {
	for code, want := range map[evidence.Code]bool{
		evidence.Unavailable: true, evidence.Sealed: true, evidence.StorageFull: true, evidence.Internal: true,
		evidence.Invalid: false, evidence.Unauthenticated: false, evidence.Forbidden: false, evidence.NotFound: false,
		evidence.Conflict: false, evidence.DigestMismatch: false, evidence.LengthMismatch: false, evidence.TooLarge: false,
		evidence.Tampered: false, evidence.Incomplete: false, evidence.UntrustedKey: false, evidence.Malformed: false,
		evidence.StorageUnsafe: false, "": false,
	} {
		if got := code.Retryable(); got != want {
			t.Errorf("%q is retryable: %t, want %t", code, got, want)
		}
	}
}
