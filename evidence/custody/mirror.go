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
	"github.com/sealcase/sealcase/evidence/ledger"
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

// signedHead is a head of a log as it was signed.
type signedHead struct {
	size int64
	note []byte
}

// mirror mirrors the heads of the log that wait, and the entries under them.
func (l *caseLog) mirror(ctx context.Context) error {
	l.mu.Lock()
	due, mark, broken := l.unmirrored, l.mirrored, l.broken
	l.mu.Unlock()
	if broken != nil || len(due) == 0 {
		return broken
	}
	mark, err := l.mirrorMark(ctx, mark)
	if err != nil {
		return err
	}
	for _, h := range due {
		for mark < h.size {
			to := min(h.size, mark+mirror.SegmentMost)
			if err := l.mirrorSegment(ctx, mark, to); err != nil {
				return err
			}
			mark = to
		}
		if err := l.s.config.Mirror.AddCheckpoint(ctx, l.id, h.size, h.note); err != nil {
			return err
		}
		l.mu.Lock()
		l.mirrored = max(l.mirrored, h.size)
		l.unmirrored = dropFirst(l.unmirrored, h.size)
		l.mu.Unlock()
	}
	return nil
}

// mirrorMark returns how many entries need not be mirrored again: those that the
// names of segments say are mirrored, as far as a signed head that is mirrored
// covers them. Names alone are anybody's.
func (l *caseLog) mirrorMark(ctx context.Context, known int64) (int64, error) {
	mark, err := l.s.config.Mirror.Mark(ctx, l.id, known)
	if err != nil || mark <= known {
		return known, err
	}
	h, err := l.mirroredHead(ctx)
	if err != nil {
		return known, err
	}
	return max(known, min(mark, h.size)), nil
}

// dropFirst removes the heads up to a size from those that wait.
func dropFirst(waiting []signedHead, size int64) []signedHead {
	rest := waiting[:0:0]
	for _, h := range waiting {
		if h.size > size {
			rest = append(rest, h)
		}
	}
	return rest
}

func (l *caseLog) mirrorSegment(ctx context.Context, from, to int64) error {
	list, err := l.s.readLog(ctx, l.id, from, to) // compared with what was signed
	if err != nil {
		return err
	}
	raw := make([][]byte, len(list))
	for i, e := range list {
		raw[i] = e.Raw
	}
	return l.s.config.Mirror.AddEntries(ctx, l.id, from, raw)
}

// holdMirror holds the newest mirrored head that our key signed against a log
// that was read for the first time, as hold does with the registry's own: a log
// whose heads were rolled back or rewritten together with it is not used. While
// the mirror or the keys do not answer the log is used all the same, and the
// audit compares them too; any other failure to read them is somebody's doing,
// and the log is not used. The caller has the turn.
func (l *caseLog) holdMirror(ctx context.Context) error {
	if l.s.config.Mirror == nil {
		return nil
	}
	look, cancel := context.WithTimeout(ctx, mirrorWait)
	defer cancel()
	h, err := l.mirroredHead(look)
	if err != nil && !evidence.CodeOf(err).Retryable() {
		return err
	}
	if err != nil {
		l.s.logger.WarnContext(ctx, "a log cannot be compared with its mirror now", slog.String("case", string(l.id)), slog.Any("error", err))
		return nil
	}
	if h.note != nil {
		if _, err := l.readOn(ctx); err != nil { // entries are there before their head is mirrored
			return err
		}
		if err := l.holdAgainst(ctx, h.note, "the case's log is not the one that was mirrored at %d entries: the database was rolled back or rewritten; nothing is added to it"); err != nil {
			return err
		}
	}
	l.mu.Lock()
	signed, note := l.signed, l.note
	l.mirrored = h.size
	l.mu.Unlock()
	if signed > h.size { // whoever signed it did not come to mirror it
		l.s.mirrorHead(l, signed, note)
	}
	return nil
}

// mirroredHead returns the newest head in the mirror that our key signed for
// this log; a zero one when there is none. It fails with Tampered where so many
// heads lie there that nobody of ours signed that ours may be behind them.
func (l *caseLog) mirroredHead(ctx context.Context) (signedHead, error) {
	keys, err := l.s.knownKeys(ctx)
	if err != nil {
		return signedHead{}, err
	}
	l.mu.Lock()
	from := l.signed
	l.mu.Unlock()
	for most := headsHeld; ; {
		notes, err := l.s.config.Mirror.Heads(ctx, l.id, from, most)
		if err != nil {
			return signedHead{}, err
		}
		for _, n := range notes {
			cp, _, err := ledger.OpenCheckpoint(n.Note, keys.log)
			if err == nil && cp.Size == n.Size && cp.Origin == ledger.CaseOrigin(l.s.config.Origin, l.id) {
				return signedHead{n.Size, n.Note}, nil
			}
		}
		switch {
		case len(notes) >= headsMost:
			return signedHead{}, evidence.Errorf(evidence.Tampered, "the mirror of the case's log holds %d heads that our key did not sign, and none that it did: somebody hides those; nothing is added to it", len(notes))
		case len(notes) >= most:
			most = headsMost
		case from == 0:
			return signedHead{}, nil
		default:
			from, most = 0, headsHeld
		}
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
