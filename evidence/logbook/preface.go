package logbook

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

// admit finishes those of a batch that the log must not take, and returns the
// others: people's acts by keys that it does not give them, and anything before
// its first roster.
func (l writer) admit(batch []*Draft) []*Draft {
	if l.size() == 0 && batch[0].entry.Entry.Act != evidence.ActRoster {
		finish(batch, evidence.Errorf(evidence.Conflict, "the log has not begun: a worker says first who signs in it"))
		return nil
	}
	admitted := batch[:0:0]
	for _, a := range batch {
		e := a.entry.Entry
		if !a.machine() && !l.Known().Gives(e.Actor.ID, e.Signature.Key) {
			finish([]*Draft{a}, evidence.Errorf(evidence.UntrustedKey, "no roster of this log gives %s the key %s; nothing was recorded", e.Actor.ID, e.Signature.Key))
			continue
		}
		admitted = append(admitted, a)
	}
	return admitted
}

// preface returns, signed, what must stand in the log before a batch: its first
// roster, and key entries for versions of the worker's key that it does not know.
// The caller has the turn.
func (l writer) preface(ctx context.Context, batch []*Draft) ([]*Draft, error) {
	var list []evidence.Entry
	said := l.Known()
	if l.size() == 0 {
		if l.book.config.Machine == nil {
			return nil, nil // see admit
		}
		first, err := l.book.config.Keys.Beginning(ctx, l.id)
		if err != nil {
			return nil, err
		}
		list = append(list, first)
		said = &state.Case{}
		said.Add(first)
	}
	if len(list) > 0 || slices.ContainsFunc(batch, func(a *Draft) bool {
		e := a.entry.Entry
		return a.machine() && e.Act != evidence.ActKey && e.Act != evidence.ActKeysStated && e.Act != evidence.ActRoster && (!said.Begun(e.Signature.Key) || l.book.config.Keys.Last().lacks(said))
	}) {
		more, err := l.book.config.Keys.Introductions(ctx, l.id, said)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return l.signMachine(ctx, list)
}

// signMachine signs entries with one request.
func (l writer) signMachine(ctx context.Context, list []evidence.Entry) ([]*Draft, error) {
	if len(list) == 0 {
		return nil, nil
	}
	work := make([]*Draft, len(list))
	entries, unsigned := make([]*evidence.Entry, len(list)), make([][]byte, len(list))
	for i, e := range list {
		var err error
		if work[i], err = Machine(e); err != nil {
			return nil, err
		}
		entries[i], unsigned[i] = &work[i].entry.Entry, work[i].unsigned
	}
	raw, err := attest.SignCanonical(ctx, l.book.config.Machine, entries, unsigned)
	if err != nil {
		return nil, err
	}
	for i := range work {
		work[i].entry.Raw = raw[i]
	}
	return work, nil
}
