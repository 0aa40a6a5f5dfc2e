package clerk

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// PutOnRecord puts acts of actor on one case on record, each once: an entry whose ID
// is in the log already is returned as it stands there. A person's acts are
// signed before anything else happens, the machine's with the batch that they
// are appended in. It returns when all are acknowledged. When ctx ends first it
// is not known whether they are; the call may be repeated.
func (s *Clerk) PutOnRecord(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error) {
	if len(list) == 0 {
		return nil, nil
	}
	work := make([]*logbook.Draft, len(list))
	for i, e := range list {
		var err error
		if work[i], err = s.Prepare(ctx, actor, e); err != nil {
			return nil, err
		}
	}
	return s.put(ctx, work...)
}

// put appends what is prepared to its log, and waits for that.
func (s *Clerk) put(ctx context.Context, work ...*logbook.Draft) ([]evidence.LogEntry, error) {
	return s.book.Log(work[0].Entry().Entry.Case).Append(ctx, work...)
}

// Prepare makes an entry of actor ready to be appended. A person's is signed by
// that person now; the machine's is signed with its batch.
func (s *Clerk) Prepare(ctx context.Context, actor evidence.Actor, e evidence.Entry) (*logbook.Draft, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	if e.Actor.ID != actor.ID || e.Actor.Service != actor.Service {
		return nil, evidence.Errorf(evidence.Internal, "an act of %s cannot be recorded for %s", e.Actor.ID, actor.ID)
	}
	if actor.Service {
		d, err := logbook.Machine(e)
		if err != nil {
			return nil, err
		}
		return d, s.maySignMachine()
	}
	d, key, err := s.signAs(ctx, actor, e)
	if err != nil {
		return nil, err
	}
	return d, s.Enlisted(ctx, actor, e.Case, key)
}

func (s *Clerk) maySignMachine() error {
	if s.worker == nil {
		return evidence.Errorf(evidence.Forbidden, "this process cannot sign acts of the program; only a worker can")
	}
	return nil
}

// signAs has the actor sign an entry, and returns it with the key that did. Vault
// says that it is this person's.
func (s *Clerk) signAs(ctx context.Context, actor evidence.Actor, e evidence.Entry) (*logbook.Draft, evidence.PublicKey, error) {
	if err := evidence.HasSigner(actor); err != nil {
		return nil, evidence.PublicKey{}, err
	}
	d, err := logbook.Personal(ctx, e, actor.Signer)
	if err != nil {
		return nil, evidence.PublicKey{}, err
	}
	key, err := s.PersonKey(ctx, d.Entry())
	if err == nil {
		err = s.mayStillSign(ctx, key, e.At)
	}
	return d, key, err
}

// mayStillSign returns nil unless the root has revoked a person's key.
func (s *Clerk) mayStillSign(ctx context.Context, key evidence.PublicKey, at evidence.Instant) error {
	keys, err := s.statedKeys(ctx)
	if err != nil || keys.stated == nil {
		return err
	}
	if err := keys.trust(s.origin).Ended(key.ID(), attest.Everything, at); err != nil {
		return evidence.WrapError(evidence.Forbidden, err, "your signing key %s was revoked; nothing was recorded: the administrator gives you another one", key.ID())
	}
	return nil
}

// PersonKey returns the key by which a person's entry is signed, after checking
// the signature with what the directory gives for that person.
func (s *Clerk) PersonKey(ctx context.Context, e evidence.LogEntry) (evidence.PublicKey, error) {
	keys, err := s.KeysOf(ctx, e.Entry.Actor.ID, e.Entry.Signature.Key)
	if err != nil {
		return evidence.PublicKey{}, err
	}
	for _, k := range keys {
		if k.ID() == e.Entry.Signature.Key {
			return k, attest.Verify(*e.Entry.Signature, e.Raw, k)
		}
	}
	return evidence.PublicKey{}, evidence.Errorf(evidence.UntrustedKey, "this act of %s is signed with %s, which is not their key by what Vault says; nothing was recorded", e.Entry.Actor.ID, e.Entry.Signature.Key)
}

// KeysOf returns the keys of a person. They are read again when the one that is
// wanted is not among those remembered: a version never changes, and never goes.
func (s *Clerk) KeysOf(ctx context.Context, p evidence.PersonID, wanted string) ([]evidence.PublicKey, error) {
	if known, ok := s.people.Load(p); ok {
		for _, k := range known.([]evidence.PublicKey) {
			if k.ID() == wanted {
				return known.([]evidence.PublicKey), nil
			}
		}
	}
	keys, err := s.directory.PersonKeys(ctx, p)
	if err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return nil, err
	}
	s.people.Store(p, keys)
	return keys, nil
}

// CanSign returns nil when the actor's signer answers.
func (s *Clerk) CanSign(ctx context.Context, actor evidence.Actor) error {
	if err := evidence.HasSigner(actor); err != nil {
		return err
	}
	_, err := actor.Signer.PublicKeys(ctx)
	return err
}

// SignAll has the actor sign entries, one by one, and returns their bytes and the
// key. Vault says that it is the actor's.
func (s *Clerk) SignAll(ctx context.Context, actor evidence.Actor, list []evidence.Entry) (raw [][]byte, key evidence.PublicKey, err error) {
	for _, e := range list {
		d, by, err := s.signAs(ctx, actor, e)
		if err != nil {
			return nil, by, err
		}
		raw, key = append(raw, d.Entry().Raw), by
	}
	return raw, key, nil
}
