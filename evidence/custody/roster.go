package custody

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// enlistTries is how often a roster is tried while others write rosters, too.
const enlistTries = 4

// machine is who the program is where it acts on nobody's word.
func machine() evidence.Actor { return evidence.ServiceActor("worker") }

// RecordRoster puts on record, in the log of c, which keys of the agency are new
// since its last entry about keys, and who p is and with which keys they sign, as
// Vault knows them. What the log says already is not said again; p may be "".
// Only a service that can sign as the machine may: the others have a Steward.
func (s *Service) RecordRoster(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID) error {
	if err := onlyService(actor); err != nil {
		return err
	}
	if p == "" {
		return s.introduce(ctx, c)
	}
	name, err := s.nameOf(ctx, c, p)
	if err != nil {
		return err
	}
	return s.enlist(ctx, c, evidence.Person{ID: p, Name: name})
}

// nameOf returns the name of a person as the entry that made them a member of the
// case has it, signed by who did, or that which opened it; their identifier for
// somebody else. What the registry keeps of members is not asked: whoever can
// write there could have any name signed beside a key.
func (s *Service) nameOf(ctx context.Context, c evidence.CaseID, p evidence.PersonID) (string, error) {
	l := s.log(c)
	e, err := l.recorded(ctx, evidence.DeriveEntryID("member-added", string(c), string(p)))
	if err == nil && e.Entry.Act == evidence.ActMemberAdded && e.Entry.Details[detailPerson] == string(p) {
		return e.Entry.Details[detailName], nil
	}
	if err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return "", err
	}
	e, err = l.recorded(ctx, evidence.DeriveEntryID("opened", string(c)))
	switch {
	case err == nil && e.Entry.Act == evidence.ActOpened && e.Entry.Actor.ID == p:
		return e.Entry.Actor.Name, nil
	case err != nil && evidence.CodeOf(err) != evidence.NotFound:
		return "", err
	}
	return string(p), nil
}

// enlist sees to it that the log says who these people are and with which keys
// they sign; on an empty log this is its first entry. A key that the person has
// to introduce first (package attest) is left out.
func (s *Service) enlist(ctx context.Context, c evidence.CaseID, people ...evidence.Person) error {
	if err := s.maySignMachine(); err != nil {
		return err
	}
	for range enlistTries {
		h, err := s.log(c).refresh(ctx, 0)
		if err != nil {
			return err
		}
		if h.size > 0 {
			if err := s.introduce(ctx, c); err != nil {
				return err
			}
		}
		missing, err := s.unlisted(ctx, h.tally, people)
		if err != nil || h.size > 0 && len(missing) == 0 {
			return err
		}
		e, err := s.roster(ctx, c, h.size == 0, missing)
		if err != nil {
			return err
		}
		if _, err := s.record(ctx, machine(), e); err != nil {
			return err
		}
	}
	return evidence.Errorf(evidence.Unavailable, "who signs in this case could not be put on record; try again")
}

// unlisted returns those of whom the log does not say yet who they are, or not
// all keys that it can say.
func (s *Service) unlisted(ctx context.Context, t tally, people []evidence.Person) ([]attest.Listed, error) {
	var missing []attest.Listed
	for i, p := range people {
		if slices.ContainsFunc(people[:i], func(o evidence.Person) bool { return o.ID == p.ID }) {
			continue
		}
		keys, err := s.directory.PersonKeys(ctx, p.ID)
		if err != nil && evidence.CodeOf(err) != evidence.NotFound {
			return nil, err
		}
		listed, ok := t.People[p.ID]
		entry := attest.Listed{ID: p.ID, Name: p.Name, Roles: p.Roles}
		for _, k := range keys {
			known := slices.Contains(listed, k.ID())
			if known || len(listed) == 0 || t.begun(k.ID()) {
				entry.Keys = append(entry.Keys, k.VKey())
			}
			ok = ok && (known || len(listed) > 0 && !t.begun(k.ID()))
		}
		if !ok {
			missing = append(missing, entry)
		}
	}
	return missing, nil
}

// roster returns a roster entry. The first one of a log has an identifier that is
// a function of the log, so that two processes do not begin it twice. Later ones
// are drawn: where what is kept of a log says too little, one stands there twice,
// which does no harm.
func (s *Service) roster(ctx context.Context, c evidence.CaseID, first bool, people []attest.Listed) (evidence.Entry, error) {
	if !first {
		e, err := s.entryNow(c, evidence.ActRoster, machine())
		if err == nil {
			e.Details, err = attest.WriteRoster(people, nil)
		}
		return e, err
	}
	e, err := s.entry(evidence.DeriveEntryID("roster", string(c)), c, evidence.ActRoster, machine())
	if err != nil {
		return evidence.Entry{}, err
	}
	keys, err := s.beginnings(ctx)
	if err != nil {
		return evidence.Entry{}, err
	}
	e.Details, err = attest.WriteRoster(people, keys)
	return e, err
}

// enlisted returns nil when the log of c gives the actor the key, after having
// that put on record where it is missing.
func (s *Service) enlisted(ctx context.Context, actor evidence.Actor, c evidence.CaseID, key evidence.PublicKey) error {
	l := s.log(c)
	if l.gives(actor.ID, key.ID()) {
		return nil
	}
	if _, err := l.refresh(ctx, 0); err != nil || l.gives(actor.ID, key.ID()) {
		return err
	}
	if err := s.introduceOwn(ctx, actor, l, key); err != nil {
		return err
	}
	if err := s.askSteward(ctx, c, actor.Person); err != nil {
		return err
	}
	if _, err := l.refresh(ctx, 0); err != nil || l.gives(actor.ID, key.ID()) {
		return err
	}
	return evidence.Errorf(evidence.UntrustedKey, "the record of this case does not say yet that %s is your key; nothing was recorded: try again", key.ID())
}

// askSteward has the worker put on record who p is, or does it where this is one.
func (s *Service) askSteward(ctx context.Context, c evidence.CaseID, p evidence.Person) error {
	switch {
	case s.worker != nil && p.ID == "":
		return s.introduce(ctx, c)
	case s.worker != nil:
		return s.enlist(ctx, c, p)
	case s.steward != nil:
		return s.steward(ctx, c, p.ID)
	default:
		return evidence.Errorf(evidence.Unavailable, "only a worker can put on record who signs in this case, and none can be asked; nothing was recorded")
	}
}

// gives reports whether a roster of the log, as far as it is known here, gives a
// person that key. What is kept of full tiles says so as well, and whoever can
// write to the registry can falsify that; but no act of a person is recorded
// unless Vault says that the key is theirs, so that the worst of it is an entry
// that verifiers refuse for want of a roster, never one in somebody's name.
func (l *caseLog) gives(p evidence.PersonID, key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.total.People[p], key)
}

// begun reports whether the log says that this key version began.
func (l *caseLog) begun(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total.begun(key)
}

// admit finishes those of a batch that the log must not take, and returns the
// others: people's acts by keys that it does not give them, and anything before
// its first roster.
func (l *caseLog) admit(batch []*appending) []*appending {
	if l.size() == 0 && batch[0].entry.Entry.Act != evidence.ActRoster {
		finish(batch, evidence.Errorf(evidence.Conflict, "the log has not begun: a worker says first who signs in it"))
		return nil
	}
	admitted := batch[:0:0]
	for _, a := range batch {
		e := a.entry.Entry
		if !a.machine() && !l.gives(e.Actor.ID, e.Signature.Key) {
			finish([]*appending{a}, evidence.Errorf(evidence.UntrustedKey, "no roster of this log gives %s the key %s; nothing was recorded", e.Actor.ID, e.Signature.Key))
			continue
		}
		admitted = append(admitted, a)
	}
	return admitted
}
