package custody

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// signLimit is how long signing one checkpoint in the background may take.
const signLimit = 30 * time.Second

// Checkpoint returns the signed head of a case's log, a note (package ledger)
// that covers every entry acknowledged before the call. It fails with Sealed
// when nothing can be signed; the entries stay on record.
func (s *Service) Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error) {
	if err := s.allow(ctx, actor, c, seeCase, "case"); err != nil {
		return nil, err
	}
	h, err := s.log(c).checkpoint(ctx)
	return h.note, err
}

// checkpoint returns the head of the log, signed.
func (l *caseLog) checkpoint(ctx context.Context) (head, error) {
	h, err := l.refresh(ctx, 0)
	if err != nil {
		return head{}, err
	}
	if h.size == 0 {
		return head{}, noSuch("case")
	}
	if err := l.vouch(ctx); err != nil { // nothing is built on a head that nobody signed
		return head{}, err
	}
	if h.signed == h.size && h.note != nil {
		return h, nil
	}
	note, err := l.s.registry.Checkpoint(ctx, l.id, h.size) // another process may have signed it
	if err != nil {
		return head{}, err
	}
	if note != nil {
		err = l.accept(ctx, note, h)
	} else {
		note, err = l.sign(ctx, h)
	}
	if err != nil {
		return head{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.size > l.signed {
		l.signed, l.note, l.vouched = h.size, bytes.Clone(note), true
	}
	h.signed, h.note = h.size, note
	return h, nil
}

// sign signs the head h and puts it on record.
func (l *caseLog) sign(ctx context.Context, h head) ([]byte, error) {
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(l.s.config.Origin, l.id), Size: h.size, Root: h.root}
	note, err := ledger.SignCheckpoint(ctx, cp, l.s.logKey)
	if err == nil {
		err = l.s.registry.AddCheckpoint(ctx, l.id, h.size, note)
	}
	if err == nil {
		l.s.mirrorHead(l, h.size, note)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signErr = err
	return note, err
}

// accept returns nil when note, which the registry has for the head h, is that
// head, signed by our key. A good signature of another head is a fork.
func (l *caseLog) accept(ctx context.Context, note []byte, h head) error {
	cp, err := l.openHead(ctx, note)
	if err == nil && (cp.Size != h.size || cp.Root != h.root) {
		err = l.refuse(evidence.Errorf(evidence.Tampered, "another log of this case was signed at %d entries; nothing is added to it", h.size))
	}
	return err
}

// refuse has the log not be used any more, for that reason.
func (l *caseLog) refuse(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = why
	return why
}

// vouch checks the signature of the newest head known, unless that is done.
// Whoever can write to the registry can put a head there; only our key signs.
func (l *caseLog) vouch(ctx context.Context) error {
	l.mu.Lock()
	note, done := l.note, l.vouched
	l.mu.Unlock()
	if note == nil || done {
		return nil
	}
	if _, err := l.openHead(ctx, note); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.vouched = l.vouched || bytes.Equal(note, l.note)
	return nil
}

// openHead reads a signed head of this log. It fails with Tampered when it is
// of another log or not by a key of ours, and, when the keys are not known,
// with what reading them fails with.
func (l *caseLog) openHead(ctx context.Context, note []byte) (ledger.Checkpoint, error) {
	keys, _ := l.s.keys.known()
	cp, _, err := ledger.OpenCheckpoint(note, keys.log)
	if evidence.CodeOf(err) == evidence.UntrustedKey { // by a key that is new, perhaps
		var keysErr error
		if keys, keysErr = l.s.currentKeys(ctx); keysErr != nil {
			return ledger.Checkpoint{}, keysErr
		}
		cp, _, err = ledger.OpenCheckpoint(note, keys.log)
	}
	if err != nil {
		return ledger.Checkpoint{}, l.refuse(evidence.WrapError(evidence.Tampered, err, "the registry has a head of the case's log that our key did not sign; nothing is added to the log"))
	}
	if !strings.HasSuffix(cp.Origin, ledger.CaseOrigin("", l.id)) {
		return ledger.Checkpoint{}, l.refuse(evidence.Errorf(evidence.Tampered, "the registry has the head of another log for this case's; nothing is added to it"))
	}
	return cp, nil
}

// signSoon has the head of the log signed within the checkpoint delay.
func (s *Service) signSoon(l *caseLog) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due[l] = struct{}{}
}

// signInBackground signs what is due until the Service is closed.
func (s *Service) signInBackground() {
	defer close(s.stopped)
	ticker := time.NewTicker(s.config.CheckpointDelay)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-s.stopping:
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), signLimit)
		err := s.signDue(ctx)
		cancel()
		if failing != (err != nil) { // once, not at every tick
			failing = err != nil
			s.logger.WarnContext(ctx, "signing checkpoints", slog.Bool("failing", failing), slog.Any("error", err))
		}
	}
}

// signDue signs the heads that are due; those that fail stay due.
func (s *Service) signDue(ctx context.Context) error {
	s.mu.Lock()
	due := s.due
	s.due = map[*caseLog]struct{}{}
	s.mu.Unlock()
	var errs []error
	for l := range due {
		if _, err := l.checkpoint(ctx); err != nil {
			s.signSoon(l)
			errs = append(errs, err)
			if evidence.CodeOf(err).Retryable() {
				for l := range due { // the others would fail in the same way
					s.signSoon(l)
				}
				break
			}
		}
	}
	return errors.Join(errs...)
}
