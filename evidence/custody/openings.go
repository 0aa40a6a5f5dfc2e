package custody

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Opening is what a new case begins with.
type Opening struct {
	ID       evidence.CaseID   `json:"id"`
	Title    string            `json:"title"`
	Summary  string            `json:"summary,omitempty"`
	TimeZone string            `json:"time_zone"`         // IANA name
	Members  []evidence.Person `json:"members,omitempty"` // besides the opener
	Class    evidence.Class    `json:"class,omitempty"`   // ordinary when it is not said
	// Authority is the order by which a case is sealed.
	Authority string `json:"authority,omitempty"`
}

// CheckOpening returns nil when actor may open a case, and o is whole. It
// fails with Forbidden or Invalid, and performs no input or output.
func (s *Service) CheckOpening(actor evidence.Actor, o Opening) error {
	rule, _ := act.RuleOf(evidence.ActOpened)
	if err := act.CheckRole(actor, rule.NeedsOf("")); err != nil {
		return err
	}
	if err := act.CheckRole(actor, rule.NeedsOf(o.Class)); err != nil {
		return evidence.Errorf(evidence.Forbidden, "only a supervisor opens a case that is %s; no case was opened", o.Class)
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(o.ID)); err != nil {
		return err
	}
	if err := checkOpened(act.Opened{Title: o.Title, Summary: o.Summary, TimeZone: o.TimeZone, Class: o.Class}, o.Authority); err != nil {
		return err
	}
	for _, p := range o.Members {
		if err := checkPerson(p.ID); err != nil {
			return err
		}
	}
	return nil
}

// checkOpened returns nil when a case can be opened with what was typed.
func checkOpened(p act.Opened, authority string) error {
	if p.Class != "" && !p.Class.Valid() {
		return evidence.Errorf(evidence.Invalid, "%.100q is no class of cases; say one of %v", p.Class, evidence.Classes())
	}
	if err := evidence.CheckText("the order by which the case is sealed", authority, evidence.MaxText, p.Class == evidence.ClassSealed); err != nil {
		return err
	}
	err := evidence.CheckText("the title", p.Title, evidence.MaxTitle, true)
	if err == nil {
		err = evidence.CheckText("the summary", p.Summary, evidence.MaxSummary, false)
	}
	if err != nil {
		return err
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" || p.TimeZone == "Local" {
		return evidence.Errorf(evidence.Invalid, "%q is not a time zone; use a name like Europe/Berlin or UTC", p.TimeZone)
	}
	return nil
}

func checkPerson(p evidence.PersonID) error {
	if p == "" || strings.ContainsAny(string(p), "/\x00") {
		return evidence.Errorf(evidence.Invalid, "a member needs an identity")
	}
	return nil
}

// SignOpening gives a case its number and returns, signed by actor,
// the entries that open it and make o.Members its members: what Record is given.
// It fails as CheckOpening, and with Sealed when nothing can be signed. Only the
// number is given by it; that of a case stays.
func (s *Service) SignOpening(ctx context.Context, actor evidence.Actor, o Opening) ([][]byte, error) {
	if err := s.CheckOpening(actor, o); err != nil {
		return nil, err
	}
	if err := s.clerk.CanSign(ctx, actor); err != nil { // a number that is given is not given back
		return nil, err
	}
	number, err := s.giveNumber(ctx, o.ID, o.Class)
	if err != nil {
		return nil, err
	}
	said := []act.Payload{act.Opened{Number: number, Title: o.Title, Summary: o.Summary, TimeZone: o.TimeZone, Login: actor.Login, Class: o.Class.Kept()}}
	for i, p := range o.Members {
		if p.ID != actor.ID && !slices.ContainsFunc(o.Members[:i], func(q evidence.Person) bool { return q.ID == p.ID }) {
			said = append(said, act.MemberAdded{Person: p.ID, Name: p.Name, Login: p.Login})
		}
	}
	list := make([]evidence.Entry, len(said))
	for i, p := range said {
		if list[i], err = s.entryOf(o.ID, p, actor, func(e *evidence.Entry) {
			if e.Act == evidence.ActOpened {
				e.Authority = o.Authority
			}
		}); err != nil {
			return nil, err
		}
	}
	raw, _, err := s.clerk.SignAll(ctx, actor, list)
	return raw, err
}
