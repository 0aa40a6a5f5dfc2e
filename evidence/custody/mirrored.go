package custody

import (
	"context"
	"errors"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Mirror keeps a second record of what is published, where nobody can write over
// it. Package mirror implements it. All may be repeated; failures are those of an
// object store.
type Mirror interface {
	logbook.Mirror
	AddDisclosure(ctx context.Context, d evidence.Disclosure) error
}

// mirrorDisclosure has a disclosure mirrored that is ready, and the head that
// its bundle stands on.
func (s *Service) mirrorDisclosure(d evidence.Disclosure) {
	s.book.MirrorLater(func(ctx context.Context) error {
		note, err := s.registry.Checkpoint(ctx, d.Case, d.LogSize)
		if err == nil && note != nil {
			err = s.config.Mirror.AddCheckpoint(ctx, d.Case, d.LogSize, note)
		}
		return errors.Join(err, s.config.Mirror.AddDisclosure(ctx, d))
	})
}
