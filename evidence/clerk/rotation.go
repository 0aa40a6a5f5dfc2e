package clerk

import (
	"context"
	"fmt"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// agencySigners returns the signers of the agency's own keys.
func (s *Clerk) agencySigners() []evidence.Signer {
	return []evidence.Signer{s.logKey, s.sealKey, s.worker}
}

// introduction returns the details of the key entry with which a version
// introduces the next. They are the same in every log.
func (s *Clerk) introduction(ctx context.Context, signer evidence.Signer, before, after evidence.PublicKey) (map[string]string, error) {
	if known, ok := s.introduced.Load(after.ID()); ok {
		return known.(map[string]string), nil
	}
	versions, ok := signer.(attest.VersionSigner)
	if !ok {
		return nil, evidence.Errorf(evidence.NotFound, "%s cannot sign any more to introduce %s", before.ID(), after.ID())
	}
	details, err := attest.Introduce(ctx, versions, before, after)
	if err == nil {
		s.introduced.Store(after.ID(), details)
	}
	return details, err
}

// isFinal reports whether an older version of a key will not sign any more, as
// against one that cannot be reached.
func isFinal(err error) bool { return err != nil && !evidence.CodeOf(err).Retryable() }

// beginnings returns the agency's keys that a new log begins with: the first
// version of each, and what that cannot introduce because it does not sign any
// more. Key entries say the rest, so that who trusts the first version trusts all.
func (s *Clerk) beginnings(ctx context.Context) ([]evidence.PublicKey, error) {
	if len(s.root) > 0 { // its statement comes next
		keys, err := s.knownKeys(ctx)
		return slices.Concat(keys.log, keys.seal, keys.worker), err
	}
	var list []evidence.PublicKey
	for _, signer := range s.agencySigners() {
		keys, err := signer.PublicKeys(ctx)
		if err != nil {
			return nil, err
		}
		last := 0
		for i := len(keys) - 1; i > 0; i-- {
			_, err := s.introduction(ctx, signer, keys[i-1], keys[i])
			if isFinal(err) {
				last = i
				break
			}
			if err != nil {
				return nil, err
			}
		}
		list = append(list, keys[:min(last+1, len(keys))]...)
	}
	return list, nil
}

// introductions returns the entries about the agency's keys that a log lacks which
// says this: the root's newest statement or, without a root, key entries.
func (s *Clerk) introductions(ctx context.Context, c evidence.CaseID, said *state.Case) ([]evidence.Entry, error) {
	if len(s.root) > 0 {
		keys, err := s.knownKeys(ctx)
		if err != nil {
			return nil, err
		}
		return s.unstated(c, keys, said)
	}
	var list []evidence.Entry
	for _, signer := range s.agencySigners() {
		keys, err := signer.PublicKeys(ctx)
		if err != nil {
			return nil, err
		}
		for i := 1; i < len(keys); i++ {
			if said.Begun(keys[i].ID()) {
				continue
			}
			e, err := s.entry(attest.KeyEntry(c, keys[i]), c, evidence.ActKey, machine())
			if err != nil {
				return nil, err
			}
			if e.Details, err = s.introduction(ctx, signer, keys[i-1], keys[i]); err != nil {
				return nil, fmt.Errorf("introducing a new version of a signing key: %w", err)
			}
			list = append(list, e)
		}
	}
	return list, nil
}

// Introduce puts on record which versions of the agency's keys are new. Nothing
// by a new version goes into a log, or is disclosed, before.
func (s *Clerk) Introduce(ctx context.Context, c evidence.CaseID) error {
	if err := s.maySignMachine(); err != nil {
		return err
	}
	l := s.book.Log(c)
	h, err := l.Head(ctx, 0)
	if err != nil {
		return err
	}
	if h.Size == 0 {
		return s.Enlist(ctx, c)
	}
	list, err := s.introductions(ctx, c, l.Known())
	if err != nil {
		return err
	}
	_, err = s.PutOnRecord(ctx, machine(), list...)
	return err
}

// introduceOwn has a person whose key was rotated introduce the new version with
// the one that the log gives them. Somebody new has nothing to introduce.
func (s *Clerk) introduceOwn(ctx context.Context, actor evidence.Actor, l *logbook.Log, key evidence.PublicKey) error {
	keys, err := s.KeysOf(ctx, actor.ID, key.ID())
	if err != nil {
		return err
	}
	known := -1
	for i, k := range keys {
		if l.Known().Gives(actor.ID, k.ID()) {
			known = i
		}
	}
	last := slices.IndexFunc(keys, key.Equal)
	for ; known >= 0 && known < last; known++ {
		if l.Known().Begun(keys[known+1].ID()) {
			continue
		}
		if err := s.introduceNext(ctx, actor, l.ID(), keys[known], keys[known+1]); err != nil {
			return err
		}
		if err := s.askSteward(ctx, l.ID(), actor.ID); err != nil { // the next one is introduced by this one
			return err
		}
		if _, err := l.Head(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

func (s *Clerk) introduceNext(ctx context.Context, actor evidence.Actor, c evidence.CaseID, before, after evidence.PublicKey) error {
	signer, ok := actor.Signer.(attest.VersionSigner)
	if !ok {
		return evidence.Errorf(evidence.Forbidden, "your signing key changed, and your earlier one cannot introduce it; nothing was recorded: tell the administrator")
	}
	e, err := s.entry(evidence.DeriveEntryID("key", string(c), after.ID()), c, evidence.ActKey, actor)
	if err != nil {
		return err
	}
	if e.Details, err = attest.Introduce(ctx, signer, before, after); err != nil {
		return fmt.Errorf("introducing your new signing key: %w", err)
	}
	actor.Signer = attest.OfVersion(signer, before)
	d, _, err := s.signAs(ctx, actor, e)
	if err != nil {
		return err
	}
	_, err = s.put(ctx, d)
	return err
}
