package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Auditor runs audits. It is safe for concurrent use.
type Auditor struct{ config Config }

// New returns an Auditor.
func New(c Config) *Auditor {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.Settle, 2*time.Second)
	setDefault(&c.Grace, time.Hour)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.CatchUp == nil {
		c.CatchUp = func(context.Context, evidence.CaseID) error { return nil }
	}
	if c.Witnesses == nil {
		c.Witnesses = func(context.Context) ([]evidence.Alarm, error) { return nil, nil }
	}
	return &Auditor{config: c}
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d == 0 {
		*d = value
	}
}

// Raise takes alarms as they are found, some of one case at a time. The audit
// ends with its error.
type Raise func(ctx context.Context, found []evidence.Alarm) error

// run is one audit under way.
type run struct {
	*Auditor
	keys     []evidence.PublicKey
	people   map[evidence.PersonID][]evidence.PublicKey // as Vault has them, read once
	heads    map[evidence.CaseID]ledger.Checkpoint      // that the register names last
	last     map[evidence.CaseID]int64                  // the highest index of an entry in the registry
	progress Progress
	report   func(Progress)
}

// Run compares everything, beginning after the case from.After; buckets, the
// register and the witnesses are looked at each time. Report hears how far it is
// after each case and now and then within one, and may be nil. Run fails with
// what reading fails with, Unavailable or Sealed as a rule: then nothing is
// known, and another run goes on where this one ended.
func (a *Auditor) Run(ctx context.Context, from Progress, raise Raise, report func(Progress)) (Progress, error) {
	if report == nil {
		report = func(Progress) {}
	}
	r := &run{
		Auditor: a, people: map[evidence.PersonID][]evidence.PublicKey{}, heads: map[evidence.CaseID]ledger.Checkpoint{},
		progress: from, report: report,
	}
	var err error
	if r.keys, err = a.config.Keys(ctx); err != nil {
		return r.progress, fmt.Errorf("reading the agency's keys: %w", err)
	}
	if r.last, err = a.config.Registry.LastEntries(ctx); err != nil {
		return r.progress, fmt.Errorf("looking where logs end: %w", err)
	}
	for _, part := range []func(context.Context, *findings) error{r.buckets, r.register, r.storedAlarms} {
		if err := r.part(ctx, evidence.RegisterID(), raise, part); err != nil {
			return r.progress, err
		}
	}
	list, err := r.cases(ctx)
	if err != nil {
		return r.progress, err
	}
	for _, c := range list {
		err := r.part(ctx, c, raise, func(ctx context.Context, f *findings) error { return r.oneCase(ctx, c, f) })
		if err != nil {
			return r.progress, fmt.Errorf("comparing %s: %w", c, err)
		}
		r.progress.After = c
		r.progress.Cases++
		r.report(r.progress)
	}
	found, err := a.config.Witnesses(ctx)
	if evidence.CodeOf(err) == evidence.Tampered { // a register that is not used, and so not shown: no reason to say nothing
		return r.progress, r.part(ctx, evidence.RegisterID(), raise, func(_ context.Context, f *findings) error {
			f.add(evidence.AlarmWitness, "register", "no witness could be asked what it saw of the register: %s", evidence.MessageOf(err))
			return nil
		})
	}
	if err != nil {
		return r.progress, fmt.Errorf("asking the witnesses: %w", err)
	}
	return r.progress, raise(ctx, found)
}

// part runs a part of the audit and raises what it found.
func (r *run) part(ctx context.Context, c evidence.CaseID, raise Raise, do func(context.Context, *findings) error) error {
	f := &findings{id: c, now: evidence.At(r.config.Clock()), seen: map[evidence.AlarmID]bool{}}
	if err := do(ctx, f); err != nil {
		return err
	}
	if len(f.list) == 0 {
		return nil
	}
	return raise(ctx, f.list)
}

// cases returns the cases of which anybody knows, registry, mirror or register,
// in order, from the one after the last that is done.
func (r *run) cases(ctx context.Context) ([]evidence.CaseID, error) {
	known := map[evidence.CaseID]bool{}
	registered, err := r.config.Registry.CaseIDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range registered {
		known[c] = true
	}
	for c, err := range r.config.Mirror.Logs(ctx, r.progress.After) {
		if err != nil {
			return nil, err
		}
		known[c] = true
	}
	for c := range r.heads {
		known[c] = true
	}
	delete(known, evidence.RegisterID())
	list := slices.Sorted(maps.Keys(known))
	at, done := slices.BinarySearch(list, r.progress.After)
	if done {
		at++
	}
	return list[at:], nil
}

// oneCase compares all there is of a case.
func (r *run) oneCase(ctx context.Context, c evidence.CaseID, f *findings) error {
	if err := r.catchUp(ctx, c, f); err != nil {
		return err
	}
	said, err := r.log(ctx, c, f, nil)
	if err != nil {
		return err
	}
	if len(said.Versions) == 0 {
		f.add(evidence.AlarmCase, string(c), "the log of this case, or its beginning, is neither in the registry nor in the mirror")
		return nil
	}
	if err := r.records(ctx, c, said, f); err != nil {
		return err
	}
	if err := r.items(ctx, c, said, f); err != nil {
		return err
	}
	return r.disclosures(ctx, c, said, f)
}

// catchUp has the log mirrored up to its newest head. That custody does not use
// the log any more, because it is not what was signed, is an alarm; that it
// cannot be read now is not.
func (r *run) catchUp(ctx context.Context, c evidence.CaseID, f *findings) error {
	err := r.config.CatchUp(ctx, c)
	switch evidence.CodeOf(err) {
	case "", evidence.NotFound:
		return nil
	case evidence.Tampered, evidence.Incomplete, evidence.Malformed, evidence.UntrustedKey:
		f.add(evidence.AlarmLog, "log", "%s", evidence.MessageOf(err))
		return nil
	default:
		return fmt.Errorf("having the log mirrored: %w", err)
	}
}
