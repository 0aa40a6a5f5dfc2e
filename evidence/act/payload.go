package act

import (
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Payload is what an act says beyond who did it, when, and about which item.
// It is written into the details of its entry.
type Payload interface {
	// Act is the act that the payload belongs to.
	Act() evidence.Act
	// Once returns what identifies the act of an entry that is otherwise
	// complete, so that a retry records nothing twice (evidence.DeriveEntryID);
	// nil where each try is an act of its own.
	Once(e evidence.Entry) []string
}

// New returns the entry of an act of actor on c, with a fresh nonce and, where
// the act is recorded once, its identifier. fill completes what the payload does
// not say (the item, a purpose) and may be nil.
func New(c evidence.CaseID, p Payload, at evidence.Instant, actor evidence.Actor, random io.Reader, fill func(*evidence.Entry)) (evidence.Entry, error) {
	e, err := evidence.NewEntry("", c, p.Act(), at, actor, random)
	if err != nil {
		return evidence.Entry{}, err
	}
	e.Details = details(p)
	if fill != nil {
		fill(&e)
	}
	if parts := p.Once(e); parts != nil {
		e.ID = evidence.DeriveEntryID(parts...)
		return e, nil
	}
	e.ID, err = evidence.NewID[evidence.EntryID](random)
	return e, err
}

// Read returns what an entry says. It fails with Malformed for an entry of
// another act than the payload's, or one that does not say it as it should.
func Read[P Payload](e evidence.Entry) (P, error) {
	var p P
	if e.Act != p.Act() {
		return p, evidence.Errorf(evidence.Malformed, "an entry %q is read as one %q", e.Act, p.Act())
	}
	return p, read(e.Details, &p)
}

// Details returns the details of the entry of a payload.
func Details(p Payload) map[string]string { return details(p) }
