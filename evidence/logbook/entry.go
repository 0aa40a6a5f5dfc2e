package logbook

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Entry returns the entry of the log with that identifier, or NotFound.
// Identifiers can be foretold, and whoever can write to the registry can put a
// document under one: what is not an entry of the log as it is known here, after
// catching up, is Tampered. It is Conflict when another log has the entry.
func (l *Log) Entry(ctx context.Context, id evidence.EntryID) (evidence.LogEntry, error) {
	return l.find(ctx, id, func(ctx context.Context) error {
		_, err := l.Head(ctx, 0)
		return err
	})
}

// find is Entry with the caller's way of catching up.
func (l *Log) find(ctx context.Context, id evidence.EntryID, catchUp func(context.Context) error) (evidence.LogEntry, error) {
	e, err := l.book.store.Entry(ctx, id)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	if e.Entry.Case != l.id {
		return evidence.LogEntry{}, evidence.Errorf(evidence.Conflict, "the entry is on record in another case")
	}
	if e.Index >= l.size() { // by another process, just now
		if err := catchUp(ctx); err != nil {
			return evidence.LogEntry{}, err
		}
	}
	leaf, err := l.leafAt(ctx, e.Index)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	if e.Entry.ID != id || leaf != ledger.LeafHash(e.Raw) {
		return evidence.LogEntry{}, evidence.Errorf(evidence.Tampered, "the registry has the entry %s at %d, where the log does not have it: nobody recorded it; tell the supervisor", id, e.Index)
	}
	return e, nil
}
