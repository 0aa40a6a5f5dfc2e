package audit

import (
	"context"
	"maps"
	"slices"
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
			for _, a := range found.list {
				f.take(a)
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return evidence.WrapError(evidence.Unavailable, ctx.Err(), "the audit was given up")
		case <-time.After(r.config.Settle):
		}
	}
}

// records compares what the registry says of a case, its members and its intakes
// with what the log says.
func (r *run) records(ctx context.Context, c evidence.CaseID, said state.Case, f *findings) error {
	return r.settle(ctx, f, func(f *findings) error {
		if err := r.unreadable(f, "the case's number", r.caseNumber(ctx, c, said, f)); err != nil {
			return err
		}
		want := said.Records()
		for _, kind := range state.Kinds() {
			if err := r.unreadable(f, "the records of "+string(kind), r.recordsOf(ctx, kind, c, want, f)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) caseNumber(ctx context.Context, c evidence.CaseID, said state.Case, f *findings) error {
	want, _ := said.Now()
	number, err := r.config.Registry.CaseNumber(ctx, c)
	if err != nil {
		return err
	}
	if number != want.Number {
		f.add(evidence.AlarmRecord, "number", "the registry gives the case another number than the log")
	}
	return nil
}

// recordsOf compares the records of one kind, whatever it is, with those that the
// log projects.
func (r *run) recordsOf(ctx context.Context, kind state.Kind, c evidence.CaseID, projected []state.Record, f *findings) error {
	got, err := r.config.Registry.RecordsOf(ctx, kind, c)
	if err != nil {
		return err
	}
	found := make(map[string]state.Record, len(got))
	for _, rec := range got {
		found[rec.Key] = rec
	}
	lost := 0
	for _, want := range projected {
		if want.Kind != kind {
			continue
		}
		rec, ok := found[want.Key]
		delete(found, want.Key)
		switch {
		case !ok:
			lost++
			f.add(evidence.AlarmRecord, string(kind)+" "+want.Key, "the registry has lost the record %s of %s", want.Key, kind)
		case !state.Same(rec, want):
			f.differs(evidence.AlarmRecord, "", string(kind)+" "+want.Key, string(rec.Body), "the registry says something else in the record %s of %s than the log", want.Key, kind)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(found)) {
		f.differs(evidence.AlarmRecord, "", string(kind)+" "+key, string(found[key].Body), "the registry has a record %s of %s of which the log says nothing", key, kind)
	}
	if kind == state.KindCase && lost > 0 && len(got) == 0 {
		f.add(evidence.AlarmCase, string(c), "the case %s is mirrored and not in the registry: it was deleted", c)
	}
	return nil
}
