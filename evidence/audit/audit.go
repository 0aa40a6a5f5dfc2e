package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Auditor runs audits. It is safe for concurrent use.
type Auditor struct{ config Config }

// New returns an Auditor.
func New(c Config) *Auditor {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.Settle, 2*time.Second)
	setDefault(&c.Grace, time.Hour)
	setDefault(&c.RegisterGrace, time.Hour)
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Publish == nil {
		c.Publish = func(context.Context) error { return nil }
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
	keys      []evidence.PublicKey
	people    map[evidence.PersonID][]evidence.PublicKey // as Vault has them, read once
	heads     map[evidence.CaseID]ledger.Checkpoint      // the largest that the register names
	published time.Time                                  // when the register took what changed; zero when it cannot
	last      map[evidence.CaseID]int64                  // the highest index of an entry in the registry
	known     map[evidence.AlarmID]evidence.Alarm        // that the register has
	noted     map[evidence.AlarmID]bool                  // that a supervisor took note of, by the register
	gone      map[evidence.AlarmID]bool                  // that were not found any more, by the register
	stored    []evidence.Alarm                           // that the registry had before the register was read
	seen      map[evidence.AlarmID]bool                  // found by this run
	partial   bool                                       // something could not be read: what is not seen may be there
	progress  Progress
	report    func(Progress)
}

// Run compares everything, beginning after the case from.After; buckets, the
// register, what belongs to no case and the witnesses are looked at each time. Report hears how far it is
// after each case and now and then within one, and may be nil. Run fails when a
// server does not answer: then nothing is known, and another run goes on where
// this one ended. What cannot be read and will not be later is an alarm, and the
// run goes on without it.
func (a *Auditor) Run(ctx context.Context, from Progress, raise Raise, report func(Progress)) (Progress, error) {
	if report == nil {
		report = func(Progress) {}
	}
	r := &run{
		Auditor: a, people: map[evidence.PersonID][]evidence.PublicKey{}, heads: map[evidence.CaseID]ledger.Checkpoint{},
		known: map[evidence.AlarmID]evidence.Alarm{}, noted: map[evidence.AlarmID]bool{}, gone: map[evidence.AlarmID]bool{},
		seen: map[evidence.AlarmID]bool{}, progress: from, report: report,
	}
	var err error
	if r.keys, err = a.config.Keys(ctx); err != nil {
		return r.progress, fmt.Errorf("reading the agency's keys: %w", err)
	}
	r.keys = attest.KeysOf(a.config.Origin, r.keys) // no other agency signs for this one
	if r.last, err = a.config.Registry.LastEntries(ctx); err != nil {
		return r.progress, fmt.Errorf("looking where logs end: %w", err)
	}
	for _, part := range []func(context.Context, *findings) error{r.register, r.storedAlarms, r.buckets, r.mirrorFolders} {
		if err := r.part(ctx, evidence.RegisterID(), raise, part); err != nil {
			return r.progress, err
		}
	}
	list, err := r.cases(ctx)
	if err != nil {
		return r.progress, err
	}
	err = r.part(ctx, evidence.RegisterID(), raise, func(ctx context.Context, f *findings) error { return r.strangers(ctx, list, f) })
	if err != nil {
		return r.progress, err
	}
	at, done := slices.BinarySearch(list, from.After)
	if done {
		at++
	}
	for _, c := range list[at:] {
		err := r.part(ctx, c, raise, func(ctx context.Context, f *findings) error { return r.oneCase(ctx, c, f) })
		if err != nil {
			return r.progress, fmt.Errorf("comparing %s: %w", c, err)
		}
		r.progress.After = c
		r.progress.Cases++
		r.report(r.progress)
	}
	if err := r.part(ctx, evidence.RegisterID(), raise, r.witnesses); err != nil {
		return r.progress, err
	}
	return r.progress, r.noteGone(ctx, from)
}

// witnesses asks outsiders what they saw of the register.
func (r *run) witnesses(ctx context.Context, f *findings) error {
	found, err := r.config.Witnesses(ctx)
	if err != nil && evidence.CodeOf(err).Retryable() {
		return fmt.Errorf("asking the witnesses: %w", err)
	}
	if err != nil { // a register that is not used, and so not shown: no reason to say nothing
		f.add(evidence.AlarmWitness, "register", "no witness could be asked what it saw of the register: %s", evidence.MessageOf(err))
		r.partial = true
	}
	for _, a := range found {
		f.alarm(a)
	}
	return nil
}

// noteGone puts on record which differences that somebody took note of are not
// there any more: when one comes back, that is a new alarm.
func (r *run) noteGone(ctx context.Context, from Progress) error {
	if r.partial || from.After != "" || r.config.Gone == nil {
		return nil
	}
	var gone []evidence.AlarmID
	for id := range r.noted {
		if _, known := r.known[id]; known && !r.gone[id] && !r.seen[id] {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	return r.config.Gone(ctx, gone)
}

// part runs a part of the audit and raises what it found, also when it comes to
// no end.
func (r *run) part(ctx context.Context, c evidence.CaseID, raise Raise, do func(context.Context, *findings) error) error {
	f := r.findings(c, evidence.At(r.config.Clock()))
	err := r.unreadable(f, "what belongs to it", do(ctx, f))
	if len(f.list) > 0 {
		err = errors.Join(err, raise(ctx, f.list))
	}
	return err
}

// unreadable makes it an alarm that something cannot be read, now or later; any
// other error is returned.
func (r *run) unreadable(f *findings, what string, err error) error {
	if err == nil || evidence.CodeOf(err).Retryable() {
		return err
	}
	r.partial = true
	f.add(evidence.AlarmRecord, "unreadable "+what, "%s cannot be read, and was not compared: %s", what, evidence.MessageOf(err))
	return nil
}

// cases returns the cases of which anybody knows, registry, mirror or register,
// in order.
func (r *run) cases(ctx context.Context) ([]evidence.CaseID, error) {
	known := map[evidence.CaseID]bool{}
	registered, err := r.config.Registry.CaseIDs(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range registered {
		known[c] = true
	}
	for c, err := range r.config.Mirror.Logs(ctx, "") {
		if err != nil {
			return nil, err
		}
		known[c] = true
	}
	for c := range r.heads {
		known[c] = true
	}
	delete(known, evidence.RegisterID())
	return slices.Sorted(maps.Keys(known)), nil
}

// oneCase compares all there is of a case.
func (r *run) oneCase(ctx context.Context, c evidence.CaseID, f *findings) error {
	if err := r.catchUp(ctx, c, f); err != nil {
		return err
	}
	named := named{}
	said, err := r.log(ctx, c, f, named.take)
	if err != nil { // what is not known cannot be compared
		return r.unreadable(f, "the log", err)
	}
	if len(said.Versions) == 0 {
		f.add(evidence.AlarmCase, string(c), "the log of this case, or its beginning, is neither in the registry nor in the mirror")
		return nil
	}
	if err := r.records(ctx, c, said, f); err != nil {
		return err
	}
	if err := r.unreadable(f, "the items", r.items(ctx, c, said, f)); err != nil {
		return err
	}
	if err := r.unreadable(f, "the disclosures", r.disclosures(ctx, c, said, f)); err != nil {
		return err
	}
	return r.unreadable(f, "what is stored of the case", r.unnamed(ctx, c, said, named, f))
}

// catchUp has the log mirrored up to its newest head. That custody does not use
// the log any more, because it is not what was signed, is an alarm; that it
// cannot be read now is not.
func (r *run) catchUp(ctx context.Context, c evidence.CaseID, f *findings) error {
	err := r.config.CatchUp(ctx, c)
	switch code := evidence.CodeOf(err); {
	case code == "", code == evidence.NotFound:
		return nil
	case !code.Retryable():
		f.add(evidence.AlarmLog, "log", "%s", evidence.MessageOf(err))
		return nil
	default:
		return fmt.Errorf("having the log mirrored: %w", err)
	}
}
