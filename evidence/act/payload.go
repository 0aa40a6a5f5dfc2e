package act

import (
	"io"
	"reflect"

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

// Check returns nil when an entry says what such an act says and nothing more, and
// bears the identifier of what it says. It fails with Malformed. Entries that
// package attest writes, and those of acts that are not known, pass.
func Check(e evidence.Entry) error {
	rule, ok := RuleOf(e.Act)
	if !ok || rule.Says == nil {
		return nil
	}
	v := reflect.New(reflect.TypeOf(rule.Says))
	if err := read(e.Details, v.Interface()); err != nil {
		return err
	}
	p := v.Elem().Interface().(Payload)
	if !SameDetails(e.Details, details(p)) {
		return evidence.Errorf(evidence.Malformed, "the entry %q says more than such an act says, or says it in another way", e.Act)
	}
	if parts := p.Once(e); parts != nil && e.Act != evidence.ActAnalysed && e.ID != evidence.DeriveEntryID(parts...) {
		return evidence.Errorf(evidence.Malformed, "the entry %q does not bear the identifier of what it says", e.Act)
	}
	return nil
}
