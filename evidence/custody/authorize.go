package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// permission is something that roles allow or do not. Membership of the case
// is needed besides.
type permission int

const (
	openCases    permission = iota // open a case
	manageCase                     // add members
	moveCase                       // bring it from one state to another
	bringIn                        // open intakes, upload evidence
	seeCase                        // see metadata, the log, disclosures; verify
	readEvidence                   // read bytes, and what analyzers found in them
	disclose                       // make bundles
	seeAlarms                      // see what audits found, and have one run
	noteAlarms                     // take note of an alarm
)

// rolesWith returns the roles that have a permission.
func rolesWith(p permission) []evidence.Role {
	switch p {
	case openCases, manageCase:
		return []evidence.Role{evidence.Investigator, evidence.Supervisor}
	case moveCase:
		return []evidence.Role{evidence.Investigator, evidence.Prosecutor, evidence.Supervisor}
	case bringIn:
		return []evidence.Role{evidence.Examiner, evidence.Investigator, evidence.Supervisor}
	case readEvidence:
		return []evidence.Role{evidence.Investigator, evidence.Examiner, evidence.Prosecutor, evidence.Supervisor}
	case disclose:
		return []evidence.Role{evidence.Prosecutor, evidence.Supervisor}
	case seeCase:
		return evidence.Roles()
	case seeAlarms:
		return []evidence.Role{evidence.Supervisor, evidence.Auditor, evidence.Administrator}
	case noteAlarms:
		return []evidence.Role{evidence.Supervisor}
	default:
		return nil
	}
}

type memberKey struct {
	c evidence.CaseID
	p evidence.PersonID
}

// noSuch is what anybody hears of what does not exist and of what they may not
// know to exist: the same words for both.
func noSuch(thing string) error {
	return evidence.Errorf(evidence.NotFound, "there is no such %s, or you are not a member of its case", thing)
}

// allowRole returns nil when the actor's roles have the permission.
func allowRole(actor evidence.Actor, p permission) error {
	if actor.ID == "" || actor.Service {
		return evidence.Errorf(evidence.Forbidden, "only a person who is signed in may do this")
	}
	if !actor.Has(rolesWith(p)...) {
		return evidence.Errorf(evidence.Forbidden, "your role does not allow this")
	}
	return nil
}

// allow returns nil when the actor is a member of the case and its roles have
// the permission. Our own services may see cases without being members.
func (s *Service) allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p permission, thing string) error {
	if actor.Service && actor.ID != "" && p == seeCase {
		return nil
	}
	member, err := s.isMember(ctx, actor.ID, c)
	if err != nil {
		return err
	}
	if !member {
		return noSuch(thing)
	}
	return allowRole(actor, p)
}

func (s *Service) isMember(ctx context.Context, p evidence.PersonID, c evidence.CaseID) (bool, error) {
	if p == "" || c == "" {
		return false, nil
	}
	key := memberKey{c, p}
	if _, ok := s.members.Load(key); ok {
		return true, nil
	}
	_, err := s.registry.Member(ctx, c, p)
	if evidence.CodeOf(err) == evidence.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.members.Store(key, true)
	return true, nil
}

// onlyService returns nil when a process of ours acts on its own account.
func onlyService(actor evidence.Actor) error {
	if !actor.Service || actor.ID == "" {
		return evidence.Errorf(evidence.Forbidden, "only the program itself does this")
	}
	return nil
}

// hide turns NotFound into the words of noSuch.
func hide(err error, thing string) error {
	if evidence.CodeOf(err) == evidence.NotFound {
		return noSuch(thing)
	}
	return err
}
