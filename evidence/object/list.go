package object

import (
	"context"
	"iter"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// List yields every version of the objects of a bucket whose keys begin with
// prefix and come after the key after ("" for the first), delete markers too:
// by key, of one key the newest first. It asks for a thousand at a time and
// holds no more. The first error, Unavailable, is the last thing that it yields.
func (s *Store) List(ctx context.Context, bucket, prefix, after string) iter.Seq2[evidence.ObjectVersion, error] {
	return func(yield func(evidence.ObjectVersion, error) bool) {
		for o := range s.listing(ctx, bucket, prefix, after, true) {
			if o.Err != nil {
				yield(evidence.ObjectVersion{}, translate(o.Err, "listing %s in bucket %s", prefix, bucket))
				return
			}
			v := evidence.ObjectVersion{
				Ref:    evidence.ObjectRef{Bucket: bucket, Key: o.Key, Version: o.VersionID},
				Length: o.Size, At: evidence.At(o.LastModified), Newest: o.IsLatest, Deleted: o.IsDeleteMarker,
			}
			if !yield(v, nil) {
				return
			}
		}
		if ctx.Err() != nil { // the driver ends without a word
			yield(evidence.ObjectVersion{}, translate(ctx.Err(), "listing %s in bucket %s", prefix, bucket))
		}
	}
}

// Folders yields what follows prefix, up to and without the next "/", in the
// keys of a bucket: each once, in order, from the one after the folder after
// ("" for the first). A folder whose objects are all hidden by delete markers is
// one. It fails as List does.
func (s *Store) Folders(ctx context.Context, bucket, prefix, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		start := ""
		if after != "" {
			start = prefix + after + "0" // "0" is what follows "/"
		}
		for name, err := range s.names(ctx, bucket, prefix, start) {
			if err != nil {
				yield("", err)
				return
			}
			name, isFolder := strings.CutSuffix(name, "/")
			if isFolder && name > after && !yield(name, nil) {
				return
			}
		}
	}
}

// Names yields what follows prefix in the keys of a bucket, up to the next "/"
// and with it: folders end with one. Each is yielded once, in no certain order.
// What is hidden by delete markers has a name too. It fails as List does.
func (s *Store) Names(ctx context.Context, bucket, prefix string) iter.Seq2[string, error] {
	return s.names(ctx, bucket, prefix, "")
}

func (s *Store) names(ctx context.Context, bucket, prefix, start string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		for o := range s.listing(ctx, bucket, prefix, start, false) {
			if o.Err != nil {
				yield("", translate(o.Err, "listing the names under %s in bucket %s", prefix, bucket))
				return
			}
			name := strings.TrimPrefix(o.Key, prefix)
			if name != last && !yield(name, nil) { // versions of one object follow each other
				return
			}
			last = name
		}
		if ctx.Err() != nil {
			yield("", translate(ctx.Err(), "listing the names under %s in bucket %s", prefix, bucket))
		}
	}
}

func (s *Store) listing(ctx context.Context, bucket, prefix, after string, recursive bool) iter.Seq[minio.ObjectInfo] {
	return s.core.ListObjectsIter(ctx, bucket, minio.ListObjectsOptions{
		Prefix: prefix, StartAfter: after, Recursive: recursive, WithVersions: true,
	})
}
