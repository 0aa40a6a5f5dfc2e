package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/replay"
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
func (r *run) records(ctx context.Context, c evidence.CaseID, said replay.Case, f *findings) error {
	return r.settle(ctx, f, func(f *findings) error {
		if err := r.unreadable(f, "the case", r.caseRecord(ctx, c, said, f)); err != nil {
			return err
		}
		if err := r.unreadable(f, "who its members are", r.members(ctx, c, said, f)); err != nil {
			return err
		}
		for _, want := range said.Intakes {
			got, err := r.config.Registry.Intake(ctx, want.ID)
			if evidence.CodeOf(err) == evidence.NotFound {
				f.add(evidence.AlarmRecord, string(want.ID), "the registry has lost an intake of %s", want.OpenedAt)
				continue
			}
			if err != nil {
				if err := r.unreadable(f, "the intake "+string(want.ID), err); err != nil {
					return err
				}
				continue
			}
			if got.FirstExhibit = want.FirstExhibit; got != want { // where to begin to look is no claim
				f.differs(evidence.AlarmRecord, "", string(want.ID), fmt.Sprint(got), "the registry says something else of an intake of %s than the log", want.OpenedAt)
			}
		}
		return nil
	})
}

func (r *run) caseRecord(ctx context.Context, c evidence.CaseID, said replay.Case, f *findings) error {
	want, _ := said.Now()
	number, err := r.config.Registry.CaseNumber(ctx, c)
	if err != nil {
		return err
	}
	if number != want.Number {
		f.add(evidence.AlarmRecord, "number", "the log says that the case has the number %q, the registry says %q", want.Number, number)
	}
	got, err := r.config.Registry.Case(ctx, c)
	if evidence.CodeOf(err) == evidence.NotFound {
		f.add(evidence.AlarmCase, string(c), "the case %s is mirrored and not in the registry: it was deleted", want.Number)
		return nil
	}
	if err != nil {
		return err
	}
	for _, d := range []struct {
		what      string
		got, want any
	}{
		{"number", got.Number, want.Number}, {"title", got.Title, want.Title}, {"summary", got.Summary, want.Summary},
		{"state", got.State, want.State}, {"time zone", got.TimeZone, want.TimeZone}, {"opener", got.OpenedBy, want.OpenedBy},
		{"version", got.Version, want.Version},
	} {
		if d.got != d.want {
			f.add(evidence.AlarmRecord, d.what, "the registry says that the %s of the case is %q, the log says %q", d.what, d.got, d.want)
		}
	}
	return nil
}

func (r *run) members(ctx context.Context, c evidence.CaseID, said replay.Case, f *findings) error {
	got, err := r.config.Registry.Members(ctx, c)
	if err != nil {
		return err
	}
	for _, m := range got {
		if !slices.ContainsFunc(said.Members, func(w evidence.Member) bool { return w.Person == m.Person }) {
			f.add(evidence.AlarmRecord, "member "+string(m.Person), "%s is a member of the case in the registry, and the log does not say so", m.Name)
		}
	}
	for _, m := range said.Members {
		i := slices.IndexFunc(got, func(g evidence.Member) bool { return g.Person == m.Person })
		switch {
		case i >= 0 && got[i].Name != m.Name:
			f.add(evidence.AlarmRecord, "name "+string(m.Person), "the registry says that the member %s is called %q, the log says %q", m.Person, got[i].Name, m.Name)
		case i < 0:
			f.add(evidence.AlarmRecord, "member "+string(m.Person), "the log says that %s is a member of the case, the registry does not", m.Name)
		}
	}
	return nil
}
