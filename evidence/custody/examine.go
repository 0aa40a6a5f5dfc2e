package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// examine checks who signed the entries that others put into the registry, up to
// size, and that they are of this log. Whoever can write to the registry can
// insert what looks like an entry: with one that its actor did not sign the log
// is not used, and no head is signed over it. What this process recorded, or our
// key signed a head of, is not checked again. It fails with Tampered, and, when
// entries or keys cannot be read now, with what reading them fails with.
func (l *caseLog) examine(ctx context.Context, size int64) error {
	l.examining.Lock()
	defer l.examining.Unlock()
	from := l.soundTo()
	if from >= size {
		return nil
	}
	if err := l.vouch(ctx); err != nil {
		return err
	}
	if from = l.soundTo(); from >= size {
		return nil
	}
	list, err := l.s.readLog(ctx, l.id, from, size)
	if err != nil {
		return err
	}
	for _, e := range list {
		switch err := l.checkSigned(ctx, e); evidence.CodeOf(err) {
		case "":
		case evidence.Tampered, evidence.Malformed, evidence.UntrustedKey:
			return l.refuse(evidence.WrapError(evidence.Tampered, err, "entry %d of the case's log (%s by %s) was put there by nobody who may: %s; nothing is added to the log or signed",
				e.Index, e.Entry.Act, e.Entry.Actor.ID, evidence.MessageOf(err)))
		default:
			return err
		}
		l.setSound(e.Index, e.Index+1)
	}
	return nil
}

// checkSigned returns nil when an entry carries a good signature of its actor: by
// a key of the worker, or by one that Vault says is the person's. Which keys the
// log's rosters give is not asked here: of full tiles that is known by what the
// registry keeps of them only, and who falsifies that must not thereby have a
// good log refused. The caller holds examining.
func (l *caseLog) checkSigned(ctx context.Context, e evidence.LogEntry) error {
	if e.Entry.Case != l.id {
		return evidence.Errorf(evidence.Tampered, "it belongs to another log")
	}
	if err := e.Entry.Check(); err != nil {
		return evidence.WrapError(evidence.Tampered, err, "it is no entry")
	}
	keys, _ := l.s.keys.known()
	err := l.checkerFor(e, keys).Check(e.Entry, e.Raw)
	if evidence.CodeOf(err) != evidence.UntrustedKey {
		return err
	}
	if e.Entry.Actor.Service { // by a key that is new, perhaps
		if keys, err = l.s.currentKeys(ctx); err != nil {
			return err
		}
		return l.checkerFor(e, keys).Check(e.Entry, e.Raw)
	}
	_, err = l.s.personKey(ctx, e)
	return err
}

// checkerFor returns a Checker that believes the worker's keys and knows nobody
// else, because it hears of some entries of the log only. A roster would teach it
// some of what there is to know, and has one of its own.
func (l *caseLog) checkerFor(e evidence.LogEntry, keys keySet) *attest.Checker {
	if e.Entry.Act == evidence.ActRoster {
		return attest.NewAgencyChecker(l.s.config.Origin, keys.worker)
	}
	if l.checker == nil {
		l.checker = attest.NewAgencyChecker(l.s.config.Origin, nil)
	}
	l.checker.Trust(keys.worker)
	return l.checker
}

// soundTo returns up to which entry it is known that their actors signed them.
func (l *caseLog) soundTo() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.vouched {
		l.sound = max(l.sound, l.signed)
	}
	return l.sound
}

// setSound takes in that the entries from one index up to another are sound,
// which says something only where those before them are.
func (l *caseLog) setSound(from, to int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sound >= from {
		l.sound = max(l.sound, to)
	}
}
