package custody

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// Mirror keeps a second record of what is published of logs, where nobody can
// write over it. Package mirror implements it. All may be repeated; failures are
// those of an object store.
type Mirror interface {
	// Mark returns how many entries of a log are mirrored without a gap, where it
	// is known that known are.
	Mark(ctx context.Context, c evidence.CaseID, known int64) (int64, error)
	// Heads returns signed heads of a log, not yet checked, the largest size first:
	// of the most largest sizes of size and above.
	Heads(ctx context.Context, c evidence.CaseID, size int64, most int) ([]mirror.Note, error)
	AddEntries(ctx context.Context, c evidence.CaseID, from int64, raw [][]byte) error
	AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error
	AddDisclosure(ctx context.Context, d evidence.Disclosure) error
	AddAlarm(ctx context.Context, a evidence.Alarm) error
	AddAnchor(ctx context.Context, a evidence.Anchor) error
}

// MirrorStatus is how far the mirror is behind, as this process knows it.
type MirrorStatus struct {
	Waiting int              `json:"waiting"`           // heads, disclosures, alarms and anchors that are not mirrored yet
	Since   evidence.Instant `json:"since,omitzero"`    // when the oldest of them came to be
	Failure string           `json:"failure,omitempty"` // why the last try failed, in words that are safe to show
}

const (
	// mirrorLimit is how long one round of mirroring may take.
	mirrorLimit = 2 * time.Minute
	// mirrorWait is how long reading a mirrored head may take when a log is read
	// for the first time.
	mirrorWait = 10 * time.Second
	// mirrorPatience is the longest pause between tries while storage is away.
	mirrorPatience = time.Minute
	// headsHeld is how many mirrored heads are looked at for one that we signed,
	// headsMost how many where none of those is.
	headsHeld, headsMost = 16, 256
	// notesKept is how many heads of one log wait to be mirrored at most; beyond
	// that only every other one is kept: they say the same as the later ones.
	notesKept = 256
)

// mirroring is what waits to be mirrored. The Service's mu guards it.
type mirroring struct {
	logs    map[*caseLog]evidence.Instant // with heads that wait, since when
	others  []mirrorTask
	failure string
	wake    chan struct{}
}

// mirrorTask is one object that waits to be mirrored.
type mirrorTask struct {
	since evidence.Instant
	write func(ctx context.Context, m Mirror) error
}

// mirrorHead has a head that was signed mirrored soon, with its entries.
func (s *Service) mirrorHead(l *caseLog, size int64, note []byte) {
	if s.config.Mirror == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.mirroring.logs[l]; !ok {
		s.mirroring.logs[l] = s.now()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if slices.ContainsFunc(l.unmirrored, func(h signedHead) bool { return h.size == size }) {
		return // signed twice at once, and the same
	}
	l.unmirrored = append(l.unmirrored, signedHead{size, bytes.Clone(note)})
	slices.SortFunc(l.unmirrored, func(a, b signedHead) int { return cmp.Compare(a.size, b.size) })
	if n := len(l.unmirrored); n > notesKept {
		thinned := l.unmirrored[:0]
		for i, h := range l.unmirrored {
			if i%2 == 1 || i == n-1 {
				thinned = append(thinned, h)
			}
		}
		l.unmirrored = thinned
	}
	s.wakeMirror()
}

// mirrorLater has one object mirrored soon.
func (s *Service) mirrorLater(write func(ctx context.Context, m Mirror) error) {
	if s.config.Mirror == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mirroring.others = append(s.mirroring.others, mirrorTask{s.now(), write})
	s.wakeMirror()
}

// wakeMirror needs mu.
func (s *Service) wakeMirror() {
	select {
	case s.mirroring.wake <- struct{}{}:
	default: // it is awake
	}
}

// MirrorStatus returns how far the mirror is behind.
func (s *Service) MirrorStatus() MirrorStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := MirrorStatus{Failure: s.mirroring.failure}
	note := func(since evidence.Instant) {
		status.Waiting++
		if status.Since.IsZero() || since.Time().Before(status.Since.Time()) {
			status.Since = since
		}
	}
	for _, since := range s.mirroring.logs {
		note(since)
	}
	for _, task := range s.mirroring.others {
		note(task.since)
	}
	return status
}

// mirrorInBackground mirrors what waits until the Service is closed. No act
// waits for it.
func (s *Service) mirrorInBackground() {
	defer close(s.mirrorStopped)
	pause := time.Duration(0)
	for {
		select {
		case <-s.stopping:
			return
		case <-s.mirroring.wake:
		}
		for {
			ctx, cancel := context.WithTimeout(context.Background(), mirrorLimit)
			err := s.mirrorDue(ctx)
			cancel()
			if err == nil {
				pause = 0
				break
			}
			pause = min(max(2*pause, s.config.CheckpointDelay), mirrorPatience)
			select {
			case <-s.stopping:
				return
			case <-time.After(pause):
			}
		}
	}
}

// mirrorDue mirrors what waits, until something fails in a way that a later try
// may not; what is not done goes on waiting.
func (s *Service) mirrorDue(ctx context.Context) error {
	err := s.mirrorLogs(ctx)
	if err == nil {
		err = s.mirrorOthers(ctx)
	}
	s.mirrorOutcome(ctx, err)
	return err
}

func (s *Service) mirrorLogs(ctx context.Context) error {
	s.mu.Lock()
	logs := slices.Collect(maps.Keys(s.mirroring.logs))
	s.mu.Unlock()
	for _, l := range logs {
		err := l.mirror(ctx)
		if code := evidence.CodeOf(err); code.Retryable() || code == evidence.StorageUnsafe {
			return err
		}
		if err != nil { // the log is broken: that is an alarm, and nothing of it is published
			s.logger.ErrorContext(ctx, "mirroring a log", slog.String("case", string(l.id)), slog.Any("error", err))
		}
		s.mu.Lock()
		l.mu.Lock()
		if err != nil || len(l.unmirrored) == 0 {
			l.unmirrored = nil
			delete(s.mirroring.logs, l)
		}
		l.mu.Unlock()
		s.mu.Unlock()
	}
	return nil
}

func (s *Service) mirrorOthers(ctx context.Context) error {
	for {
		s.mu.Lock()
		tasks := s.mirroring.others
		s.mu.Unlock()
		if len(tasks) == 0 {
			return nil
		}
		if err := tasks[0].write(ctx, s.config.Mirror); err != nil {
			return err
		}
		s.mu.Lock()
		s.mirroring.others = s.mirroring.others[1:]
		s.mu.Unlock()
	}
}

// mirrorOutcome notes how a round went, and logs when that changes.
func (s *Service) mirrorOutcome(ctx context.Context, err error) {
	failure := ""
	if err != nil {
		failure = evidence.MessageOf(err)
	}
	s.mu.Lock()
	changed := (s.mirroring.failure != "") != (failure != "")
	s.mirroring.failure = failure
	s.mu.Unlock()
	if changed {
		s.logger.WarnContext(ctx, "mirroring", slog.Bool("failing", err != nil), slog.Any("error", err), slog.Int("waiting", s.MirrorStatus().Waiting))
	}
}

// CatchUp makes sure that the newest head of a log is signed, mirrored and in the
// register: a process that ended may have left it out, and whoever can write to the
// registry can have the register's own runs not find it. What keeps the register
// from taking it is logged and no error. It costs the reading of what was appended,
// and of the register's entry about the head, with at most a tile around it. Only a
// service may.
func (s *Service) CatchUp(ctx context.Context, actor evidence.Actor, c evidence.CaseID) error {
	if err := onlyService(actor); err != nil {
		return err
	}
	l := s.log(c)
	if _, err := l.refresh(ctx, 0); err != nil {
		return err
	}
	if c != evidence.RegisterID() {
		if _, err := s.publish(ctx, actor, []evidence.CaseID{c}); err != nil {
			s.logger.WarnContext(ctx, "the register could not be given the head of a log", slog.String("case", string(c)), slog.Any("error", err))
		}
	}
	if s.config.Mirror == nil {
		return nil
	}
	l.mu.Lock()
	signed, note := l.signed, l.note
	behind := l.mirrored < signed && len(l.unmirrored) == 0
	l.mu.Unlock()
	if behind {
		s.mirrorHead(l, signed, note)
	}
	return l.mirror(ctx)
}

// mirrorDisclosure has a disclosure mirrored that is ready, and the head that
// its bundle stands on.
func (s *Service) mirrorDisclosure(d evidence.Disclosure) {
	s.mirrorLater(func(ctx context.Context, m Mirror) error {
		note, err := s.registry.Checkpoint(ctx, d.Case, d.LogSize)
		if err == nil && note != nil {
			err = m.AddCheckpoint(ctx, d.Case, d.LogSize, note)
		}
		return errors.Join(err, m.AddDisclosure(ctx, d))
	})
}
