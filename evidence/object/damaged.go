package object

import (
	"context"
	"io"
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

// damagedSpan is how many bytes are asked for again where an answer broke off:
// more than the pieces under one checksum, which are of 1 MiB in MinIO.
const damagedSpan = 4 << 20

// damagedAfter returns Tampered when stored bytes soon after offset are damaged.
// A server that finds that out in the middle of an answer can only break off,
// and does so at the same place whenever it is asked.
func (s *Store) damagedAfter(ctx context.Context, ref evidence.ObjectRef, offset, end int64) error {
	opts := minio.GetObjectOptions{VersionID: ref.Version}
	if opts.SetRange(offset, min(offset+damagedSpan, end)-1) != nil {
		return nil //nolint:nilerr // there is nothing after it
	}
	var came [2]int64
	for i := range came {
		body, info, _, err := s.core.GetObject(ctx, ref.Bucket, ref.Key, opts)
		if err != nil {
			if err = s.readError(ctx, err, ref.Key); evidence.CodeOf(err) == evidence.Tampered {
				return err
			}
			return nil
		}
		came[i], err = io.Copy(io.Discard, body)
		_ = body.Close() // nothing of it is used
		if err == nil && came[i] == info.Size {
			return nil
		}
	}
	if came[0] != came[1] || !s.canRead(ctx) {
		return nil
	}
	return evidence.Errorf(evidence.Tampered, "The object store breaks off at byte %d whenever it is asked: it finds the stored bytes damaged there.", offset+came[0])
}
