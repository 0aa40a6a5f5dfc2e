package act

import (
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Opened is that a case was opened; whoever did is its first member.
type Opened struct {
	Number   string `detail:"number"`
	Title    string `detail:"title"`
	Summary  string `detail:"summary,omitempty"`
	TimeZone string `detail:"time_zone"`
	Login    string `detail:"login,omitempty"`
	// Class is what the case is from its beginning; ordinary when absent. The
	// entry's authority is the order by which one is sealed.
	Class evidence.Class `detail:"class,omitempty"`
}

// Act implements Payload.
func (Opened) Act() evidence.Act { return evidence.ActOpened }

// Once implements Payload.
func (Opened) Once(e evidence.Entry) []string { return []string{"opened", string(e.Case)} }

// OpenedEntry is the identifier of the entry that opens a case.
func OpenedEntry(c evidence.CaseID) evidence.EntryID { return once(Opened{}, evidence.Entry{Case: c}) }

// MemberAdded is that somebody was made a member of the case. A person who was
// removed can be added again.
type MemberAdded struct {
	Person evidence.PersonID `detail:"person"`
	Name   string            `detail:"name,omitempty"`
	Login  string            `detail:"login,omitempty"`
	Grant  evidence.Grant    `detail:"grant,omitempty"` // all when absent
	Time   int               `detail:"time,omitempty"`  // 2 for who is added a second time, and so on; absent for the first
}

// Act implements Payload.
func (MemberAdded) Act() evidence.Act { return evidence.ActMemberAdded }

// Once implements Payload.
func (p MemberAdded) Once(e evidence.Entry) []string {
	return nth(p.Time, "member-added", string(e.Case), string(p.Person))
}

// MemberRemoved is that somebody is a member of the case no more; the purpose of
// the entry is the reason.
type MemberRemoved struct {
	Person evidence.PersonID `detail:"person"`
	Time   int               `detail:"time,omitempty"` // as of MemberAdded
}

// Act implements Payload.
func (MemberRemoved) Act() evidence.Act { return evidence.ActMemberGone }

// Once implements Payload.
func (p MemberRemoved) Once(e evidence.Entry) []string {
	return nth(p.Time, "member-removed", string(e.Case), string(p.Person))
}

// Corrected is that an earlier entry of the log is wrong; the purpose of the entry
// says what is right. Nothing of the earlier one changes.
type Corrected struct {
	Entry evidence.EntryID `detail:"entry"`
	Index int64            `detail:"index"` // of that entry
}

// Act implements Payload.
func (Corrected) Act() evidence.Act { return evidence.ActCorrected }

// Once implements Payload.
func (Corrected) Once(evidence.Entry) []string { return nil }

// RoleChanged is that Vault says other roles, or another name, of somebody than
// the log's rosters and earlier such entries do.
type RoleChanged struct {
	Person evidence.PersonID `detail:"person"`
	Name   string            `detail:"name"`
	Roles  Roles             `detail:"roles,omitempty"` // all they hold now; none for somebody who was disabled
}

// Act implements Payload.
func (RoleChanged) Act() evidence.Act { return evidence.ActRoleChanged }

// Once implements Payload: it may change back.
func (RoleChanged) Once(evidence.Entry) []string { return nil }

// Roles is a list of roles as a detail has it: joined by single spaces.
type Roles []evidence.Role

// MarshalText implements encoding.TextMarshaler.
func (r Roles) MarshalText() ([]byte, error) {
	var text []byte
	for i, role := range r {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, role...)
	}
	return text, nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Roles) UnmarshalText(text []byte) error {
	*r = nil
	for role := range strings.SplitSeq(string(text), " ") {
		if role == "" {
			return evidence.Errorf(evidence.Malformed, "a list of roles has one that is empty")
		}
		*r = append(*r, evidence.Role(role))
	}
	return nil
}

// Transitioned is that the case went from one state to another; the purpose of
// the entry is the reason.
type Transitioned struct {
	From    evidence.CaseState `detail:"from"`
	To      evidence.CaseState `detail:"to"`
	Version int                `detail:"version"` // of the case, that this makes
}

// Act implements Payload.
func (Transitioned) Act() evidence.Act { return evidence.ActTransitioned }

// Once implements Payload: of two that make the same version, one is on record.
func (p Transitioned) Once(e evidence.Entry) []string {
	return []string{"transitioned", string(e.Case), strconv.Itoa(p.Version)}
}

// ClassRequested is that somebody asked for a sealed case to be unsealed; the
// purpose of the entry is the reason. Somebody else does it (ClassChanged).
type ClassRequested struct {
	To      evidence.Class `detail:"to"`
	Version int            `detail:"version"` // of the case, that the change would make
}

// Act implements Payload.
func (ClassRequested) Act() evidence.Act { return evidence.ActClassAsked }

// Once implements Payload: several people may ask.
func (ClassRequested) Once(evidence.Entry) []string { return nil }

// ClassChanged is that the case is of another class; the purpose of the entry is
// the reason, its authority the order by which a case is sealed.
type ClassChanged struct {
	From    evidence.Class   `detail:"from"`
	To      evidence.Class   `detail:"to"`
	Version int              `detail:"version"`           // of the case, that this makes
	Request evidence.EntryID `detail:"request,omitempty"` // another person's ClassRequested, to unseal it
}

// Act implements Payload.
func (ClassChanged) Act() evidence.Act { return evidence.ActClassChanged }

// Once implements Payload: of two that make the same version, one is on record.
func (p ClassChanged) Once(e evidence.Entry) []string {
	return []string{"class-changed", string(e.Case), strconv.Itoa(p.Version)}
}

// nth returns the parts of what happens for the n-th time; those of the first
// time do not say so.
func nth(n int, parts ...string) []string {
	if n > 1 {
		return append(parts, strconv.Itoa(n))
	}
	return parts
}

// once returns the identifier of an act that is recorded once.
func once(p Payload, e evidence.Entry) evidence.EntryID {
	return evidence.DeriveEntryID(p.Once(e)...)
}
