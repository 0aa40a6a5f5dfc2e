package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
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
	want := read.said.Records()
	return r.settle(ctx, f, func(f *findings) error {
		if err := r.unreadable(f, "the case's number", r.caseNumber(ctx, c, read, f)); err != nil {
			return err
		}
		for _, kind := range state.Kinds() {
			if err := r.unreadable(f, "the records of "+string(kind), r.recordsOf(ctx, kind, c, want, f)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) caseNumber(ctx context.Context, c evidence.CaseID, read *caseRead, f *findings) error {
	want, _ := read.said.Now()
	number, err := r.config.Registry.CaseNumber(ctx, c)
	if err == nil && number != want.Number {
		f.add(evidence.AlarmRecord, "number", "the registry gives the case another number than the log")
	}
	return err
}

// recordsOf compares the records of one kind, whatever it is, by key.
func (r *run) recordsOf(ctx context.Context, kind state.Kind, c evidence.CaseID, projected []state.Record, f *findings) error {
	got, err := r.config.Registry.RecordsOf(ctx, kind, c)
	if err != nil {
		return err
	}
	if kind == state.KindCase && len(got) == 0 {
		f.add(evidence.AlarmCase, string(c), "the case is mirrored and not in the registry: it was deleted")
		return nil
	}
	found := make(map[string]state.Record, len(got))
	for _, rec := range got {
		found[rec.Key] = rec
	}
	for _, want := range projected {
		if want.Kind != kind {
			continue
		}
		rec, ok := found[want.Key]
		delete(found, want.Key)
		if !ok {
			f.add(evidence.AlarmRecord, nameOf(want), "the registry has lost %s", nameOf(want))
			continue
		}
		switch fields, readable := state.Differing(want, rec); {
		case !readable:
			f.differs(evidence.AlarmRecord, "", nameOf(want), string(rec.Body), "the registry's record of %s cannot be read", nameOf(want))
		case len(fields) > 0:
			f.differs(evidence.AlarmRecord, "", nameOf(want)+" "+strings.Join(fields, " "), string(rec.Body), "the registry says something else of %s than the log: %s", nameOf(want), strings.Join(fields, ", "))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		rec := found[key]
		f.differs(evidence.AlarmRecord, "", nameOf(rec), key+string(rec.Body), "the registry has %s, and the log does not say so", nameOf(rec))
	}
	return nil
}

// nameOf names a record for people who may not know what is in it.
func nameOf(rec state.Record) string {
	switch rec.Kind {
	case state.KindCase:
		return fmt.Sprintf("version %d of the case", rec.Version)
	case state.KindMember:
		return fmt.Sprintf("version %d of the member %s", rec.Version, safePerson(rec.Person))
	}
	if id, err := evidence.ParseID[evidence.IntakeID](rec.Key); err == nil {
		return "the intake " + string(id)
	}
	return "a record of " + string(rec.Kind)
}
