package logbook

import (
	"bytes"
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

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
	// headsBack is how many entries before the newest head one is looked for in the
	// mirror first, where that one is not there yet.
	headsBack = 1 << 12
	// notesKept is how many heads of one log wait to be mirrored at most; beyond
	// that only every other one is kept: they say the same as the later ones.
	notesKept = 256
)

// mirroring is what waits to be mirrored. The Book's mu guards it.
type mirroring struct {
	logs    map[*Log]evidence.Instant // with heads that wait, since when
	others  []mirrorTask
	failure string
	wake    chan struct{}
}

// mirrorTask is one object that waits to be mirrored.
type mirrorTask struct {
	since evidence.Instant
	write func(ctx context.Context) error
}

// mirrorHead has a head that was signed mirrored soon, with its entries.
func (b *Book) mirrorHead(l *Log, size int64, note []byte) {
	if b.config.Mirror == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.mirroring.logs[l]; !ok {
		b.mirroring.logs[l] = b.now()
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
	b.wakeMirror()
}

// MirrorLater has one object mirrored soon that belongs to what a log says.
func (b *Book) MirrorLater(write func(ctx context.Context) error) {
	if b.config.Mirror == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mirroring.others = append(b.mirroring.others, mirrorTask{b.now(), write})
	b.wakeMirror()
}

// wakeMirror needs mu.
func (b *Book) wakeMirror() {
	select {
	case b.mirroring.wake <- struct{}{}:
	default: // it is awake
	}
}

// MirrorStatus returns how far the mirror is behind.
func (b *Book) MirrorStatus() MirrorStatus {
	b.mu.Lock()
	defer b.mu.Unlock()
	status := MirrorStatus{Failure: b.mirroring.failure}
	note := func(since evidence.Instant) {
		status.Waiting++
		if status.Since.IsZero() || since.Time().Before(status.Since.Time()) {
			status.Since = since
		}
	}
	for _, since := range b.mirroring.logs {
		note(since)
	}
	for _, task := range b.mirroring.others {
		note(task.since)
	}
	return status
}

// mirrorInBackground mirrors what waits until the Book is closed. No act
// waits for it.
func (b *Book) mirrorInBackground() {
	defer close(b.mirrorStopped)
	pause := time.Duration(0)
	for {
		select {
		case <-b.stopping:
			return
		case <-b.mirroring.wake:
		}
		for {
			ctx, cancel := context.WithTimeout(context.Background(), mirrorLimit)
			err := b.mirrorDue(ctx)
			cancel()
			if err == nil {
				pause = 0
				break
			}
			pause = min(max(2*pause, b.config.CheckpointDelay), mirrorPatience)
			select {
			case <-b.stopping:
				return
			case <-time.After(pause):
			}
		}
	}
}

// mirrorDue mirrors what waits, until something fails in a way that a later try
// may not; what is not done goes on waiting.
func (b *Book) mirrorDue(ctx context.Context) error {
	err := b.mirrorLogs(ctx)
	if err == nil {
		err = b.mirrorOthers(ctx)
	}
	b.mirrorOutcome(ctx, err)
	return err
}

func (b *Book) mirrorLogs(ctx context.Context) error {
	b.mu.Lock()
	logs := slices.Collect(maps.Keys(b.mirroring.logs))
	b.mu.Unlock()
	for _, l := range logs {
		err := logMirror{l}.run(ctx)
		if code := evidence.CodeOf(err); code.Retryable() || code == evidence.StorageUnsafe {
			return err
		}
		if err != nil { // the log is broken: that is an alarm, and nothing of it is published
			b.logger.ErrorContext(ctx, "mirroring a log", slog.String("case", string(l.id)), slog.Any("error", err))
		}
		b.mu.Lock()
		l.mu.Lock()
		if err != nil || len(l.unmirrored) == 0 {
			l.unmirrored = nil
			delete(b.mirroring.logs, l)
		}
		l.mu.Unlock()
		b.mu.Unlock()
	}
	return nil
}

func (b *Book) mirrorOthers(ctx context.Context) error {
	for {
		b.mu.Lock()
		tasks := b.mirroring.others
		b.mu.Unlock()
		if len(tasks) == 0 {
			return nil
		}
		if err := tasks[0].write(ctx); err != nil {
			return err
		}
		b.mu.Lock()
		b.mirroring.others = b.mirroring.others[1:]
		b.mu.Unlock()
	}
}

// mirrorOutcome notes how a round went, and logs when that changes.
func (b *Book) mirrorOutcome(ctx context.Context, err error) {
	failure := ""
	if err != nil {
		failure = evidence.MessageOf(err)
	}
	b.mu.Lock()
	changed := (b.mirroring.failure != "") != (failure != "")
	b.mirroring.failure = failure
	b.mu.Unlock()
	if changed {
		b.logger.WarnContext(ctx, "mirroring", slog.Bool("failing", err != nil), slog.Any("error", err), slog.Int("waiting", b.MirrorStatus().Waiting))
	}
}

// Mirror makes sure that the newest head known of the log is mirrored: a process that
// ended may have left it out. behind reports whether it was not, as far as is known.
func (l *Log) Mirror(ctx context.Context) (behind bool, err error) {
	if l.book.config.Mirror == nil {
		return false, nil
	}
	l.mu.Lock()
	signed, note := l.signed, l.note
	behind = l.mirrored < signed
	lost := behind && len(l.unmirrored) == 0
	l.mu.Unlock()
	if lost {
		l.book.mirrorHead(l, signed, note)
	}
	return behind, logMirror{l}.run(ctx)
}
