package object

import (
	"context"
	"errors"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// attempt is something that nobody may be able to do to a locked version.
type attempt struct {
	success string // what it means when it works
	try     func(context.Context) error
}

// tryForbidden tries everything that Object Lock forbids, with the right to
// bypass GOVERNANCE wherever one can ask for it.
func (p *probe) tryForbidden(ctx context.Context) error {
	sooner := evidence.At(p.until.Time().Add(-probeShorter))
	attempts := []attempt{
		{"a locked version can be deleted", func(ctx context.Context) error { return p.remove(ctx, p.ref, false) }},
		{"a locked version can be deleted by bypassing its lock", func(ctx context.Context) error { return p.remove(ctx, p.ref, true) }},
		{"a locked version can be deleted in a batch", p.removeBatch},
		{"a lock can be made shorter", func(ctx context.Context) error {
			return p.store.retain(ctx, p.ref, minio.Compliance, sooner, false)
		}},
		{"a lock can be made shorter by bypassing it", func(ctx context.Context) error {
			return p.store.retain(ctx, p.ref, minio.Compliance, sooner, true)
		}},
		{"COMPLIANCE can be turned into GOVERNANCE", func(ctx context.Context) error {
			return p.store.retain(ctx, p.ref, minio.Governance, p.until, true)
		}},
		{"a lock can be taken off", p.unlock},
	}
	for _, a := range attempts {
		err := a.try(ctx)
		if err == nil {
			p.blame("%s", a.success)
			continue
		}
		if !isRefusal(err) {
			return translate(err, "trying whether %s", a.success)
		}
	}
	return nil
}

func (p *probe) remove(ctx context.Context, ref evidence.ObjectRef, bypass bool) error {
	return p.store.core.RemoveObject(ctx, ref.Bucket, ref.Key, minio.RemoveObjectOptions{VersionID: ref.Version, GovernanceBypass: bypass})
}

func (p *probe) removeBatch(ctx context.Context) error {
	victims := make(chan minio.ObjectInfo, 1)
	victims <- minio.ObjectInfo{Key: p.key, VersionID: p.ref.Version}
	close(victims)
	var errs []error
	for failed := range p.store.core.RemoveObjects(ctx, p.ref.Bucket, victims, minio.RemoveObjectsOptions{GovernanceBypass: true}) {
		errs = append(errs, failed.Err)
	}
	return errors.Join(errs...)
}

func (p *probe) unlock(ctx context.Context) error {
	return p.store.core.PutObjectRetention(ctx, p.ref.Bucket, p.key, minio.PutObjectRetentionOptions{
		VersionID: p.ref.Version, GovernanceBypass: true})
}

// isRefusal reports whether the server understood a request and said no. The
// answer to one object of a batch has a code and no status.
func isRefusal(err error) bool {
	answer, ok := errors.AsType[minio.ErrorResponse](err)
	if !ok {
		return false
	}
	switch answer.StatusCode {
	case 0:
		return answer.Code != ""
	case http.StatusRequestTimeout, http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented:
		return true
	default:
		return answer.StatusCode >= http.StatusBadRequest && answer.StatusCode < http.StatusInternalServerError
	}
}
