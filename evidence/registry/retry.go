package registry

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sealcase/sealcase/evidence"
)

// retry does something until it succeeds, fails for good, or patience or ctx
// ends. Everything done through it may be repeated: reads, and inserts under
// unique keys.
func (r *Registry) retry(ctx context.Context, what string, do func(context.Context) error) error {
	deadline := time.Now().Add(r.patience)
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := do(ctx)
		switch {
		case err == nil, errors.Is(err, mongo.ErrNoDocuments):
			return nil
		case ctx.Err() != nil:
			return evidence.WrapError(evidence.Unavailable, err, "%s took longer than the request may", what)
		case storageFull(err):
			return evidence.WrapError(evidence.StorageFull, err, "the registry has no room; nothing more can be recorded until it has")
		case !transient(err):
			return evidence.WrapError(evidence.Internal, err, "%s failed", what)
		case time.Now().Add(wait).After(deadline):
			return evidence.WrapError(evidence.Unavailable, err, "the registry does not answer; try again later")
		}
		r.logger.DebugContext(ctx, "registry does not answer, trying again", slog.String("doing", what), slog.Any("error", err))
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// transient reports whether a server that is gone, or not ready, explains err.
func transient(err error) bool {
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) {
		return true
	}
	// The driver has no predicate for "no server found"; it prints it thus.
	if strings.Contains(err.Error(), "server selection error") {
		return true
	}
	server, ok := errors.AsType[mongo.ServerError](err)
	if !ok {
		return false
	}
	if server.HasErrorLabel("RetryableWriteError") || server.HasErrorLabel("TransientTransactionError") {
		return true
	}
	// Codes of a replica set that changes its primary or shuts down, and the
	// InternalError (1) that the embedded default answers with while its
	// PostgreSQL is away.
	return slices.ContainsFunc([]int{1, 6, 7, 89, 91, 112, 189, 9001, 10107, 11600, 11602, 13435, 13436}, server.HasErrorCode)
}

// storageFull reports whether the server's disk is full: OutOfDiskSpace, or
// PostgreSQL's SQLSTATE 53100 in what the embedded default says.
func storageFull(err error) bool {
	server, ok := errors.AsType[mongo.ServerError](err)
	return ok && (server.HasErrorCode(14031) || strings.Contains(err.Error(), "SQLSTATE 53100"))
}

// takenPlaces returns the places of the documents of an insert of many of which
// a key is taken, and err when anything else is wrong.
func takenPlaces(err error) ([]int, error) {
	bulk, ok := errors.AsType[mongo.BulkWriteException](err)
	if !ok || bulk.WriteConcernError != nil {
		return nil, err
	}
	var taken []int
	for _, e := range bulk.WriteErrors {
		if !e.HasErrorCode(11000) {
			return nil, err
		}
		taken = append(taken, e.Index)
	}
	slices.Sort(taken)
	return taken, nil
}
