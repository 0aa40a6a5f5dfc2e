package api

import "github.com/sealcase/sealcase/evidence"

// Alarm is a difference that an audit found.
type Alarm struct {
	ID       evidence.AlarmID   `json:"id"`
	Kind     evidence.AlarmKind `json:"kind"`
	Case     evidence.CaseID    `json:"case,omitempty"`
	Item     evidence.ItemID    `json:"item,omitempty"`
	Where    string             `json:"where"`
	What     string             `json:"what"`
	RaisedAt evidence.Instant   `json:"raised_at"`
	Entry    evidence.EntryID   `json:"entry"`
	Noted    *AlarmNote         `json:"acknowledged,omitempty"`
}

// AlarmNote says who took note of an alarm, and what is being done about it.
type AlarmNote struct {
	By     evidence.PersonID `json:"by"`
	Name   string            `json:"name"`
	At     evidence.Instant  `json:"at"`
	Reason string            `json:"reason"`
	Entry  evidence.EntryID  `json:"entry"`
}

func alarmOf(a evidence.Alarm) Alarm {
	out := Alarm{ID: a.ID, Kind: a.Kind, Case: a.Case, Item: a.Item, Where: a.Where, What: a.What, RaisedAt: a.RaisedAt, Entry: a.Entry}
	if n := a.Noted; n != nil {
		out.Noted = &AlarmNote{By: n.By, Name: n.Name, At: n.At, Reason: n.Reason, Entry: n.Entry}
	}
	return out
}

// Audit is one comparison of everything that is stored with everything that was
// signed.
type Audit struct {
	ID        evidence.AuditID    `json:"id"`
	State     evidence.AuditState `json:"state"`
	Failure   string              `json:"failure,omitempty"`
	By        evidence.PersonID   `json:"by"`
	StartedAt evidence.Instant    `json:"started_at"`
	EndedAt   evidence.Instant    `json:"ended_at,omitzero"`
	Cases     int                 `json:"cases"`
	Entries   int64               `json:"entries"`
	Objects   int64               `json:"objects"`
	Found     int                 `json:"found"`
	Entry     evidence.EntryID    `json:"entry,omitempty" doc:"Of the register, that says how it ended; absent while it runs"`
}

func auditOf(a evidence.Audit) Audit {
	return Audit{
		ID: a.ID, State: a.State, Failure: a.Failure, By: a.By, StartedAt: a.StartedAt, EndedAt: a.EndedAt,
		Cases: a.Cases, Entries: a.Entries, Objects: a.Objects, Found: a.Found, Entry: a.Entry,
	}
}
