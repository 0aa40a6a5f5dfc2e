package state

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// Kind is a kind of records, and the name of the collection that keeps them.
type Kind string

// The kinds of records that Records projects. Items and disclosures, whose records
// are numbered or moved on before their entries are there, have rooms of their own.
const (
	KindCase   Kind = "cases"   // evidence.Case, a version each
	KindMember Kind = "members" // evidence.Member, a version each
	KindIntake Kind = "intakes" // evidence.Intake
)

// Record is a record of the registry: a projection of what a log says, an index
// for looking things up and never an authority.
type Record struct {
	Kind    Kind
	Key     string // unique within the kind
	Case    evidence.CaseID
	Person  evidence.PersonID     // whom it is about, where there is one
	Bundle  evidence.DisclosureID // that it is about, where there is one
	Version int
	Body    []byte // JSON
}

// kinds says of each kind what its bodies hold, to read one back.
var kinds = map[Kind]func() any{ //nolint:gochecknoglobals // a constant table
	KindCase:   func() any { return &evidence.Case{} },
	KindMember: func() any { return &evidence.Member{} },
	KindIntake: func() any { return &evidence.Intake{} },
}

// Kinds lists the kinds of records.
func Kinds() []Kind { return []Kind{KindCase, KindMember, KindIntake} }

// Records returns the records that the registry keeps of the case, but for items
// and disclosures.
func (c *Case) Records() []Record {
	var list []Record
	for _, v := range c.Versions {
		list = append(list, record(Record{Kind: KindCase, Key: fmt.Sprintf("%s/%06d", v.ID, v.Version), Case: v.ID, Version: v.Version}, v))
	}
	for _, m := range c.Members {
		list = append(list, record(Record{
			Kind: KindMember, Key: fmt.Sprintf("%s/%s/%06d", m.Case, m.Person, m.Version), Case: m.Case, Person: m.Person, Version: m.Version,
		}, m))
	}
	for _, in := range c.Intakes {
		list = append(list, IntakeRecord(in.Intake))
	}
	return list
}

// IntakeRecord returns the record of an intake.
func IntakeRecord(in evidence.Intake) Record {
	return record(Record{Kind: KindIntake, Key: string(in.ID), Case: in.Case, Version: 1}, in)
}

func record(r Record, body any) Record {
	text, err := json.Marshal(body)
	if err != nil { // of an instant that cannot be written, which nobody can have read
		text = []byte("{}")
	}
	r.Body = text
	return r
}

// Decode reads the body of a record. It fails with Tampered.
func Decode[T any](r Record) (T, error) {
	var v T
	if err := json.Unmarshal(r.Body, &v); err != nil {
		return v, evidence.WrapError(evidence.Tampered, err, "a record of the registry cannot be read")
	}
	return v, nil
}

// Same reports whether two records say the same, in whatever order and with
// whichever fields of earlier versions of this program their bodies were written.
func Same(a, b Record) bool {
	if a.Kind != b.Kind || a.Key != b.Key || a.Case != b.Case || a.Person != b.Person || a.Version != b.Version {
		return false
	}
	x, errX := normal(a)
	y, errY := normal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func normal(r Record) ([]byte, error) {
	blank, ok := kinds[r.Kind]
	if !ok {
		return nil, evidence.Errorf(evidence.Invalid, "%q is no kind of records", r.Kind)
	}
	v := blank()
	if err := json.Unmarshal(r.Body, v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}
