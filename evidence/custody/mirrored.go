package custody

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Mirror keeps a second record of what is published, where nobody can write over
// it. Package mirror implements it. All may be repeated; failures are those of an
// object store.
type Mirror interface {
	logbook.Mirror
	AddDisclosure(ctx context.Context, d evidence.Disclosure) error
	AddAlarm(ctx context.Context, a evidence.Alarm) error
	AddAnchor(ctx context.Context, a evidence.Anchor) error
}

// MirrorStatus returns how far the mirror is behind.
func (s *Service) MirrorStatus() logbook.MirrorStatus { return s.book.MirrorStatus() }

// CatchUp makes sure that the newest head of a log is signed, mirrored and in the
// register: a process that ended may have left it out, and whoever can write to the
// registry can have the register's own runs not find it. What keeps the register
// from taking it is logged and no error. It costs the reading of what was appended,
// and of the register's entry about the head, with at most a tile around it. Only a
// service may.
func (s *Service) CatchUp(ctx context.Context, actor evidence.Actor, c evidence.CaseID) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	l := s.book.Log(c)
	if _, err := l.Head(ctx, 0); err != nil {
		return err
	}
	if c != evidence.RegisterID() {
		if _, err := s.publish(ctx, actor, []evidence.CaseID{c}); err != nil {
			s.logger.WarnContext(ctx, "the register could not be given the head of a log", slog.String("case", string(c)), slog.Any("error", err))
		}
	}
	return l.Mirror(ctx)
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
