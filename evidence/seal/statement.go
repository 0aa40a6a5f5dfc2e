package seal

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// Statement is what a seal states about one item.
type Statement struct {
	Type        string              `json:"type"` // StatementType
	Case        evidence.CaseID     `json:"case"`
	CaseNumber  string              `json:"case_number"`
	Item        evidence.ItemID     `json:"item"`
	Exhibit     int                 `json:"exhibit"` // counts within the case from 1
	Intake      evidence.IntakeID   `json:"intake"`
	Name        evidence.FileName   `json:"name"`
	Path        evidence.FileName   `json:"path,omitempty"`
	Length      int64               `json:"length"` // in bytes
	Digest      evidence.Digest     `json:"sha256"`
	Collection  evidence.Collection `json:"collection,omitzero"` // where the item is one
	Authority   string              `json:"authority,omitempty"` // the warrant, order or consent relied on
	ReceivedAt  evidence.Instant    `json:"received_at"`
	ReceivedBy  evidence.PersonID   `json:"received_by"`
	Object      evidence.ObjectRef  `json:"object"`       // the version of the object that was read back and sealed
	LockedUntil evidence.Instant    `json:"locked_until"` // when it was sealed; later since, where it was extended
	SealedAt    evidence.Instant    `json:"sealed_at"`
}

// NewStatement returns the statement on an item of a case, as it was received
// under authority and read back at sealedAt.
func NewStatement(c evidence.Case, it evidence.Item, authority string, sealedAt evidence.Instant) Statement {
	return Statement{
		Type: StatementType, Case: it.Case, CaseNumber: c.Number,
		Item: it.ID, Exhibit: it.Exhibit, Intake: it.Intake, Name: it.Name, Path: it.Path,
		Length: it.Length, Digest: it.Digest, Collection: it.Collection, Authority: authority,
		ReceivedAt: it.ReceivedAt, ReceivedBy: it.ReceivedBy,
		Object: it.Data, LockedUntil: it.Locked, SealedAt: sealedAt,
	}
}

// problem returns what keeps s from being a statement, or "".
func (s Statement) problem() string {
	if _, err := evidence.ParseID[evidence.CaseID](string(s.Case)); err != nil {
		return "it names no case"
	}
	if _, err := evidence.ParseID[evidence.ItemID](string(s.Item)); err != nil {
		return "it names no item"
	}
	if _, err := evidence.ParseID[evidence.IntakeID](string(s.Intake)); err != nil {
		return "it names no intake"
	}
	switch {
	case s.Type != StatementType:
		return fmt.Sprintf("its type is not %q", StatementType)
	case s.Exhibit < 1:
		return "it has no exhibit number"
	case s.Name.Valid() != nil:
		return "it has no valid name"
	case s.Length < 0:
		return "its length is negative"
	case s.Digest.IsZero():
		return "it has no SHA-256"
	case !s.Collection.IsZero() && !s.Collection.Complete():
		return "it says something of a collection, and not all"
	case s.ReceivedAt.IsZero() || s.ReceivedBy == "":
		return "it does not say who received the item, and when"
	case s.Object.Bucket == "" || s.Object.Key == "" || s.Object.Version == "":
		return "it does not name the version of the object"
	case s.LockedUntil.IsZero() || s.SealedAt.IsZero():
		return "it does not say when it was sealed, and until when it is locked"
	}
	return ""
}

// Check returns what differs between the statement and an item, one plain
// sentence each; nothing when they agree. The item may be a later version than
// the one that was sealed: it may be locked for longer, never shorter.
func (s Statement) Check(it evidence.Item) []string {
	var differs []string
	compare := func(same bool, what string, sealed, now any) {
		if !same {
			differs = append(differs, fmt.Sprintf("the %s was %v when the item was sealed and is %v now", what, sealed, now))
		}
	}
	compare(s.Digest == it.Digest, "SHA-256", s.Digest, it.Digest)
	compare(s.Length == it.Length, "length", s.Length, it.Length)
	compare(s.Collection == it.Collection, "collection", describeCollection(s.Collection), describeCollection(it.Collection))
	compare(s.Item == it.ID, "item", s.Item, it.ID)
	compare(s.Case == it.Case, "case", s.Case, it.Case)
	compare(s.Exhibit == it.Exhibit, "exhibit number", s.Exhibit, it.Exhibit)
	compare(s.Intake == it.Intake, "intake", s.Intake, it.Intake)
	compare(s.Name == it.Name, "name", quote(s.Name), quote(it.Name))
	compare(s.Path == it.Path, "folder", quote(s.Path), quote(it.Path))
	compare(s.ReceivedAt.Equal(it.ReceivedAt), "time of receipt", s.ReceivedAt, it.ReceivedAt)
	compare(s.ReceivedBy == it.ReceivedBy, "receiver", s.ReceivedBy, it.ReceivedBy)
	compare(s.Object == it.Data, "stored object", describe(s.Object), describe(it.Data))
	compare(it.SealedAt.IsZero() || s.SealedAt.Equal(it.SealedAt), "time of sealing", s.SealedAt, it.SealedAt)
	compare(!it.Locked.Time().Before(s.LockedUntil.Time()), "end of the lock", s.LockedUntil, it.Locked)
	return differs
}

func quote(n evidence.FileName) string { return `"` + n.Display() + `"` }

func describeCollection(c evidence.Collection) string {
	if c.IsZero() {
		return "none"
	}
	return fmt.Sprintf("one of %d lines from byte %d on with the root %s", c.Leaves, c.Manifest, c.Root)
}

func describe(r evidence.ObjectRef) string {
	return fmt.Sprintf("%s/%s version %s", r.Bucket, r.Key, r.Version)
}
