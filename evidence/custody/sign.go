package custody

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
)

// longestSignature is how many bytes a signature adds to an entry at most.
const longestSignature = 2048

// prepare makes an entry of actor ready to be appended. A person's is signed by
// that person now; the machine's is signed with its batch.
func (s *Service) prepare(ctx context.Context, actor evidence.Actor, e evidence.Entry) (*appending, error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	if e.Actor.ID != actor.ID || e.Actor.Service != actor.Service {
		return nil, evidence.Errorf(evidence.Internal, "an act of %s cannot be recorded for %s", e.Actor.ID, actor.ID)
	}
	unsigned, err := canonical(e)
	if err != nil {
		return nil, err
	}
	a := newAppending(e, nil, unsigned)
	if actor.Service {
		return a, s.maySignMachine()
	}
	key, err := s.signAs(ctx, actor, a)
	if err != nil {
		return nil, err
	}
	return a, s.enlisted(ctx, actor, e.Case, key)
}

// canonical returns the canonical bytes of an entry that is not signed yet.
func canonical(e evidence.Entry) ([]byte, error) {
	unsigned, err := canon.Marshal(e)
	if err == nil && len(unsigned)+longestSignature > canon.MaxSize {
		err = evidence.Errorf(evidence.TooLarge, "an entry of the log may have %d bytes, this has %d; nothing was recorded: say it in fewer words", canon.MaxSize-longestSignature, len(unsigned))
	}
	return unsigned, err
}

func (s *Service) maySignMachine() error {
	if s.worker == nil {
		return evidence.Errorf(evidence.Forbidden, "this process cannot sign acts of the program; only a worker can")
	}
	return nil
}

// signAs has the actor sign an entry, and returns the key that did. Vault says
// that it is this person's.
func (s *Service) signAs(ctx context.Context, actor evidence.Actor, a *appending) (evidence.PublicKey, error) {
	if actor.Signer == nil {
		return evidence.PublicKey{}, noSigner()
	}
	if err := signOne(ctx, actor.Signer, a); err != nil {
		return evidence.PublicKey{}, fmt.Errorf("nothing was recorded: %w", err)
	}
	a.signer = actor.Signer
	return s.personKey(ctx, a.entry)
}

func signOne(ctx context.Context, signer evidence.Signer, a *appending) error {
	raw, err := attest.SignCanonical(ctx, signer, []*evidence.Entry{&a.entry.Entry}, [][]byte{a.unsigned})
	if err == nil {
		a.entry.Raw = raw[0]
	}
	return err
}

// personKey returns the key by which a person's entry is signed, after checking
// the signature with what the directory gives for that person.
func (s *Service) personKey(ctx context.Context, e evidence.LogEntry) (evidence.PublicKey, error) {
	keys, err := s.keysOf(ctx, e.Entry.Actor.ID, e.Entry.Signature.Key)
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

// keysOf returns the keys of a person. They are read again when the one that is
// wanted is not among those remembered: a version never changes, and never goes.
func (s *Service) keysOf(ctx context.Context, p evidence.PersonID, wanted string) ([]evidence.PublicKey, error) {
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

// signBatch signs those of the batch that are not signed: the machine's with one
// request for all, a person's with that person's signer. It returns those that
// can be appended now; the others wait, or are finished.
func (l *caseLog) signBatch(ctx context.Context, batch []*appending) []*appending {
	var entries []*evidence.Entry
	var unsigned [][]byte
	var signed, machine []*appending
	for _, a := range batch {
		switch {
		case a.entry.Raw != nil:
			signed = append(signed, a)
		case a.machine():
			machine = append(machine, a)
			entries, unsigned = append(entries, &a.entry.Entry), append(unsigned, a.unsigned)
		default: // signed before: the mark of the clock is new
			if err := signOne(ctx, a.signer, a); err != nil {
				finish([]*appending{a}, err)
				continue
			}
			signed = append(signed, a)
		}
	}
	if len(machine) == 0 {
		return signed
	}
	raw, err := attest.SignCanonical(ctx, l.s.worker, entries, unsigned)
	switch code := evidence.CodeOf(err); {
	case err == nil:
		for i, a := range machine {
			a.entry.Raw = raw[i]
		}
		l.unpark()
		return batchOf(batch, signed, machine)
	case code == evidence.Sealed || code == evidence.Unavailable:
		l.park(machine, err)
	default:
		finish(machine, err)
	}
	return signed
}

// batchOf returns those of batch that are among signed or machine, in its order.
func batchOf(batch []*appending, signed, machine []*appending) []*appending {
	if len(signed)+len(machine) == len(batch) {
		return batch
	}
	var rest []*appending
	for _, a := range batch {
		if a.entry.Raw != nil {
			rest = append(rest, a)
		}
	}
	return rest
}

// clockLimit is by how much an entry may be earlier than the one before it
// without saying so. Processes that keep time differ by less.
const clockLimit = time.Minute

// remark marks the entries of a batch that bear an earlier time than the entry
// that comes before them, as far as that is known, and reports whether there are
// such. They are signed again. What was signed elsewhere stays as it is.
func (l *caseLog) remark(batch []*appending) (found bool) {
	l.mu.Lock()
	index, last := l.tree.Size()-1, l.lastAt
	if last.IsZero() {
		last = l.said.LastAt
	}
	l.mu.Unlock()
	for _, a := range batch {
		e := &a.entry.Entry
		behind := last.Time().Sub(e.At.Time())
		if !last.IsZero() && behind > clockLimit && a.unsigned != nil && e.Details[act.DetailClock] == "" {
			marked := *e
			marked.Signature, marked.Details = nil, maps.Clone(e.Details)
			if marked.Details == nil {
				marked.Details = map[string]string{}
			}
			marked.Details[act.DetailClock] = fmt.Sprintf("%d behind entry %d", int64(behind/time.Second), index)
			if unsigned, err := canonical(marked); err == nil {
				a.unsigned, a.entry.Raw, a.entry.Entry, found = unsigned, nil, marked, true
			}
		}
		index, last = index+1, e.At
	}
	return found
}
