package custody

import (
	"context"
	"fmt"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

// agencySigners returns the signers of the agency's own keys.
func (s *Service) agencySigners() []evidence.Signer {
	return []evidence.Signer{s.logKey, s.sealKey, s.worker}
}

// introduction returns the details of the key entry with which a version
// introduces the next. They are the same in every log.
func (s *Service) introduction(ctx context.Context, signer evidence.Signer, before, after evidence.PublicKey) (map[string]string, error) {
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
func (s *Service) beginnings(ctx context.Context) ([]evidence.PublicKey, error) {
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

// introductionEntry is the identifier of the entry of a log that introduces a
// version of one of the agency's keys.
func introductionEntry(c evidence.CaseID, k evidence.PublicKey) evidence.EntryID {
	return evidence.DeriveEntryID("key", string(c), k.ID())
}

// introductions returns the key entries that a log lacks, where begun says which
// versions it knows.
func (s *Service) introductions(ctx context.Context, c evidence.CaseID, begun func(key string) bool) ([]evidence.Entry, error) {
	var list []evidence.Entry
	for _, signer := range s.agencySigners() {
		keys, err := signer.PublicKeys(ctx)
		if err != nil {
			return nil, err
		}
		for i := 1; i < len(keys); i++ {
			if begun(keys[i].ID()) {
				continue
			}
			e, err := s.entry(introductionEntry(c, keys[i]), c, evidence.ActKey, machine())
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

// introduce puts on record which versions of the agency's keys are new. Nothing
// by a new version goes into a log, or is disclosed, before.
func (s *Service) introduce(ctx context.Context, c evidence.CaseID) error {
	if err := s.maySignMachine(); err != nil {
		return err
	}
	l := s.log(c)
	h, err := l.refresh(ctx, 0)
	if err != nil {
		return err
	}
	if h.size == 0 {
		return s.enlist(ctx, c)
	}
	list, err := s.introductions(ctx, c, l.begun)
	if err != nil {
		return err
	}
	_, err = s.record(ctx, machine(), list...)
	return err
}

// introduceOwn has a person whose key was rotated introduce the new version with
// the one that the log gives them. Somebody new has nothing to introduce.
func (s *Service) introduceOwn(ctx context.Context, actor evidence.Actor, l *caseLog, key evidence.PublicKey) error {
	keys, err := s.keysOf(ctx, actor.ID, key.ID())
	if err != nil {
		return err
	}
	known := -1
	for i, k := range keys {
		if l.gives(actor.ID, k.ID()) {
			known = i
		}
	}
	last := slices.IndexFunc(keys, key.Equal)
	for ; known >= 0 && known < last; known++ {
		if l.begun(keys[known+1].ID()) {
			continue
		}
		if err := s.introduceNext(ctx, actor, l.id, keys[known], keys[known+1]); err != nil {
			return err
		}
		if err := s.askSteward(ctx, l.id, actor.ID); err != nil { // the next one is introduced by this one
			return err
		}
		if _, err := l.refresh(ctx, 0); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) introduceNext(ctx context.Context, actor evidence.Actor, c evidence.CaseID, before, after evidence.PublicKey) error {
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
	unsigned, err := canonical(e)
	if err != nil {
		return err
	}
	a := newAppending(e, nil, unsigned)
	actor.Signer = attest.OfVersion(signer, before)
	if _, err := s.signAs(ctx, actor, a); err != nil {
		return err
	}
	_, err = s.put(ctx, a)
	return err
}

// preface returns, signed, what must stand in the log before a batch: its first
// roster, and key entries for versions of the worker's key that it does not know.
// The caller has the turn.
func (l *caseLog) preface(ctx context.Context, batch []*appending) ([]*appending, error) {
	var list []evidence.Entry
	begun := l.begun
	if l.size() == 0 {
		if l.s.worker == nil {
			return nil, nil // see admit
		}
		first, err := l.s.roster(ctx, l.id, true, nil)
		if err != nil {
			return nil, err
		}
		list = append(list, first)
		var beginning state.Case
		beginning.Add(first)
		begun = beginning.Begun
	}
	if len(list) > 0 || slices.ContainsFunc(batch, func(a *appending) bool {
		e := a.entry.Entry
		return a.machine() && e.Act != evidence.ActKey && e.Act != evidence.ActRoster && !l.begun(e.Signature.Key)
	}) {
		more, err := l.s.introductions(ctx, l.id, begun)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return l.s.signMachine(ctx, list)
}

// signMachine signs entries with one request.
func (s *Service) signMachine(ctx context.Context, list []evidence.Entry) ([]*appending, error) {
	if len(list) == 0 {
		return nil, nil
	}
	work := make([]*appending, len(list))
	entries, unsigned := make([]*evidence.Entry, len(list)), make([][]byte, len(list))
	for i, e := range list {
		text, err := canonical(e)
		if err != nil {
			return nil, err
		}
		work[i], unsigned[i] = newAppending(e, nil, text), text
		entries[i] = &work[i].entry.Entry
	}
	raw, err := attest.SignCanonical(ctx, s.worker, entries, unsigned)
	if err != nil {
		return nil, err
	}
	for i := range work {
		work[i].entry.Raw = raw[i]
	}
	return work, nil
}
