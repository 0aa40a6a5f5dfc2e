package object

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// translate turns an error of the driver into one of ours, once, at this edge.
// What was being done goes to the log with the cause; the message for people is
// a fixed sentence.
func translate(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	cause := fmt.Errorf(doing+": %w", append(args, err)...)
	code, message := classify(err)
	return &evidence.Error{Code: code, Message: message, Err: cause}
}

func classify(err error) (evidence.Code, string) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return evidence.Unavailable, "The object store was not waited for any longer. Try again."
	}
	answer, ok := errors.AsType[minio.ErrorResponse](err)
	if !ok {
		if local, ok := errors.AsType[*evidence.Error](err); ok {
			return local.Code, local.Message
		}
		return evidence.Unavailable, "The object store does not answer. Try again in a moment; nothing that it acknowledged is lost."
	}
	if code, message, ok := byCode(answer); ok {
		return code, message
	}
	return byStatus(answer)
}

// byCode maps the codes by which S3, MinIO and others name a failure.
func byCode(answer minio.ErrorResponse) (evidence.Code, string, bool) {
	switch answer.Code {
	case "NoSuchKey", "NoSuchVersion", "InvalidVersionId", "InvalidVersionID":
		return evidence.NotFound, "The object store does not hold that object.", true
	case "NoSuchUpload":
		return evidence.NotFound, "The object store does not know that upload: it was completed, abandoned, or dropped after a long pause.", true
	case "NoSuchBucket":
		return evidence.Unavailable, "A bucket is missing in the object store. The administrator runs bootstrap.", true
	case "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "InsufficientStorage", "NotEnoughSpace", "ServiceQuotaExceeded":
		return evidence.StorageFull, "The object store has no room left; what it acknowledged before is kept, and nothing more was stored. The administrator adds space, then try again.", true
	case "ObjectLocked", "ObjectLockedByRetention":
		return evidence.Conflict, "The object is locked and stays as it is.", true
	case "InvalidRequest":
		if strings.Contains(answer.Message, "WORM protected") {
			return evidence.Conflict, "The object is locked and stays as it is.", true
		}
		return evidence.Invalid, "The object store refuses the request: " + answer.Message, true
	case "InvalidRange", "InvalidPartNumber", "EntityTooSmall", "InvalidArgument", "InvalidRetentionDate", "PastObjectLockRetainDate", "KeyTooLongError", "XMinioInvalidObjectName":
		return evidence.Invalid, "The object store refuses the request: " + answer.Message, true
	case "EntityTooLarge":
		return evidence.TooLarge, "That is more than the object store takes in one piece.", true
	case "InvalidPart", "InvalidPartOrder", "PreconditionFailed", "OperationAborted":
		return evidence.Conflict, "The object store holds something else than expected; read again.", true
	case "BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "XMinioContentChecksumMismatch", "IncompleteBody":
		return evidence.Unavailable, "Bytes were damaged on the way to the object store, which refused them. Try again.", true
	case "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "AuthorizationHeaderMalformed", "AllAccessDisabled":
		return evidence.Unavailable, "The object store refuses this program (" + answer.Code + "). The administrator checks its credentials, rights and clock.", true
	}
	return "", "", false
}

// byStatus maps what has no code that we know by its HTTP status.
func byStatus(answer minio.ErrorResponse) (evidence.Code, string) {
	text := strings.ToLower(answer.Message)
	switch {
	case answer.StatusCode == http.StatusInsufficientStorage,
		strings.Contains(text, "no space left"), strings.Contains(text, "disk full"), strings.Contains(text, "quota exceeded"):
		return evidence.StorageFull, "The object store has no room left; what it acknowledged before is kept, and nothing more was stored. The administrator adds space, then try again."
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusMethodNotAllowed: // 405: a delete marker
		return evidence.NotFound, "The object store does not hold that object."
	case answer.StatusCode == http.StatusPreconditionFailed, answer.StatusCode == http.StatusConflict:
		return evidence.Conflict, "The object store holds something else than expected; read again."
	case answer.StatusCode == http.StatusNotImplemented:
		return evidence.Internal, "The object store does not know how to do what is needed; it is not one that evidence can be kept in."
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= http.StatusInternalServerError, answer.StatusCode == 0:
		return evidence.Unavailable, "The object store cannot serve the request now. Try again in a moment."
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		return evidence.Unavailable, "The object store refuses this program. The administrator checks its credentials and rights."
	default:
		return evidence.Internal, "The object store refused a request that it should have taken; details are in the log."
	}
}

func missingBucket(bucket string, err error) error {
	return evidence.WrapError(evidence.Unavailable, err, "The bucket %s is missing in the object store. The administrator runs bootstrap.", bucket)
}
