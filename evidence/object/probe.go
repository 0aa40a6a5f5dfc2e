package object

import (
	"context"
)

// probePrefix begins the keys of probe objects.
const probePrefix = "probe/"

// probe finds out whether a bucket keeps Object Lock's word.
func (s *Store) probe(ctx context.Context, bucket string) error {
	return checkBucket(ctx, s.core, bucket)
}
