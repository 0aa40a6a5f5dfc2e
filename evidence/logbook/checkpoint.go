package logbook

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Checkpoint returns the head of the log, signed by our key: it covers every entry
// that was acknowledged before the call. It fails with NotFound while the log has no
// entry, and with Sealed when nothing can be signed; the entries stay on record.
func (l *Log) Checkpoint(ctx context.Context) (Head, error) {
	h, err := l.Head(ctx, 0)
	if err != nil {
		return Head{}, err
	}
	if h.Size == 0 {
		return Head{}, evidence.NoSuch("case")
	}
	if err := l.ensureVouched(ctx, h); err != nil { // nothing is built on a head that nobody signed
		return Head{}, err
	}
	if h.Signed == h.Size && h.Note != nil {
		return h, nil
	}
	note, err := l.book.store.Checkpoint(ctx, l.id, h.Size) // another process may have signed it
	if err != nil {
		return Head{}, err
	}
	if note != nil {
		err = headSigner{l}.accept(ctx, note, h)
	} else {
		h, err = headSigner{l}.sign(ctx, h)
		note = h.Note
	}
	if err != nil {
		return Head{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if h.Size > l.signed {
		l.signed, l.note, l.vouched = h.Size, bytes.Clone(note), true
	}
	h.Signed, h.Note = h.Size, note
	return h, nil
}

// headSigner signs heads of a log.
type headSigner struct{ *Log }

// sign signs the head h and puts it on record. It signs with a version of the key
// that the entries before h introduce, so that whoever trusts an older version
// can verify the head from the entries that it covers. It returns another head
// than h when a key entry had to come first.
func (l headSigner) sign(ctx context.Context, h Head) (Head, error) {
	note, key, err := l.signWith(ctx, h, l.book.config.Heads)
	if err == nil && !l.counts(key, h.Size) { // the log knows a statement that this process does not
		if _, err = l.book.config.Keys.Read(ctx); err == nil {
			note, key, err = l.signWith(ctx, h, l.book.config.Heads)
		}
	}
	if err == nil && (!h.Said.Begun(key.ID()) || l.book.config.Keys.Last().lacks(h.Said)) {
		note, h, err = l.signNew(ctx, h, key)
	}
	if err == nil {
		err = l.book.store.AddCheckpoint(ctx, l.id, h.Size, note)
	}
	if err == nil {
		l.book.mirrorHead(l.Log, h.Size, note)
		snapshots(l).keep(ctx, h)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signErr = err
	h.Note = note
	return h, err
}

// signNew signs the head after a rotation of the key: when the log knows of the
// new version. Where nobody can tell it now, the old version signs on.
func (l headSigner) signNew(ctx context.Context, h Head, key evidence.PublicKey) ([]byte, Head, error) {
	err := l.book.config.Keys.Introduce(ctx, l.id)
	if err == nil {
		next, err := l.Head(ctx, 0)
		if err != nil {
			return nil, h, err
		}
		note, by, err := l.signWith(ctx, next, l.book.config.Heads)
		if err != nil || next.Said.Begun(by.ID()) {
			return note, next, err
		}
	}
	old, keysErr := l.lastBegun(ctx, h)
	versions, ok := l.book.config.Heads.(attest.VersionSigner)
	if keysErr != nil || !ok {
		return nil, h, errors.Join(evidence.WrapError(evidence.Unavailable, err, "the log cannot be told of the new signing key %s; its entries are safe and are signed for later", key.ID()), keysErr)
	}
	note, _, err := l.signWith(ctx, h, attest.OfVersion(versions, old))
	return note, h, err
}

// lastBegun returns the newest version of the key of heads that the log knows.
func (l headSigner) lastBegun(ctx context.Context, h Head) (evidence.PublicKey, error) {
	keys, err := l.book.config.Keys.Read(ctx)
	if err != nil {
		return evidence.PublicKey{}, err
	}
	for _, k := range slices.Backward(keys.Log) {
		if h.Said.Begun(k.ID()) {
			return k, nil
		}
	}
	return evidence.PublicKey{}, evidence.Errorf(evidence.Incomplete, "the log says of no key that it signs its heads")
}

// signWith signs the head h and returns the key that did.
func (l headSigner) signWith(ctx context.Context, h Head, signer evidence.Signer) ([]byte, evidence.PublicKey, error) {
	if err := l.Check(ctx, h.Size); err != nil {
		return nil, evidence.PublicKey{}, err
	}
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(l.book.config.Origin, l.id), Size: h.Size, Root: h.Root}
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
// Head, signed by our key. A good signature of another head is a fork.
func (l headSigner) accept(ctx context.Context, note []byte, h Head) error {
	cp, err := l.Open(ctx, note)
	if err == nil && (cp.Size != h.Size || cp.Root != h.Root) {
		err = l.refuse(evidence.Errorf(evidence.Tampered, "another log of this case was signed at %d entries; nothing is added to it", h.Size))
	}
	return err
}

// counts reports whether a key counts for a head of that size, by what the log
// says.
func (l *Log) counts(key evidence.PublicKey, size int64) bool {
	by := l.book.config.Keys.Last().trust(l.book.config.Origin, l.Known())
	return slices.ContainsFunc(by.For(attest.RoleLog, size), key.Equal)
}

// ensureVouched checks the signature of the newest head known. Where it is by a key
// that was revoked since, all entries that it covers are checked first.
func (l *Log) ensureVouched(ctx context.Context, h Head) error {
	if err := l.vouch(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	open := l.note != nil && !l.vouched
	l.mu.Unlock()
	if !open {
		return nil
	}
	if err := l.Check(ctx, h.Size); err != nil {
		return err
	}
	return l.vouch(ctx)
}

// vouch checks the signature of the newest head known, unless that is done.
// Whoever can write to the registry can put a head there; only our key signs. One
// by a key that the root has revoked is not relied on before the entries say
// whether it was signed before that.
func (l *Log) vouch(ctx context.Context) error {
	l.mu.Lock()
	note, done := l.note, l.vouched
	l.mu.Unlock()
	if note == nil || done {
		return nil
	}
	cp, err := l.Open(ctx, note)
	if err != nil {
		return err
	}
	if said := l.Known(); said.Size < cp.Size {
		by := l.book.config.Keys.Last().trust(l.book.config.Origin, said)
		if _, _, err := ledger.OpenCheckpoint(note, by.For(attest.RoleLog, attest.Everything)); err != nil {
			return nil // see above
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.vouched = l.vouched || bytes.Equal(note, l.note)
	return nil
}

// Open reads a signed head of this log. It fails with Tampered when it is
// of another log or not by a key of ours, and, when the keys are not known,
// with what reading them fails with.
func (l *Log) Open(ctx context.Context, note []byte) (ledger.Checkpoint, error) {
	cp, err := l.openWith(l.book.config.Keys.Last(), note)
	if evidence.CodeOf(err) == evidence.UntrustedKey { // by a key that is new, perhaps
		keys, keysErr := l.book.config.Keys.Read(ctx)
		if keysErr != nil {
			return ledger.Checkpoint{}, keysErr
		}
		cp, err = l.openWith(keys, note)
	}
	if err != nil {
		return ledger.Checkpoint{}, l.refuse(evidence.WrapError(evidence.Tampered, err, "the registry has a head of the case's log that our key did not sign; nothing is added to the log"))
	}
	if cp.Origin != ledger.CaseOrigin(l.book.config.Origin, l.id) {
		return ledger.Checkpoint{}, l.refuse(evidence.Errorf(evidence.Tampered, "the registry has the head of another log for this case's; nothing is added to it"))
	}
	return cp, nil
}

// openWith reads a signed head by the keys that count for one of its size.
func (l *Log) openWith(keys AgencyKeys, note []byte) (ledger.Checkpoint, error) {
	cp, err := ledger.ParseCheckpoint(note)
	if err == nil {
		_, _, err = ledger.OpenCheckpoint(note, keys.trust(l.book.config.Origin, l.Known()).For(attest.RoleLog, cp.Size))
	}
	return cp, err
}
