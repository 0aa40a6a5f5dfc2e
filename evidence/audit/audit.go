package audit

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/alarms"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// Auditor runs audits. It is safe for concurrent use.
type Auditor struct{ config Config }

// New returns an Auditor.
func New(c Config) *Auditor {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.CaseLimit, 15*time.Minute)
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

// Raise takes alarms as they are found, a few at a time. The audit ends with its
// error.
type Raise func(ctx context.Context, found []evidence.Alarm) error

// run is one audit under way.
type run struct {
	*Auditor
	keys      []evidence.PublicKey                       // the agency's, as Vault has them
	stated    *attest.Signed                             // the newest statement of the root, as the worker has it; nil without a root
	serial    int64                                      // of that
	people    map[evidence.PersonID][]evidence.PublicKey // as Vault has them, read once
	heads     map[evidence.CaseID]ledger.Checkpoint      // the largest that the register names
	published time.Time                                  // when the register took what changed; zero when it cannot
	last      map[evidence.CaseID]int64                  // the highest index of an entry in the registry
	tiles     map[evidence.CaseID][]int                  // of exhibits, that the registry has anything in
	beside    map[evidence.CaseID]map[state.Kind]int64   // the highest number of what the registry keeps beside each log
	tickets   tickets                                    // that were used
	alarms    *alarms.Log                                // by the register
	read      evidence.Instant                           // when the register was read
	seen      map[evidence.AlarmID]bool                  // of those in alarms, found by this run
	raised    map[evidence.AlarmID]bool                  // by this run, at most as many as it may
	fresh     int                                        // raised by this run, and new
	more      int                                        // found beyond what is raised
	partial   bool                                       // something could not be read: what is not seen may be there
	progress  Progress
	report    func(Progress)
	raise     Raise
	limit     *limit    // of the case that is compared
	counted   *Progress // where the counts stood when what is compared now began; nil between
}

// Run compares everything, beginning after the case from.After; buckets, the
// register, what belongs to no case and the witnesses are looked at each time.
// Report hears how far it is after each case and now and then within one, and may
// be nil. Run fails when a
// server does not answer: then nothing is known, and another run goes on where
// this one ended. What cannot be read and will not be later is an alarm, and the
// run goes on without it; so is a case that takes longer than its time, or that
// cannot be read while others can.
func (a *Auditor) Run(ctx context.Context, from Progress, raise Raise, report func(Progress)) (Progress, error) {
	if report == nil {
		report = func(Progress) {}
	}
	r := &run{
		Auditor: a, people: map[evidence.PersonID][]evidence.PublicKey{}, heads: map[evidence.CaseID]ledger.Checkpoint{}, beside: map[evidence.CaseID]map[state.Kind]int64{},
		alarms: alarms.New(0), seen: map[evidence.AlarmID]bool{}, raised: map[evidence.AlarmID]bool{},
		progress: from, report: report, raise: raise,
	}
	var err error
	if r.keys, err = a.config.Keys(ctx); err != nil {
		return r.progress, fmt.Errorf("reading the agency's keys: %w", err)
	}
	r.keys = attest.KeysOf(a.config.Origin, r.keys) // no other agency signs for this one
	var list []evidence.CaseID
	for _, part := range []func(context.Context, *findings) error{
		r.statement, r.whatIsThere, r.register, r.buckets, r.mirrorFolders,
		func(ctx context.Context, f *findings) (err error) { list, err = r.cases(ctx, f); return err },
		func(ctx context.Context, f *findings) error { return r.strangers(ctx, list, f) },
	} {
		if err := r.part(ctx, evidence.RegisterID(), part); err != nil {
			return r.progress, err
		}
	}
	if err := r.allCases(ctx, list); err != nil {
		return r.progress, err
	}
	for _, part := range []func(context.Context, *findings) error{r.redeemed, r.witnesses, r.storedAlarms, r.uncounted} {
		if err := r.part(ctx, evidence.RegisterID(), part); err != nil {
			return r.progress, err
		}
	}
	return r.progress, r.noteGone(ctx, from)
}

// whatIsThere looks what the registry has, whatever it says.
func (r *run) whatIsThere(ctx context.Context, f *findings) (err error) {
	r.last, err = r.config.Registry.LastEntries(ctx)
	if err := r.unreadable(f, "where logs end", err); err != nil {
		return err
	}
	r.tiles, err = r.config.Registry.ItemTiles(ctx)
	if err := r.unreadable(f, "which exhibits there are", err); err != nil {
		return err
	}
	if err := r.unreadable(f, "what is kept beside logs", r.besideLogs(ctx, f)); err != nil {
		return err
	}
	return r.unreadable(f, "which tickets were used", r.usedTickets(ctx, f))
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

// uncounted tells how many differences the audit did not raise, because it had
// raised as many as it may.
func (r *run) uncounted(_ context.Context, f *findings) error {
	if r.more == 0 {
		return nil
	}
	r.partial = true
	a := evidence.NewAlarm(evidence.AlarmLog, "", "more of all", fmt.Sprintf("an audit raises %d new alarms at most; %d more differences were counted only", mostOfAll, r.more), f.now)
	return r.raise(context.Background(), []evidence.Alarm{r.renewed(a)})
}

// noteGone puts on record which differences that somebody took note of are not
// there any more: when one comes back, that is a new alarm.
func (r *run) noteGone(ctx context.Context, from Progress) error {
	if r.partial || from.After != "" || r.config.Gone == nil {
		return nil
	}
	var gone []evidence.AlarmID
	for _, a := range r.alarms.All() {
		if a.Noted != nil && !r.alarms.Gone(a.ID) && !r.seen[a.ID] {
			gone = append(gone, a.ID)
		}
	}
	slices.Sort(gone)
	return r.config.Gone(ctx, gone)
}

// part runs a part of the audit. What it finds is raised as it is found, and also
// when it comes to no end.
func (r *run) part(ctx context.Context, c evidence.CaseID, do func(context.Context, *findings) error) error {
	f := r.partFindings(ctx, c)
	before := r.progress
	r.counted = &before
	err := r.unreadable(f, "what belongs to it", do(ctx, f))
	r.progress.Entries, r.progress.Objects, r.counted = before.Entries, before.Objects, nil // those of the cases are counted
	return errors.Join(err, f.end())
}

// partFindings returns findings that are raised as they are found.
func (r *run) partFindings(ctx context.Context, c evidence.CaseID) *findings {
	f := r.findings(c, evidence.At(r.config.Clock()))
	f.flushed = time.Now()
	f.raise = func(list []evidence.Alarm) error {
		for _, a := range list {
			r.raised[a.ID] = true
		}
		return r.raise(ctx, list)
	}
	return f
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
func (r *run) cases(ctx context.Context, f *findings) ([]evidence.CaseID, error) {
	known := map[evidence.CaseID]bool{}
	registered, err := r.config.Registry.CaseIDs(ctx)
	if err := r.unreadable(f, "which cases there are", err); err != nil {
		return nil, err
	}
	for _, c := range registered {
		known[c] = true
	}
	for c, err := range r.config.Mirror.Logs(ctx, "") {
		if err := r.unreadable(f, "which logs are mirrored", err); err != nil {
			return nil, err
		}
		known[c] = true
	}
	for _, more := range []func(func(evidence.CaseID) bool){maps.Keys(r.heads), maps.Keys(r.last), maps.Keys(r.tiles), maps.Keys(r.beside)} {
		for c := range more {
			known[c] = true
		}
	}
	delete(known, evidence.RegisterID())
	delete(known, "")
	return slices.Sorted(maps.Keys(known)), nil
}
