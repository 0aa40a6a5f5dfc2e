package servers

import (
	"context"
	"fmt"
	"time"
)

// await calls check until it succeeds. It gives up when a process of the server
// ends, when limit is over, or when ctx is done.
func await(ctx context.Context, limit time.Duration, p *process, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	pause := 25 * time.Millisecond
	for {
		attempt, stop := context.WithTimeout(ctx, 5*time.Second)
		err := check(attempt)
		stop()
		if err == nil {
			return nil
		}
		if gone := p.ended(); gone != nil {
			return gone
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it did not answer within %s: %w", limit, err)
		case <-p.done:
		case <-time.After(pause):
		}
		pause = min(2*pause, 500*time.Millisecond)
	}
}
