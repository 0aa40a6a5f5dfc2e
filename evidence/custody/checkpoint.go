package custody

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// signLimit is how long signing one checkpoint in the background may take.
const signLimit = 30 * time.Second

// Checkpoint returns the signed head of a case's log, a note (package ledger)
// that covers every entry acknowledged before the call. It fails with Sealed
// when nothing can be signed; the entries stay on record.
func (s *Service) Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error) {
	if err := s.allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
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
		h, err = l.sign(ctx, h)
		note = h.note
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

// sign signs the head h and puts it on record. It signs with a version of the key
// that the entries before h introduce, so that whoever trusts an older version
// can verify the head from the entries that it covers. It returns another head
// than h when a key entry had to come first.
func (l *caseLog) sign(ctx context.Context, h head) (head, error) {
	note, key, err := l.signWith(ctx, h, l.s.logKey)
	if err == nil && !h.said.Begun(key.ID()) {
		note, h, err = l.signNew(ctx, h, key)
	}
	if err == nil {
		err = l.s.registry.AddCheckpoint(ctx, l.id, h.size, note)
	}
	if err == nil {
		l.s.mirrorHead(l, h.size, note)
		l.keepSnapshot(ctx, h)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signErr = err
	h.note = note
	return h, err
}

// signNew signs the head after a rotation of the key: when the log knows of the
// new version. Where nobody can tell it now, the old version signs on.
func (l *caseLog) signNew(ctx context.Context, h head, key evidence.PublicKey) ([]byte, head, error) {
	err := l.s.askSteward(ctx, l.id, "")
	if err == nil {
		next, err := l.refresh(ctx, 0)
		if err != nil {
			return nil, h, err
		}
		note, by, err := l.signWith(ctx, next, l.s.logKey)
		if err != nil || next.said.Begun(by.ID()) {
			return note, next, err
		}
	}
	old, keysErr := l.lastBegun(ctx, h)
	versions, ok := l.s.logKey.(attest.VersionSigner)
	if keysErr != nil || !ok {
		return nil, h, errors.Join(evidence.WrapError(evidence.Unavailable, err, "the log cannot be told of the new signing key %s; its entries are safe and are signed for later", key.ID()), keysErr)
	}
	note, _, err := l.signWith(ctx, h, attest.OfVersion(versions, old))
	return note, h, err
}

// lastBegun returns the newest version of the key of heads that the log knows.
func (l *caseLog) lastBegun(ctx context.Context, h head) (evidence.PublicKey, error) {
	keys, err := l.s.currentKeys(ctx)
	if err != nil {
		return evidence.PublicKey{}, err
	}
	for _, k := range slices.Backward(keys.log) {
		if h.said.Begun(k.ID()) {
			return k, nil
		}
	}
	return evidence.PublicKey{}, evidence.Errorf(evidence.Incomplete, "the log says of no key that it signs its heads")
}

// signWith signs the head h and returns the key that did.
func (l *caseLog) signWith(ctx context.Context, h head, signer evidence.Signer) ([]byte, evidence.PublicKey, error) {
	if err := l.examine(ctx, h.size); err != nil {
		return nil, evidence.PublicKey{}, err
	}
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(l.s.config.Origin, l.id), Size: h.size, Root: h.root}
	by := &overheard{Signer: signer}
	note, err := ledger.SignCheckpoint(ctx, cp, by)
	return note, by.key, err
}

// overheard is a signer that keeps which key it signed with.
type overheard struct {
	evidence.Signer
	key evidence.PublicKey
}

// Sign implements evidence.Signer.
func (o *overheard) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	signed, err := o.Signer.Sign(ctx, messages...)
	if len(signed) > 0 {
		o.key = signed[0].Key
	}
	return signed, err
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
	if cp.Origin != ledger.CaseOrigin(l.s.config.Origin, l.id) {
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
