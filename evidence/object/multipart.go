package object

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// MaxParts is how many parts S3 lets a multipart have. With parts of 16 MiB an
// object ends at 156 GiB: choose the part size by the length.
const MaxParts = 10_000

// listedParts is how many parts a server names in one answer.
const listedParts = 1000

// Begin starts an object at its final key, locked from birth: the lock counts
// from its completion on, until lock.Until. Nothing shows before it is
// complete; a server may drop what is not completed for long (MinIO: a day,
// unless it is told otherwise).
func (s *Store) Begin(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock) (string, error) {
	if err := s.admit(ctx, to, lock); err != nil {
		return "", err
	}
	return s.begin(ctx, to, mediaType, lock)
}

func (s *Store) begin(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock) (string, error) {
	opts := options(mediaType, lock)
	opts.UserMetadata = map[string]string{
		headerChecksumAlgorithm: checksum.String(),
		headerChecksumType:      minio.ChecksumFullObjectMode.String(),
	}
	multipart, err := s.core.NewMultipartUpload(ctx, to.Bucket, to.Key, opts)
	if err != nil {
		return "", translate(err, "beginning %s", to.Key)
	}
	return multipart, nil
}

// PutPart writes part number, 1 to MaxParts: 5 MiB to 5 GiB, the last may be
// shorter. The same number again replaces it, so a retry is safe. NotFound
// means that the multipart was completed, aborted or dropped.
func (s *Store) PutPart(ctx context.Context, to evidence.ObjectRef, multipart string, number int, body []byte) (evidence.Part, error) {
	if number < 1 || number > MaxParts {
		return evidence.Part{}, evidence.Errorf(evidence.Invalid, "part %d is not between 1 and %d", number, MaxParts)
	}
	opts := minio.PutObjectPartOptions{Sha256Hex: sumHex(body), DisableContentSha256: oneHash, CustomHeader: http.Header{}}
	opts.CustomHeader.Set(checksum.Key(), checksum.ChecksumBytes(body).Encoded())
	part, err := s.core.PutObjectPart(ctx, to.Bucket, to.Key, multipart, number, bytes.NewReader(body), int64(len(body)), opts)
	if err != nil {
		return evidence.Part{}, translate(err, "storing part %d of %s", number, to.Key)
	}
	return evidence.Part{Number: number, ETag: part.ETag, Length: part.Size}, nil
}

// Parts returns what the server holds of a multipart, by number. NotFound means
// that it was completed, aborted or dropped.
func (s *Store) Parts(ctx context.Context, to evidence.ObjectRef, multipart string) ([]evidence.Part, error) {
	held, err := s.held(ctx, to, multipart)
	if err != nil {
		return nil, err
	}
	parts := make([]evidence.Part, 0, len(held))
	for _, p := range held {
		parts = append(parts, evidence.Part{Number: p.PartNumber, ETag: unquoted(p.ETag), Length: p.Size})
	}
	return parts, nil
}

func (s *Store) held(ctx context.Context, to evidence.ObjectRef, multipart string) ([]minio.ObjectPart, error) {
	var held []minio.ObjectPart
	for marker := 0; ; {
		page, err := s.core.ListObjectParts(ctx, to.Bucket, to.Key, multipart, marker, listedParts)
		if err != nil {
			return nil, translate(err, "listing the parts of %s", to.Key)
		}
		held = append(held, page.ObjectParts...)
		if !page.IsTruncated || page.NextPartNumberMarker <= marker {
			break
		}
		marker = page.NextPartNumberMarker
	}
	slices.SortFunc(held, func(a, b minio.ObjectPart) int { return a.PartNumber - b.PartNumber })
	return held, nil
}

// Complete makes the parts an object, after comparing them with those that the
// server holds, and returns what it then says of the object. Parts that are not
// named are dropped. It is idempotent: where the multipart is gone because an
// earlier call made the object, that object is returned. Conflict means that
// the server holds other parts; NotFound that there is neither a multipart nor
// its object.
func (s *Store) Complete(ctx context.Context, to evidence.ObjectRef, multipart string, parts []evidence.Part) (evidence.Stored, error) {
	held, err := s.held(ctx, to, multipart)
	if evidence.CodeOf(err) == evidence.NotFound {
		return s.completed(ctx, to, parts, err)
	}
	if err != nil {
		return evidence.Stored{}, err
	}
	chosen, err := match(parts, held)
	if err != nil {
		return evidence.Stored{}, err
	}
	info, err := s.core.CompleteMultipartUpload(ctx, to.Bucket, to.Key, multipart, completion(chosen), minio.PutObjectOptions{})
	if err != nil {
		err = translate(err, "completing %s", to.Key)
		if evidence.CodeOf(err) == evidence.NotFound { // somebody else did, a moment ago
			return s.completed(ctx, to, parts, err)
		}
		return evidence.Stored{}, err
	}
	if err := sameChecksum(to.Key, chosen, info); err != nil {
		return evidence.Stored{}, err
	}
	to.Version = info.VersionID
	return s.confirm(ctx, to, lengthOf(parts), evidence.Lock{})
}

// completed returns the object that an earlier Complete made of the same parts:
// the newest version at the key, of the same length and number of parts.
func (s *Store) completed(ctx context.Context, to evidence.ObjectRef, parts []evidence.Part, gone error) (evidence.Stored, error) {
	info, err := s.stat(ctx, to)
	if evidence.CodeOf(err) == evidence.NotFound {
		return evidence.Stored{}, gone
	}
	if err != nil {
		return evidence.Stored{}, err
	}
	if info.Size != lengthOf(parts) || !strings.HasSuffix(info.ETag, "-"+strconv.Itoa(len(parts))) {
		return evidence.Stored{}, evidence.WrapError(evidence.Conflict, gone,
			"%s exists, but was not made of these parts", to.Key)
	}
	to.Version = info.VersionID
	return s.confirm(ctx, to, lengthOf(parts), evidence.Lock{})
}

// Abort throws a multipart away. It is idempotent, and leaves a completed
// object alone.
func (s *Store) Abort(ctx context.Context, to evidence.ObjectRef, multipart string) error {
	err := s.core.AbortMultipartUpload(ctx, to.Bucket, to.Key, multipart)
	if err == nil {
		return nil
	}
	err = translate(err, "aborting %s", to.Key)
	if evidence.CodeOf(err) == evidence.NotFound {
		return nil
	}
	return err
}

// match returns those of the held parts that are wanted, or Conflict.
func match(wanted []evidence.Part, held []minio.ObjectPart) ([]minio.ObjectPart, error) {
	if len(wanted) == 0 {
		return nil, evidence.Errorf(evidence.Invalid, "an object is made of at least one part")
	}
	byNumber := make(map[int]minio.ObjectPart, len(held))
	for _, p := range held {
		byNumber[p.PartNumber] = p
	}
	chosen := make([]minio.ObjectPart, 0, len(wanted))
	for i, w := range wanted {
		p, ok := byNumber[w.Number]
		switch {
		case i > 0 && wanted[i-1].Number >= w.Number:
			return nil, evidence.Errorf(evidence.Invalid, "part %d follows part %d", w.Number, wanted[i-1].Number)
		case !ok:
			return nil, evidence.Errorf(evidence.Conflict, "the object store does not hold part %d", w.Number)
		case unquoted(p.ETag) != unquoted(w.ETag) || p.Size != w.Length:
			return nil, evidence.Errorf(evidence.Conflict, "part %d is not the one that was acknowledged; it was written again", w.Number)
		}
		chosen = append(chosen, p)
	}
	return chosen, nil
}

func completion(parts []minio.ObjectPart) []minio.CompletePart {
	named := make([]minio.CompletePart, 0, len(parts))
	for _, p := range parts {
		named = append(named, minio.CompletePart{
			PartNumber: p.PartNumber, ETag: unquoted(p.ETag), ChecksumCRC64NVME: p.ChecksumCRC64NVME})
	}
	return named
}

// sameChecksum compares the checksum that the server states for the whole
// object, where it states one, with the one that follows from its parts.
func sameChecksum(key string, parts []minio.ObjectPart, info minio.UploadInfo) error {
	if info.ChecksumCRC64NVME == "" || parts[0].ChecksumCRC64NVME == "" {
		return nil
	}
	want, err := checksum.FullObjectChecksum(slices.Clone(parts))
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "adding up the checksums of the parts of %s", key)
	}
	if want.Encoded() != info.ChecksumCRC64NVME {
		return evidence.WrapError(evidence.Unavailable, errors.New("CRC-64/NVME differs"),
			"the object store put the parts of %s together wrongly; the write does not count, try again", key)
	}
	return nil
}

func lengthOf(parts []evidence.Part) (sum int64) {
	for _, p := range parts {
		sum += p.Length
	}
	return sum
}

func unquoted(etag string) string { return strings.Trim(etag, `"`) }
