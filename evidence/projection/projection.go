// Package projection writes what a log says of a case as records of the
// registry. An audit compares the registry with these records, and a rebuild
// writes them: a new kind of record is added here and nowhere else.
//
// Items and disclosures are not among them: items are too many to be held at
// once, and of a disclosure the registry knows more than the log says.
//
// The package is pure.
package projection

import (
	"encoding/json"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/replay"
)

// Of returns the records of a case: its number, its versions, its members and
// its intakes. The members come last: whoever writes the records in this order
// shows the case to nobody before it is whole.
func Of(said replay.Case) ([]evidence.Record, error) {
	var p projector
	if now, ok := said.Now(); ok {
		p.list = append(p.list, evidence.Record{
			Collection: evidence.CaseNumberRecords, Key: now.Number, Index: map[string]string{"case": string(now.ID)},
		})
	}
	for _, in := range said.Intakes {
		p.add(evidence.IntakeRecords, string(in.ID), nil, 0, in)
	}
	for _, c := range said.Versions {
		p.add(evidence.CaseRecords, fmt.Sprintf("%s/%06d", c.ID, c.Version), map[string]string{"case": string(c.ID)}, c.Version, c)
	}
	for _, m := range said.Members {
		p.add(evidence.MemberRecords, fmt.Sprintf("%s/%s", m.Case, m.Person), map[string]string{"case": string(m.Case), "person": string(m.Person)}, 0, m)
	}
	return p.list, p.err
}

// projector gathers records, and the first error.
type projector struct {
	list []evidence.Record
	err  error
}

func (p *projector) add(collection, key string, index map[string]string, version int, value any) {
	body, err := json.Marshal(value)
	if err != nil && p.err == nil {
		p.err = evidence.WrapError(evidence.Malformed, err, "what the log says cannot be written as a record of %s", collection)
	}
	p.list = append(p.list, evidence.Record{Collection: collection, Key: key, Index: index, Version: int64(version), Body: body})
}

// Differs returns the names of the fields in which the body of a stored record
// differs from what it should be, in order; ok is false where it cannot be read.
// No value is returned: names and titles are for members of the case only.
func Differs(want, got evidence.Record, ignored ...string) (fields []string, ok bool) {
	var w, g map[string]json.RawMessage
	if json.Unmarshal(want.Body, &w) != nil || json.Unmarshal(got.Body, &g) != nil {
		return nil, false
	}
	return differing(w, g, ignored), true
}
