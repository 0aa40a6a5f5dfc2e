package clerk

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// enlistTries is how often a roster is tried while others write rosters, too.
const enlistTries = 4

// machine is who the program is where it acts on nobody's word.
func machine() evidence.Actor { return evidence.ServiceActor("worker") }

// RecordRoster puts on record, in the log of c, which keys of the agency are new
// since its last entry about keys, and who p is, which roles they hold and with
// which keys they sign, as Vault says. What the log says already is not said
// again; p may be "". Only a service that can sign as the machine may: the others
// have a Steward.
func (s *Clerk) RecordRoster(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	if p == "" {
		return s.Introduce(ctx, c)
	}
	return s.Enlist(ctx, c, p)
}

// Enlist sees to it that the log says who these people are, as Vault does, and
// with which keys they sign; on an empty log this is its first entry. A key that
// the person has to introduce first (package attest) is left out.
func (s *Clerk) Enlist(ctx context.Context, c evidence.CaseID, people ...evidence.PersonID) error {
	if err := s.maySignMachine(); err != nil {
		return err
	}
	for range enlistTries {
		h, err := s.book.Log(c).Head(ctx, 0)
		if err != nil {
			return err
		}
		if h.Size > 0 {
			if err := s.Introduce(ctx, c); err != nil {
				return err
			}
		}
		missing, changed, err := s.unlisted(ctx, h.Said, people)
		if err != nil || h.Size > 0 && len(missing)+len(changed) == 0 {
			return err
		}
		list, err := s.roleChanges(c, changed)
		if err != nil {
			return err
		}
		if h.Size == 0 || len(missing) > 0 {
			e, err := s.roster(ctx, c, h.Size == 0, missing)
			if err != nil {
				return err
			}
			list = append(list, e)
		}
		if _, err := s.PutOnRecord(ctx, machine(), list...); err != nil {
			return err
		}
	}
	return evidence.Errorf(evidence.Unavailable, "who signs in this case could not be put on record; try again")
}

// unlisted returns those whom the log does not name yet, or not with all keys that
// it can say, and those who are not as it says by now. Nobody says that of
// themself.
func (s *Clerk) unlisted(ctx context.Context, said *state.Case, people []evidence.PersonID) (missing []attest.Listed, changed []evidence.Person, err error) {
	for i, id := range people {
		if slices.Contains(people[:i], id) {
			continue
		}
		p, err := s.directory.Person(ctx, id)
		if err != nil {
			return nil, nil, fmt.Errorf("asking Vault who %s is: %w", id, err)
		}
		keys, err := s.directory.PersonKeys(ctx, id)
		if err != nil && evidence.CodeOf(err) != evidence.NotFound {
			return nil, nil, err
		}
		known, ok := said.People[id]
		if ok && (known.Name != p.Name || !sameRoles(known.Roles, p.Roles)) {
			changed = append(changed, p)
		}
		entry := attest.Listed{ID: id, Name: p.Name, Roles: p.Roles}
		for _, k := range keys {
			listed := slices.Contains(known.Keys, k.ID())
			if listed || len(known.Keys) == 0 || said.Begun(k.ID()) {
				entry.Keys = append(entry.Keys, k.VKey())
			}
			ok = ok && (listed || len(known.Keys) > 0 && !said.Begun(k.ID()))
		}
		if !ok {
			missing = append(missing, entry)
		}
	}
	return missing, changed, nil
}

// roleChanges returns the entries that say what people's roles are now.
func (s *Clerk) roleChanges(c evidence.CaseID, people []evidence.Person) ([]evidence.Entry, error) {
	list := make([]evidence.Entry, len(people))
	for i, p := range people {
		var err error
		if list[i], err = act.New(c, act.RoleChanged{Person: p.ID, Name: p.Name, Roles: p.Roles}, s.now(), machine(), s.random, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// roster returns a roster entry. The first one of a log has an identifier that is
// a function of the log, so that two processes do not begin it twice, and says by
// which rules the log is judged. Later ones are drawn: one may stand there twice,
// which does no harm.
func (s *Clerk) roster(ctx context.Context, c evidence.CaseID, first bool, people []attest.Listed) (evidence.Entry, error) {
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
	if e.Details, err = attest.WriteRoster(people, keys); err == nil {
		e.Details[attest.DetailRules] = strconv.Itoa(act.RulesVersion)
	}
	return e, err
}

// RaiseRules has the log be judged by the rules of now, where those that it names
// are of before there was an act that is to be recorded. A log that names none is
// of before there were any, and stays as it is.
func (s *Clerk) RaiseRules(ctx context.Context, c evidence.CaseID, rules int, work []*logbook.Draft) error {
	newer := slices.ContainsFunc(work, func(d *logbook.Draft) bool {
		r, _ := act.RuleOf(d.Entry().Entry.Act)
		return rules < r.Since
	})
	if !newer {
		return nil
	}
	if rules == 0 {
		return evidence.Errorf(evidence.Conflict, "the log of this case is of before there were rules by which it is judged, and takes no such act; open another case")
	}
	e, err := s.roster(ctx, c, false, nil)
	if err != nil {
		return err
	}
	e.Details[attest.DetailRules] = strconv.Itoa(act.RulesVersion)
	_, err = s.PutOnRecord(ctx, machine(), e)
	return err
}

// Enlisted returns nil when the log of c gives the actor the key, and the roles
// with which they are signed in, after having that put on record where it is
// missing.
func (s *Clerk) Enlisted(ctx context.Context, actor evidence.Actor, c evidence.CaseID, key evidence.PublicKey) error {
	l := s.book.Log(c)
	keys, err := s.statedKeys(ctx)
	if err != nil {
		return err
	}
	listed := func() bool {
		return !keys.lacksStatement(l.Known()) && l.Known().Gives(actor.ID, key.ID()) && sameRoles(l.Known().People[actor.ID].Roles, actor.Roles)
	}
	if listed() {
		return nil
	}
	if _, err := l.Head(ctx, 0); err != nil || listed() {
		return err
	}
	if keys.lacksStatement(l.Known()) { // it may introduce the key
		if err := s.askSteward(ctx, c, ""); err != nil {
			return err
		}
		if _, err := l.Head(ctx, 0); err != nil {
			return err
		}
	}
	if err := s.introduceOwn(ctx, actor, l, key); err != nil {
		return err
	}
	if err := s.askSteward(ctx, c, actor.ID); err != nil {
		return err
	}
	if _, err := l.Head(ctx, 0); err != nil {
		return err
	}
	switch said := l.Known(); {
	case !said.Gives(actor.ID, key.ID()):
		return evidence.Errorf(evidence.UntrustedKey, "the record of this case does not say yet that %s is your key; nothing was recorded: try again", key.ID())
	case !sameRoles(said.People[actor.ID].Roles, actor.Roles):
		return evidence.Errorf(evidence.Forbidden, "the roles of your session are not those that Vault says you hold now; nothing was recorded: sign in again")
	default:
		return nil
	}
}

// askSteward has the worker put on record who p is, or does it where this is one.
func (s *Clerk) askSteward(ctx context.Context, c evidence.CaseID, p evidence.PersonID) error {
	switch {
	case s.worker != nil && p == "":
		return s.Introduce(ctx, c)
	case s.worker != nil:
		return s.Enlist(ctx, c, p)
	case s.steward != nil:
		return s.steward(ctx, c, p)
	default:
		return evidence.Errorf(evidence.Unavailable, "only a worker can put on record who signs in this case, and none can be asked; nothing was recorded")
	}
}
