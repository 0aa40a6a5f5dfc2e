package command

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

type caseCmd struct {
	Open       caseOpenCmd       `cmd:"" help:"Open a case."`
	List       caseListCmd       `cmd:"" help:"List the cases of which you are a member."`
	Show       caseShowCmd       `cmd:"" help:"Show a case, its counts and its members."`
	Transition caseTransitionCmd `cmd:"" help:"Bring a case into another state."`
	Class      caseClassCmd      `cmd:"" help:"Restrict, seal or open up a case, or ask for a sealed one to be unsealed."`
	AddMember  caseAddMemberCmd  `cmd:"" help:"Make a person a member of a case."`
	Remove     caseRemoveCmd     `cmd:"" name:"remove-member" help:"Remove a member from a case."`
	Correct    caseCorrectCmd    `cmd:"" help:"Say what is right where an entry of the log is wrong; the entry stays."`
	Log        caseLogCmd        `cmd:"" help:"Show the log of a case."`
}

type caseOpenCmd struct {
	Title    string   `arg:"" help:"What the case is called."`
	Summary  string   `help:"What it is about."`
	TimeZone string   `help:"IANA time zone in which people see its times." default:"UTC"`
	Member   []string `help:"Login of a further member; may be repeated." placeholder:"LOGIN"`

	Class     string `enum:"ordinary,restricted,sealed" default:"ordinary" help:"Who may know of it: ${enum}. Only a supervisor opens one that is not ordinary."`
	Authority string `help:"The order by which the case is sealed."`
}

// Run opens a case.
func (c *caseOpenCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "%q is not a time zone such as Europe/Zurich", c.TimeZone)
	}
	request := api.OpenCaseRequest{Title: c.Title, Summary: c.Summary, TimeZone: c.TimeZone, Members: c.Member, Class: evidence.Class(c.Class), Authority: c.Authority}
	var opened api.Case
	key := rand.Text() // a repeat is the same case
	err = s.patiently(ctx, func() (err error) {
		opened, err = server.OpenCase(ctx, key, request)
		return err
	})
	if err != nil {
		return err
	}
	return s.print(opened, func(p *printer) { p.say("Opened case %s: %s (%s)", opened.Number, opened.Title, string(opened.ID)) })
}

type caseListCmd struct {
	Limit int `help:"At most so many cases; 0 for all." default:"0"`
}

// Run lists cases, the one that the caller became a member of last first.
func (c *caseListCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	cases, err := collect(c.Limit, "", func(cursor string, limit int) ([]api.CaseSummary, string, error) {
		page, err := server.Cases(ctx, cursor, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"items": cases}, func(p *printer) {
		if len(cases) == 0 {
			p.say("You are not a member of any case. Open one, or ask a member of a case to add you.")
			return
		}
		p.row("NUMBER", "CLASS", "STATE", "ITEMS", "SEALED", "SIZE", "LAST", "TITLE")
		for _, k := range cases {
			p.row(k.Case.Number, k.Case.Class, k.Case.State, k.Items, k.Sealed, size(k.Bytes), k.LastAt, k.Case.Title)
		}
	})
}

type caseShowCmd struct {
	Case string `arg:"" help:"Number or identifier of the case."`
}

// Run shows a case.
func (c *caseShowCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	d, err := server.Case(ctx, id)
	if err != nil {
		return err
	}
	return s.print(d, func(p *printer) {
		p.row("Case", d.Case.Number)
		p.row("Identifier", d.Case.ID)
		p.row("Title", d.Case.Title)
		p.row("Class", d.Case.Class)
		p.row("State", d.Case.State)
		p.row("May become", d.AllowedTransitions)
		p.row("Time zone", d.Case.TimeZone)
		p.row("Opened", d.Case.OpenedAt)
		p.row("Evidence", d.Items, "items", size(d.Bytes))
		p.row("Sealed", d.Sealed)
		p.row("Being sealed", d.Received)
		p.row("Quarantined", d.Quarantined)
		p.row("Log", d.LogSize, "entries")
		for _, m := range d.Members {
			p.row("Member", m.Login, m.Name)
		}
		for _, r := range d.ClassRequests {
			p.row("To be "+string(r.To), "asked for by", nameOf(d.Members, r.By), r.At, r.Reason)
		}
	})
}

type caseTransitionCmd struct {
	Case   string `arg:"" help:"Number or identifier of the case."`
	To     string `arg:"" help:"The state: open, referred, charged, trial, closed, archived."`
	Reason string `help:"Why; goes on record." required:""`
}

// Run brings a case into another state.
func (c *caseTransitionCmd) Run(ctx context.Context, s *session) error {
	if !evidence.CaseState(c.To).Valid() {
		return evidence.Errorf(evidence.Invalid, "%q is not a state of a case", c.To)
	}
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	changed, err := server.Transition(ctx, id, api.TransitionRequest{To: evidence.CaseState(c.To), Reason: c.Reason})
	if err != nil {
		return err
	}
	return s.print(changed, func(p *printer) { p.say("Case %s is %s now.", changed.Number, string(changed.State)) })
}

type caseClassCmd struct {
	Case      string `arg:"" help:"Number or identifier of the case."`
	To        string `arg:"" enum:"ordinary,restricted,sealed" help:"The class: ${enum}."`
	Reason    string `help:"Why; goes on record." required:""`
	Authority string `help:"The order by which the case is sealed; goes on record."`
}

// Run changes who may know of a case, or asks for it.
func (c *caseClassCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	changed, err := server.ChangeClass(ctx, id, api.ClassChangeRequest{To: evidence.Class(c.To), Reason: c.Reason, Authority: c.Authority})
	if err != nil {
		return err
	}
	return s.print(changed, func(p *printer) {
		if changed.Case.Class == evidence.Class(c.To) {
			p.say("Case %s is %s now.", changed.Case.Number, c.To)
			return
		}
		p.say("That you ask for it is on record. Case %s stays sealed until a supervisor who may manage it, and is somebody else, does the same.", changed.Case.Number)
	})
}

// nameOf names a member, by name where the case has them.
func nameOf(members []api.Member, id evidence.PersonID) string {
	i := slices.IndexFunc(members, func(m api.Member) bool { return m.Person == id })
	if i < 0 {
		return string(id)
	}
	return members[i].Name
}

type caseAddMemberCmd struct {
	Case  string `arg:"" help:"Number or identifier of the case."`
	Login string `arg:"" help:"Login of the person."`
	Grant string `enum:"read,contribute,manage" default:"manage" help:"What they may do there, besides what their roles allow: ${enum}."`
}

// Run makes a person a member.
func (c *caseAddMemberCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	m, err := server.AddMember(ctx, id, api.MemberRequest{Login: c.Login, Grant: evidence.Grant(c.Grant)})
	if err != nil {
		return err
	}
	return s.print(m, func(p *printer) { p.say("%s (%s) is a member now.", m.Name, m.Login) })
}

type caseRemoveCmd struct {
	Case   string `arg:"" help:"Number or identifier of the case."`
	Login  string `arg:"" help:"Login of the member."`
	Reason string `required:"" help:"Why; goes on record."`
}

// Run removes a member.
func (c *caseRemoveCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	d, err := server.Case(ctx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.Members, func(m api.Member) bool { return m.Login == c.Login })
	if i < 0 {
		return evidence.Errorf(evidence.NotFound, "nobody with the login %q is a member of this case", c.Login)
	}
	if err := server.RemoveMember(ctx, id, d.Members[i].Person, c.Reason); err != nil {
		return err
	}
	return s.print(d.Members[i], func(p *printer) { p.say("%s (%s) is a member no more.", d.Members[i].Name, d.Members[i].Login) })
}

type caseCorrectCmd struct {
	Case  string           `arg:"" help:"Number or identifier of the case."`
	Entry evidence.EntryID `arg:"" help:"Identifier of the entry that is wrong."`
	Right string           `required:"" help:"What is right instead; goes on record."`
}

// Run corrects an entry.
func (c *caseCorrectCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	if err := server.Correct(ctx, id, api.CorrectionRequest{Entry: c.Entry, Right: c.Right}); err != nil {
		return err
	}
	return s.print(c.Entry, func(p *printer) { p.say("The correction is on record; the entry stays as it is.") })
}
