package api

import (
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/state"
)

// Case is a case as the interface shows it.
type Case struct {
	ID       evidence.CaseID    `json:"id"`
	Number   string             `json:"number" doc:"The unit's own, such as 2026-0007"`
	Version  int                `json:"version"`
	Title    string             `json:"title"`
	Summary  string             `json:"summary,omitempty"`
	State    evidence.CaseState `json:"state"`
	Class    evidence.Class     `json:"class" doc:"Who may know of it: ordinary; restricted, to which only a supervisor who is a member adds people; sealed by order, of which nothing tells anybody else"`
	TimeZone string             `json:"time_zone" doc:"IANA name; people see the case's times in it"`
	OpenedAt evidence.Instant   `json:"opened_at"`
	OpenedBy evidence.PersonID  `json:"opened_by"`
	At       evidence.Instant   `json:"at" doc:"Of this version"`
	By       evidence.PersonID  `json:"by" doc:"Of this version"`
}

func caseOf(c evidence.Case) Case {
	return Case{
		ID: c.ID, Number: c.Number, Version: c.Version, Title: c.Title, Summary: c.Summary, State: c.State, Class: c.Class.Or(), TimeZone: c.TimeZone,
		OpenedAt: c.OpenedAt, OpenedBy: c.OpenedBy, At: c.At, By: c.By,
	}
}

// CaseSummary is a case with its counts.
type CaseSummary struct {
	Case        Case             `json:"case"`
	Items       int              `json:"items"`
	Sealed      int              `json:"sealed"`
	Quarantined int              `json:"quarantined"`
	Received    int              `json:"received" doc:"Neither sealed nor quarantined yet"`
	Bytes       int64            `json:"bytes"`
	LogSize     int64            `json:"log_size"`
	LastAt      evidence.Instant `json:"last_at,omitzero" doc:"Of the last entry of the log"`
}

func summaryOf(s custody.CaseSummary) CaseSummary {
	return CaseSummary{
		Case: caseOf(s.Case), Items: s.Items, Sealed: s.Sealed, Quarantined: s.Quarantined, Received: s.Received,
		Bytes: s.Bytes, LogSize: s.LogSize, LastAt: s.LastAt,
	}
}

// ClassRequest is that somebody asked for a sealed case to be unsealed; somebody
// else does it.
type ClassRequest struct {
	To     evidence.Class    `json:"to"`
	By     evidence.PersonID `json:"by"`
	At     evidence.Instant  `json:"at"`
	Reason string            `json:"reason"`
}

func classRequestOf(r state.ClassRequest) ClassRequest {
	return ClassRequest{To: r.To, By: r.By, At: r.At, Reason: r.Reason}
}

// Member is a person's place in a case.
type Member struct {
	Case    evidence.CaseID   `json:"case"`
	Person  evidence.PersonID `json:"person"`
	Version int               `json:"version"`
	Login   string            `json:"login"`
	Name    string            `json:"name"`
	Grant   evidence.Grant    `json:"grant" doc:"What they may do in the case, besides what their roles allow"`
	AddedAt evidence.Instant  `json:"added_at"`
	AddedBy evidence.PersonID `json:"added_by"`
	EndedAt evidence.Instant  `json:"ended_at,omitzero"`
	EndedBy evidence.PersonID `json:"ended_by,omitempty"`
}

func memberOf(m evidence.Member) Member {
	return Member{
		Case: m.Case, Person: m.Person, Version: m.Version, Login: m.Login, Name: m.Name, Grant: m.Grant,
		AddedAt: m.AddedAt, AddedBy: m.AddedBy, EndedAt: m.EndedAt, EndedBy: m.EndedBy,
	}
}
