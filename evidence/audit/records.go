package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/projection"
)

// again is how often a record that differs is read before it is an alarm: the
// installation goes on working meanwhile.
const again = 3

// settle runs a comparison until it finds nothing, at most again times.
func (r *run) settle(ctx context.Context, f *findings, compare func(f *findings) error) error {
	for try := 1; ; try++ {
		found := r.findings(f.id, f.now)
		if err := compare(found); err != nil {
			return err
		}
		if len(found.list) == 0 || try == again {
			f.absorb(found)
			return nil
		}
		select {
		case <-ctx.Done():
			return evidence.WrapError(evidence.Unavailable, ctx.Err(), "the audit was given up")
		case <-time.After(r.config.Settle):
		}
	}
}

// records compares the records of a case with those that its log gives.
func (r *run) records(ctx context.Context, c evidence.CaseID, read *caseRead, f *findings) error {
	want, err := projection.Of(read.said)
	if err != nil {
		return err
	}
	return r.settle(ctx, f, func(f *findings) error {
		for _, collection := range []string{evidence.CaseNumberRecords, evidence.CaseRecords, evidence.MemberRecords, evidence.IntakeRecords} {
			wanted := slices.DeleteFunc(slices.Clone(want), func(w evidence.Record) bool { return w.Collection != collection })
			if err := r.unreadable(f, "the "+collection, r.collection(ctx, c, collection, wanted, f)); err != nil {
				return err
			}
		}
		return nil
	})
}

// collection compares the records of one collection, by key.
func (r *run) collection(ctx context.Context, c evidence.CaseID, collection string, want []evidence.Record, f *findings) error {
	got, err := r.config.Registry.Records(ctx, collection, c)
	if err != nil {
		return err
	}
	if collection == evidence.CaseRecords && len(got) == 0 {
		f.add(evidence.AlarmCase, string(c), "the case is mirrored and not in the registry: it was deleted")
		return nil
	}
	for _, w := range want {
		i := slices.IndexFunc(got, func(g evidence.Record) bool { return g.Key == w.Key })
		if i < 0 { // kept under its key, and not to be found by its case
			g, ok, err := r.config.Registry.Record(ctx, collection, w.Key)
			if err != nil {
				return err
			}
			if !ok {
				f.add(evidence.AlarmRecord, nameOf(w), "the registry has lost %s", nameOf(w))
				continue
			}
			got, i = append(got, g), len(got)
		}
		r.record(w, got[i], f)
	}
	for _, g := range got {
		if !slices.ContainsFunc(want, func(w evidence.Record) bool { return w.Key == g.Key }) {
			f.differs(evidence.AlarmRecord, "", nameOf(g), g.Key+string(g.Body), "the registry has %s, and the log does not say so", nameOf(g))
		}
	}
	return nil
}

// record compares one record, field by field.
func (r *run) record(want, got evidence.Record, f *findings) {
	if len(want.Body) > 0 {
		fields, ok := projection.Differs(want, got, "first_exhibit") // where to begin to look is no claim
		switch {
		case !ok:
			f.differs(evidence.AlarmRecord, "", nameOf(want), string(got.Body), "the registry's record of %s cannot be read", nameOf(want))
		case len(fields) > 0:
			f.differs(evidence.AlarmRecord, "", nameOf(want)+" "+strings.Join(fields, " "), string(got.Body), "the registry says something else of %s than the log: %s", nameOf(want), strings.Join(fields, ", "))
		}
	}
	for field, value := range want.Index {
		if got.Index[field] != value {
			f.differs(evidence.AlarmRecord, "", nameOf(want)+" by "+field, got.Index[field], "the registry keeps %s where it is found under another %s", nameOf(want), field)
		}
	}
	if got.Version != want.Version {
		f.add(evidence.AlarmRecord, nameOf(want)+" version", "the registry keeps %s as version %d", nameOf(want), got.Version)
	}
}

// nameOf names a record for people who may not know what is in it.
func nameOf(rec evidence.Record) string {
	_, end, _ := strings.Cut(rec.Key, "/")
	switch rec.Collection {
	case evidence.CaseNumberRecords:
		return "a number of the case"
	case evidence.CaseRecords:
		return fmt.Sprintf("version %d of the case", rec.Version)
	case evidence.MemberRecords:
		return "the member " + safePerson(evidence.PersonID(end))
	}
	if id, err := evidence.ParseID[evidence.IntakeID](rec.Key); err == nil {
		return "the intake " + string(id)
	}
	return "a record of " + rec.Collection
}
