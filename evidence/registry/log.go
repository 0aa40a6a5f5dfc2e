package registry

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// AddEntries adds entries of the log of a case, in order, until one has an
// index or an identifier that is taken, and returns how many it added. Each
// entry that it added is acknowledged by a majority.
func (r *Registry) AddEntries(ctx context.Context, c evidence.CaseID, list []evidence.LogEntry) (added int, err error) {
	docs := make([]document, len(list))
	for i, e := range list {
		docs[i] = entryDocument(c, e)
	}
	return r.insertInOrder(ctx, entries, docs)
}

func entryDocument(c evidence.CaseID, e evidence.LogEntry) document {
	d := document{
		ID: entryKey(c, e.Index), Part: logPart(c, e.Index/tileSize),
		Entry: string(e.Entry.ID), Item: string(e.Entry.Item), N: e.Index, Raw: e.Raw,
	}
	if state.Tells(e.Entry) {
		d.Tells = itemPart(c, (e.Entry.Exhibit-1)/itemTileSize)
	}
	return d
}

// Entries returns the entries of a tile of the log of a case, by index.
func (r *Registry) Entries(ctx context.Context, c evidence.CaseID, tile int64) ([]evidence.LogEntry, error) {
	return logEntries(r.find(ctx, entries, "part", logPart(c, tile)))
}

// FiledEntries returns the entries of a tile of the log of a case, by index, and
// the indexes of those that are kept under keys that are not their own, by which
// they are not found, or others' are.
func (r *Registry) FiledEntries(ctx context.Context, c evidence.CaseID, tile int64) (list []evidence.LogEntry, misfiled []int64, err error) {
	docs, err := r.find(ctx, entries, "part", logPart(c, tile))
	if list, err = logEntries(docs, err); err != nil {
		return nil, nil, err
	}
	for i, d := range docs {
		own := entryDocument(c, list[i])
		if d.ID != own.ID || d.Part != own.Part || d.Entry != own.Entry || d.Item != own.Item || d.Tells != own.Tells {
			misfiled = append(misfiled, d.N)
		}
	}
	return list, misfiled, nil
}

// EntriesOfItem returns the entries about an item, by index.
func (r *Registry) EntriesOfItem(ctx context.Context, it evidence.ItemID) ([]evidence.LogEntry, error) {
	return logEntries(r.find(ctx, entries, "item", string(it)))
}

// EntriesTelling returns the entries that say what the items of a tile are
// (state.Tells), by index: of exhibits 64*tile+1 to 64*(tile+1) of a case.
func (r *Registry) EntriesTelling(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.LogEntry, error) {
	return logEntries(r.find(ctx, entries, "tells", itemPart(c, tile)))
}

// Entry returns an entry by its identifier, or NotFound.
func (r *Registry) Entry(ctx context.Context, id evidence.EntryID) (evidence.LogEntry, error) {
	found, err := logEntries(r.find(ctx, entries, "entry", string(id)))
	if err != nil {
		return evidence.LogEntry{}, err
	}
	if len(found) == 0 {
		return evidence.LogEntry{}, evidence.Errorf(evidence.NotFound, "there is no entry %s", id)
	}
	return found[0], nil
}

// LastEntries returns the highest index of an entry that each log has, whatever
// is missing below it. It walks over all entries, and is for audits.
func (r *Registry) LastEntries(ctx context.Context) (last map[evidence.CaseID]int64, err error) {
	err = r.retry(ctx, "reading "+entries, func(ctx context.Context) error {
		last = map[evidence.CaseID]int64{}
		cursor, err := r.db.Collection(entries).Find(ctx, bson.D{}, options.Find().SetBatchSize(1000).SetProjection(bson.D{{Key: "_id", Value: 1}}))
		if err != nil {
			return err
		}
		defer cursor.Close(ctx)
		for cursor.Next(ctx) {
			key, _ := cursor.Current.Lookup("_id").StringValueOK()
			id, at, _ := strings.Cut(key, "/")
			index, err := strconv.ParseInt(at, 10, 64)
			c, notID := evidence.ParseID[evidence.CaseID](id)
			if err != nil || notID != nil {
				continue // no entry of any log is found under it
			}
			last[c] = max(last[c], index)
		}
		return cursor.Err()
	})
	return last, err
}

func entryKey(c evidence.CaseID, index int64) string { return fmt.Sprintf("%s/%012d", c, index) }

func logPart(c evidence.CaseID, tile int64) string { return fmt.Sprintf("%s/%09d", c, tile) }

// logEntries reads entries. Their bytes are kept as they are; the fields are
// read from them, never from the document's keys.
func logEntries(docs []document, err error) ([]evidence.LogEntry, error) {
	if err != nil {
		return nil, err
	}
	list := make([]evidence.LogEntry, len(docs))
	for i, d := range docs {
		list[i] = evidence.LogEntry{Index: d.N, Raw: d.Raw}
		if err := json.Unmarshal(d.Raw, &list[i].Entry); err != nil {
			return nil, evidence.WrapError(evidence.Tampered, err, "entry %d of a log cannot be read", d.N)
		}
		if d.ID != entryKey(list[i].Entry.Case, d.N) { // what is found by another key is the same document
			return nil, evidence.Errorf(evidence.Tampered, "entry %d of a log is kept under a key that is not its own", d.N)
		}
	}
	return list, nil
}

// AddTile adds what is kept of a full tile of a log, whose body is the
// caller's. Adding it again changes nothing.
func (r *Registry) AddTile(ctx context.Context, c evidence.CaseID, tile int64, body []byte) error {
	_, err := r.insert(ctx, tiles, document{ID: logPart(c, tile), Part: logPart(c, tile/tileSize), N: tile, Body: string(body)})
	return err
}

// Tiles returns the bodies of the full tiles 256*span to 256*(span+1)-1 of a
// log, by tile. Those after the first that is missing are left out.
func (r *Registry) Tiles(ctx context.Context, c evidence.CaseID, span int64) ([][]byte, error) {
	found, err := r.find(ctx, tiles, "part", logPart(c, span))
	for i, d := range found {
		if d.N != span*tileSize+int64(i) {
			found = found[:i]
			break
		}
	}
	return bodies(found), err
}

const (
	// snapshotSpan is how many entries of a log share a partition of snapshots. Each
	// may be large, a partition is read whole, and a log has one about so often.
	snapshotSpan = 1 << 12
	// snapshotsBack is in how many partitions the newest one is looked for.
	snapshotsBack = 64
)

// AddSnapshot adds what a log says at a size, whose body is the caller's. The
// first one added for a size stays.
func (r *Registry) AddSnapshot(ctx context.Context, c evidence.CaseID, size int64, body []byte) error {
	_, err := r.insert(ctx, snapshots, document{
		ID: fmt.Sprintf("%s/%012d", c, size), Part: logPart(c, size/snapshotSpan), N: size, Body: string(body),
	})
	return err
}

// LastSnapshot returns the newest snapshot of a log at a size of at most most,
// nil when there is none, or none that is of at least the 2^18 entries before.
func (r *Registry) LastSnapshot(ctx context.Context, c evidence.CaseID, most int64) ([]byte, error) {
	last := most / snapshotSpan
	for span := last; span >= max(0, last-snapshotsBack); span-- {
		found, err := r.find(ctx, snapshots, "part", logPart(c, span))
		if err != nil {
			return nil, err
		}
		for _, d := range slices.Backward(found) {
			if d.N <= most {
				return []byte(d.Body), nil
			}
		}
	}
	return nil, nil
}

// AddCheckpoint adds the signed head of a log at a size. The first one added
// for a size stays.
func (r *Registry) AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error {
	_, err := r.insert(ctx, checkpoints, document{
		ID: fmt.Sprintf("%s/%012d", c, size), Part: logPart(c, size/tileSize), N: size, Body: string(note),
		Case: string(c), Minute: minuteOf(r.clock()),
	})
	return err
}

// minuteOf returns the partition of what was recorded in a minute.
func minuteOf(t time.Time) string { return t.UTC().Format(minuteLayout) }

const minuteLayout = "2006-01-02T15:04"

// HeadsOf returns the logs of which a head was recorded in the minute of at, by
// the clock of the process that did, each with the largest size.
func (r *Registry) HeadsOf(ctx context.Context, at time.Time) (map[evidence.CaseID]int64, error) {
	found, err := r.find(ctx, checkpoints, "minute", minuteOf(at))
	if err != nil {
		return nil, err
	}
	heads := make(map[evidence.CaseID]int64, len(found))
	for _, d := range found {
		heads[evidence.CaseID(d.Case)] = max(heads[evidence.CaseID(d.Case)], d.N)
	}
	return heads, nil
}

// Checkpoint returns the signed head of a log at a size, nil when there is
// none.
func (r *Registry) Checkpoint(ctx context.Context, c evidence.CaseID, size int64) ([]byte, error) {
	d, ok, err := r.one(ctx, checkpoints, fmt.Sprintf("%s/%012d", c, size))
	if err != nil || !ok {
		return nil, err
	}
	return []byte(d.Body), nil
}

// LastCheckpoint returns the newest signed head of a log whose size is in a
// tile, nil when there is none.
func (r *Registry) LastCheckpoint(ctx context.Context, c evidence.CaseID, tile int64) ([]byte, error) {
	found, err := r.find(ctx, checkpoints, "part", logPart(c, tile))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return []byte(found[len(found)-1].Body), nil
}

// EntryAt returns the entry of the log of a case at index; ok is false when
// there is none: a cheap look for what other processes appended.
func (r *Registry) EntryAt(ctx context.Context, c evidence.CaseID, index int64) (e evidence.LogEntry, ok bool, err error) {
	found, err := logEntries(r.find(ctx, entries, "_id", entryKey(c, index)))
	if err != nil || len(found) == 0 {
		return evidence.LogEntry{}, false, err
	}
	return found[0], true, nil
}
