// Package parallel sends several requests to the same server at a time.
package parallel

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
)

// most is how many requests one call sends at a time.
const most = 8

// Each does something for 0 to n-1, several at a time, until one fails.
func Each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(most)
	for i := range n {
		if err := ctx.Err(); err != nil { // the rest would only fail as well
			group.Go(func() error {
				return evidence.WrapError(evidence.Unavailable, err, "this took longer than the request may")
			})
			break
		}
		group.Go(func() error { return do(ctx, i) })
	}
	return group.Wait()
}
