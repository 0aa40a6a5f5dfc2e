package registry

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// spanOf returns how many numbers of a kind of records beside logs share a
// partition.
func spanOf(kind state.Kind) int64 {
	if kind == state.KindSnapshot {
		return snapshotSpan
	}
	return tileSize
}

// LogRecords returns what is kept beside a log, of a kind, in the partition of n,
// by number, and the first number behind that partition.
func (r *Registry) LogRecords(ctx context.Context, kind state.Kind, c evidence.CaseID, n int64) (list []state.LogRecord, end int64, err error) {
	span := spanOf(kind)
	found, err := r.find(ctx, string(kind), "part", logPart(c, n/span))
	for _, d := range found {
		rec := logRecord(kind, d)
		rec.Filed = rec.Filed && rec.Case == c
		list = append(list, rec)
	}
	return list, (n/span + 1) * span, err
}

// LogRecordKeys yields the keys of everything of a kind that is kept beside logs.
// It walks over all of them, and is for audits.
func (r *Registry) LogRecordKeys(ctx context.Context, kind state.Kind) iter.Seq2[state.LogRecord, error] {
	return func(yield func(state.LogRecord, error) bool) {
		for d, err := range r.walk(ctx, string(kind), "part", "n", "case", "minute") {
			if !yield(logRecord(kind, d), err) || err != nil {
				return
			}
		}
	}
}

func logRecord(kind state.Kind, d document) state.LogRecord {
	rec := state.LogRecord{Key: d.ID, N: d.N, Body: []byte(d.Body)}
	id, number, _ := strings.Cut(d.ID, "/")
	n, err := strconv.ParseInt(number, 10, 64)
	c, notID := evidence.ParseID[evidence.CaseID](id)
	if err != nil || notID != nil || n < 0 {
		part, _, _ := strings.Cut(d.Part, "/")
		rec.Case, _ = evidence.ParseID[evidence.CaseID](part) // where it was found, if anywhere
		return rec
	}
	rec.Case = c
	want := document{ID: fmt.Sprintf("%s/%012d", c, n), Part: logPart(c, n/spanOf(kind)), N: n}
	if kind == state.KindTile {
		want.ID = logPart(c, n)
	}
	dated := true
	if kind == state.KindCheckpoint {
		want.Case = string(c)
		_, err := time.Parse(minuteLayout, d.Minute)
		dated = err == nil
	}
	rec.Filed = dated && d.ID == want.ID && d.Part == want.Part && d.N == want.N && d.Case == want.Case
	return rec
}

// Redemptions yields which tickets were used. It walks over all of them, and is for
// audits.
func (r *Registry) Redemptions(ctx context.Context) iter.Seq2[evidence.EntryID, error] {
	return func(yield func(evidence.EntryID, error) bool) {
		for d, err := range r.walk(ctx, redemptions) {
			if !yield(evidence.EntryID(d.ID), err) || err != nil {
				return
			}
		}
	}
}

// walk yields every document of a collection, with its "_id" and these fields. A
// walk that breaks off ends with its error: what came before it was read already.
func (r *Registry) walk(ctx context.Context, collection string, fields ...string) iter.Seq2[document, error] {
	wanted := bson.D{{Key: "_id", Value: 1}}
	for _, f := range fields {
		wanted = append(wanted, bson.E{Key: f, Value: 1})
	}
	return func(yield func(document, error) bool) {
		cursor, err := r.db.Collection(collection).Find(ctx, bson.D{}, options.Find().SetBatchSize(1000).SetProjection(wanted))
		if err != nil {
			yield(document{}, unavailable("reading "+collection, err))
			return
		}
		defer cursor.Close(ctx)
		for cursor.Next(ctx) {
			var d document
			if err := cursor.Decode(&d); err != nil {
				d = document{}
				d.ID, _ = cursor.Current.Lookup("_id").StringValueOK()
			}
			if !yield(d, nil) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(document{}, unavailable("reading "+collection, err))
		}
	}
}

// unavailable returns the error of a walk that broke off.
func unavailable(what string, err error) error {
	if transient(err) {
		return evidence.WrapError(evidence.Unavailable, err, "the registry does not answer; try again later")
	}
	return evidence.WrapError(evidence.Internal, err, "%s failed", what)
}
