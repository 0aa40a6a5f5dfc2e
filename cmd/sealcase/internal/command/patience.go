package command

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// patience is how often a request that may be repeated is, while a server is
// away: about a minute in all, besides the server's own patience.
const patience = 20

// patiently does something that may be repeated until it succeeds, fails for a
// reason that will not pass, or patience ends.
func (s *session) patiently(ctx context.Context, do func() error) error {
	pause := pauseFirst
	for try := range patience {
		err := do()
		if err == nil || !evidence.CodeOf(err).Retryable() || try == patience-1 {
			return err
		}
		if try == 1 {
			s.note("Waiting: %s", shown(evidence.MessageOf(err)))
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, pauseMost)
	}
	return nil
}
