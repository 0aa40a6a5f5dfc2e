package object

import (
	"context"
	"net/http"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// codeUnreadable is MinIO's answer both while too few of its drives are there
// and when what they hold of one object does not match its checksums: "please
// reduce your request rate". The first passes, the second never does.
const codeUnreadable = "SlowDownRead"

// readError translates the failure of a read. It fails with Tampered when the
// server can read everything else, so that the object itself is damaged.
func (s *Store) readError(ctx context.Context, err error, key string) error {
	if minio.ToErrorResponse(err).Code == codeUnreadable && s.canRead(ctx) {
		return evidence.WrapError(evidence.Tampered, err, "The object store finds the stored bytes damaged and does not give them.")
	}
	return translate(err, "reading %s", key)
}

// canRead reports whether MinIO says of itself that enough of its drives are
// there to read whatever it holds.
func (s *Store) canRead(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.core.EndpointURL().JoinPath("minio/health/cluster/read").String(), nil)
	if err != nil {
		return false
	}
	client := http.Client{Transport: s.transport}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// damagedAt returns Tampered when the stored bytes are damaged at an offset. A
// server that finds that out in the middle of an answer can only break off.
func (s *Store) damagedAt(ctx context.Context, ref evidence.ObjectRef, offset int64) error {
	opts := minio.GetObjectOptions{VersionID: ref.Version}
	if opts.SetRange(offset, offset) != nil {
		return nil
	}
	body, _, _, err := s.core.GetObject(ctx, ref.Bucket, ref.Key, opts)
	if err == nil {
		_ = body.Close() // it was only asked whether it comes
		return nil
	}
	if err := s.readError(ctx, err, ref.Key); evidence.CodeOf(err) == evidence.Tampered {
		return err
	}
	return nil
}
