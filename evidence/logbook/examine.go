package logbook

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Check checks the entries up to size that are not checked yet, and takes in
// what they say of the case: that they are of this log, that their actors signed
// them, and that these might do it, by the rules of the log. Whoever can write to
// the registry can insert what looks like an entry: with one that does not pass
// the log is not used, and no head is signed over it. What our key signed a head
// of was checked by who signed. It fails with Tampered, and, when entries or keys
// cannot be read now, with what reading them fails with.
func (l *Log) Check(ctx context.Context, size int64) error {
	l.examining.Lock()
	defer l.examining.Unlock()
	if l.examined() >= size {
		return nil
	}
	if err := l.vouch(ctx); err != nil {
		return err
	}
	for from := l.examined(); from < size; from = l.examined() {
		list, err := l.unexamined(ctx, from, min(size, (from/ledger.TileSize+1)*ledger.TileSize))
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := l.examineOne(ctx, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// unexamined returns the entries from one index up to another, which lie in one
// tile.
func (l *Log) unexamined(ctx context.Context, from, to int64) ([]evidence.LogEntry, error) {
	l.mu.Lock()
	if n := len(l.fresh); n > 0 && l.fresh[0].Index <= from && from <= l.fresh[n-1].Index {
		defer l.mu.Unlock()
		first := l.fresh[0].Index
		return slices.Clone(l.fresh[from-first : min(to-first, int64(n))]), nil
	}
	l.mu.Unlock()
	return l.Entries(ctx, from, to)
}

// examineOne checks the next entry, and takes in what it says.
func (l *Log) examineOne(ctx context.Context, e evidence.LogEntry) error {
	l.mu.Lock()
	signed := l.vouched && e.Index < l.signed
	l.mu.Unlock()
	if !signed {
		err := l.checkSigned(ctx, e)
		if err == nil {
			err = l.judge(e.Entry)
		}
		switch evidence.CodeOf(err) {
		case "":
		case evidence.Unavailable, evidence.Sealed, evidence.Internal:
			return err
		default:
			return l.refuse(evidence.WrapError(evidence.Tampered, err, "entry %d of the case's log (%s by %s) was put there by nobody who may: %s; nothing is added to the log or signed",
				e.Index, e.Entry.Act, e.Entry.Actor.ID, evidence.MessageOf(err)))
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.own().Add(e.Entry)
	return nil
}

// checkSigned returns nil when an entry carries a good signature of its actor: by
// a key of the worker, or by one that Vault says is the person's. Which keys the
// log's rosters give is not asked here: of full tiles that is known by what the
// registry keeps of them only, and who falsifies that must not thereby have a
// good log refused. The caller holds examining.
func (l *Log) checkSigned(ctx context.Context, e evidence.LogEntry) error {
	if e.Entry.Case != l.id {
		return evidence.Errorf(evidence.Tampered, "it belongs to another log")
	}
	if err := e.Entry.Check(); err != nil {
		return evidence.WrapError(evidence.Tampered, err, "it is no entry")
	}
	keys := l.book.config.Keys.Last()
	err := l.checkerFor(e, keys).Check(e.Index, e.Entry, e.Raw)
	if evidence.CodeOf(err) != evidence.UntrustedKey {
		return err
	}
	if e.Entry.Actor.Service { // by a key that is new, perhaps
		if keys, err = l.book.config.Keys.Read(ctx); err != nil {
			return err
		}
		return l.checkerFor(e, keys).Check(e.Index, e.Entry, e.Raw)
	}
	if err := l.book.config.Keys.CheckPerson(ctx, e); err != nil {
		return err
	}
	return l.trust(keys).Ended(e.Entry.Signature.Key, e.Index, e.Entry.At)
}

// checkerFor returns a Checker that believes the agency's keys and knows nobody
// else, because it hears of some entries of the log only. A roster would teach it
// some of what there is to know, and has one of its own.
func (l *Log) checkerFor(e evidence.LogEntry, keys AgencyKeys) *attest.Checker {
	by := l.trust(keys)
	if e.Entry.Act == evidence.ActRoster {
		return attest.NewChecker(by)
	}
	if l.checker == nil {
		l.checker = attest.NewChecker(by)
	}
	l.checker.Believe(by)
	return l.checker
}

// trust returns by which keys the next entry is believed. The caller holds
// examining.
func (l *Log) trust(keys AgencyKeys) *attest.Trust {
	said := l.Known()
	of := believed{len(keys.Log), len(keys.Worker), len(said.Statements), keys.Stated}
	if l.by == nil || l.byOf != of {
		l.by, l.byOf = keys.trust(l.book.config.Origin, said), of
	}
	return l.by
}

// believed is what a Trust was made of: keys are added, and never replaced.
type believed struct {
	heads, machine, statements int
	stated                     *attest.Signed
}
