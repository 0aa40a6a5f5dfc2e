package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// What a server that does not answer may cost.
const (
	inARow   = 3   // cases that cannot be read one after another, before the audit is given up for now
	waitMost = 100 // cases that wait to be tried again
)

// allCases compares the cases that are not done. One that cannot be read now
// waits, and is tried again after the others; when it cannot be read then either,
// while others can, that is an alarm. When none can be read the audit fails: a
// server is away.
func (r *run) allCases(ctx context.Context, list []evidence.CaseID) error {
	at, done := slices.BinarySearch(list, r.progress.After)
	if done {
		at++
	}
	row := 0
	for _, c := range list[at:] {
		err := r.limited(ctx, c)
		switch {
		case err == nil:
			row = 0
		case !r.mayWait(ctx, err) || row+1 == inARow || len(r.progress.Waiting) == waitMost:
			return fmt.Errorf("comparing %s: %w", c, err)
		default:
			row++
			r.progress.Waiting = append(r.progress.Waiting, c)
		}
		r.progress.After = c
		r.report(r.told())
	}
	return r.waiting(ctx, len(list))
}

// mayWait reports whether a case that failed may wait: not when the audit was
// given up, or its findings could not be raised.
func (r *run) mayWait(ctx context.Context, err error) bool {
	_, raising := errors.AsType[*notRaised](err)
	return ctx.Err() == nil && !raising
}

// notRaised is that findings could not be raised.
type notRaised struct{ error }

// Unwrap returns why.
func (n *notRaised) Unwrap() error { return n.error }

// waiting tries the cases again that could not be read.
func (r *run) waiting(ctx context.Context, all int) error {
	left := slices.Clone(r.progress.Waiting)
	for _, c := range left {
		err := r.limited(ctx, c)
		if err != nil && (!r.mayWait(ctx, err) || len(left) == all || !r.answers(ctx)) {
			return fmt.Errorf("comparing %s: %w", c, err)
		}
		if err != nil {
			r.partial = true
			err = r.part(ctx, c, func(_ context.Context, f *findings) error {
				r.progress.Cases++
				f.add(evidence.AlarmCase, "unread", "the case could not be compared, and others could: %s", evidence.MessageOf(err))
				return nil
			})
		}
		if err != nil {
			return err
		}
		r.progress.Waiting = slices.DeleteFunc(slices.Clone(r.progress.Waiting), func(w evidence.CaseID) bool { return w == c })
		r.report(r.told())
	}
	return nil
}

// answers reports whether registry and storage do.
func (r *run) answers(ctx context.Context) bool {
	_, err := r.config.Registry.CaseIDs(ctx)
	_, stored := r.config.Objects.BucketState(ctx, r.config.Objects.Buckets().Evidence)
	return err == nil && stored == nil
}

// limited compares a case within its time.
func (r *run) limited(ctx context.Context, c evidence.CaseID) error {
	own, stop := r.within(ctx)
	defer stop()
	f := r.partFindings(ctx, c)
	defer r.count(f)()
	err := r.unreadable(f, "what belongs to it", r.oneCase(own, c, f))
	if late(own) && ctx.Err() == nil {
		r.partial, err = true, nil
		f.add(evidence.AlarmCase, "late", "the case was not compared to the end: it took longer than its size explains, and what was not compared may differ")
	}
	if raised := f.end(); raised != nil {
		return &notRaised{raised}
	}
	if err == nil {
		r.progress.Cases++
	}
	return err
}

// count holds what is told of how far the audit is where it is, and returns what
// has it go on: with what was counted of the case, or without where it is sealed.
// A sealed case is compared as any other is, and neither counted nor does the
// number of anything tell that it is there.
func (r *run) count(f *findings) (end func()) {
	before := r.progress
	r.counted = &before
	return func() {
		if f.sealed {
			r.progress.Cases, r.progress.Entries, r.progress.Objects = before.Cases, before.Entries, before.Objects
		}
		r.counted = nil
	}
}

// told returns how far the audit is, as it is reported: of what belongs to no case
// and of the case under comparison nothing is counted yet.
func (r *run) told() Progress {
	if r.counted == nil {
		return r.progress
	}
	told := r.progress
	told.Cases, told.Entries, told.Objects = r.counted.Cases, r.counted.Entries, r.counted.Objects
	return told
}

// oneCase compares all there is of a case.
func (r *run) oneCase(ctx context.Context, c evidence.CaseID, f *findings) error {
	if err := r.catchUp(ctx, c, f); err != nil {
		return err
	}
	named := named{}
	read, err := r.log(ctx, c, f, func(e evidence.Entry) {
		named.take(e)
		r.tickets.take(e)
	})
	if err != nil || read == nil { // what is not known cannot be compared
		return r.unreadable(f, "the log", err)
	}
	if err := f.flush(); err != nil {
		return err
	}
	if len(read.said.Versions) == 0 {
		f.add(evidence.AlarmCase, string(c), "the log of this case, or its beginning, is neither in the registry nor in the mirror, or not signed by whoever may")
		return nil
	}
	for _, part := range []struct {
		what string
		do   func(context.Context, evidence.CaseID, *caseRead, *findings) error
	}{
		{"what the registry says of it", r.records}, {"the items", r.items}, {"the disclosures", r.disclosures},
		{"what is stored of the case", func(ctx context.Context, c evidence.CaseID, read *caseRead, f *findings) error {
			return r.unnamed(ctx, c, read, named, f)
		}},
	} {
		if err := r.unreadable(f, part.what, part.do(ctx, c, read, f)); err != nil {
			return err
		}
		if err := f.flush(); err != nil {
			return err
		}
	}
	return nil
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
