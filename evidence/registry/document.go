package registry

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
)

// document is what every collection holds: keys, and a body. Keys that a
// collection does not have are left out.
type document struct {
	ID         string `bson:"_id"`
	Part       string `bson:"part,omitempty"`
	Case       string `bson:"case,omitempty"`
	Person     string `bson:"person,omitempty"`
	Item       string `bson:"item,omitempty"`
	Upload     string `bson:"upload,omitempty"`
	Disclosure string `bson:"disclosure,omitempty"`
	Entry      string `bson:"entry,omitempty"`
	Tells      string `bson:"tells,omitempty"` // partition of the exhibit that an entry tells of (state.Tells)
	Alarm      string `bson:"alarm,omitempty"`
	Minute     string `bson:"minute,omitempty"` // in which it was recorded, by the clock of who did
	Version    int64  `bson:"version,omitempty"`
	N          int64  `bson:"n,omitempty"`    // place within the partition
	Raw        []byte `bson:"raw,omitempty"`  // of an entry
	Body       string `bson:"body,omitempty"` // of anything else
}

func byField(field, value string) bson.D { return bson.D{{Key: field, Value: value}} }

// insert adds one document and reports false when one of its keys is taken by
// another. A try whose answer was lost may have added it: the next one finds it.
func (r *Registry) insert(ctx context.Context, collection string, d document) (added bool, err error) {
	repeated := false
	err = r.retry(ctx, "writing to "+collection, func(ctx context.Context) error {
		_, err := r.db.Collection(collection).InsertOne(ctx, d)
		added = err == nil
		if mongo.IsDuplicateKeyError(err) {
			if !repeated {
				return nil
			}
			var there document
			err = r.db.Collection(collection).FindOne(ctx, byField("_id", d.ID)).Decode(&there)
			added = err == nil && reflect.DeepEqual(there, d)
			return err
		}
		repeated = true
		return err
	})
	return added, err
}

// insertAll adds documents in any order and returns the places of those of
// which a key is taken.
func (r *Registry) insertAll(ctx context.Context, collection string, docs []document) (taken []int, err error) {
	if len(docs) == 0 {
		return nil, nil
	}
	err = r.retry(ctx, "writing to "+collection, func(ctx context.Context) error {
		_, err := r.db.Collection(collection).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
		taken, err = takenPlaces(err)
		return err
	})
	return taken, err
}

// orderedMost is how many documents an ordered insert has at most. The embedded
// default takes a longer one in batches of a hundred, and after a key that is
// taken it leaves out only the rest of that batch: what follows in the next ones
// it inserts all the same, which would be a gap in a log.
const orderedMost = 100

// insertInOrder adds documents until one has a key that is taken, and returns
// how many it added.
func (r *Registry) insertInOrder(ctx context.Context, collection string, docs []document) (added int, err error) {
	for chunk := range slices.Chunk(docs, orderedMost) {
		n, err := r.insertChunk(ctx, collection, chunk)
		added += n
		if err != nil || n < len(chunk) {
			return added, err
		}
	}
	return added, nil
}

func (r *Registry) insertChunk(ctx context.Context, collection string, docs []document) (added int, err error) {
	err = r.retry(ctx, "writing to "+collection, func(ctx context.Context) error {
		_, err := r.db.Collection(collection).InsertMany(ctx, docs, options.InsertMany().SetOrdered(true))
		taken, err := takenPlaces(err)
		added = len(docs)
		if len(taken) > 0 {
			added = taken[0]
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

// find returns the documents whose field has value, by place.
func (r *Registry) find(ctx context.Context, collection, field, value string) (found []document, err error) {
	err = r.retry(ctx, "reading from "+collection, func(ctx context.Context) error {
		found = nil
		cursor, err := r.db.Collection(collection).Find(ctx, byField(field, value), options.Find().SetBatchSize(1000))
		if err != nil {
			return err
		}
		found, err = documents(ctx, cursor)
		return err
	})
	slices.SortFunc(found, func(a, b document) int {
		return cmp.Or(cmp.Compare(a.N, b.N), cmp.Compare(a.Version, b.Version), cmp.Compare(a.ID, b.ID))
	})
	return found, err
}

// all returns every document of a collection, by "_id". It is for the few
// collections that stay small, and for walks over everything that happen seldom.
// Fields limits what is read of each; none means all.
func (r *Registry) all(ctx context.Context, collection string, fields ...string) (found []document, err error) {
	return r.some(ctx, collection, 0, fields...)
}

// some is all with at most so many documents, whichever; 0 means all.
func (r *Registry) some(ctx context.Context, collection string, most int64, fields ...string) (found []document, err error) {
	opts := options.Find().SetBatchSize(1000).SetLimit(most)
	if len(fields) > 0 {
		wanted := bson.D{}
		for _, f := range fields {
			wanted = append(wanted, bson.E{Key: f, Value: 1})
		}
		opts = opts.SetProjection(wanted)
	}
	err = r.retry(ctx, "reading "+collection, func(ctx context.Context) error {
		found = nil
		cursor, err := r.db.Collection(collection).Find(ctx, bson.D{}, opts)
		if err != nil {
			return err
		}
		found, err = documents(ctx, cursor)
		return err
	})
	slices.SortFunc(found, func(a, b document) int { return cmp.Compare(a.ID, b.ID) })
	return found, err
}

// documents reads all of a cursor. One that has not the form of a document is
// kept with its "_id" and nothing else, so that it cannot be read, and does not
// keep others from being read.
func documents(ctx context.Context, cursor *mongo.Cursor) (found []document, err error) {
	defer cursor.Close(ctx)
	for cursor.Next(ctx) {
		var d document
		if err := cursor.Decode(&d); err != nil {
			d = document{}
			d.ID, _ = cursor.Current.Lookup("_id").StringValueOK()
		}
		found = append(found, d)
	}
	return found, cursor.Err()
}

// one returns the document with that "_id"; ok is false when there is none.
func (r *Registry) one(ctx context.Context, collection, id string) (d document, ok bool, err error) {
	found, err := r.find(ctx, collection, "_id", id)
	if err != nil || len(found) == 0 {
		return document{}, false, err
	}
	return found[0], true, nil
}

// encode returns the body of v.
func encode(v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", evidence.WrapError(evidence.Invalid, err, "this cannot be recorded")
	}
	return string(body), nil
}

// decode reads the body of d.
func decode[T any](d document) (T, error) {
	var v T
	if err := json.Unmarshal([]byte(d.Body), &v); err != nil {
		return v, evidence.WrapError(evidence.Tampered, err, "a record of the registry cannot be read")
	}
	return v, nil
}

// decodeAll reads the bodies of docs.
func decodeAll[T any](docs []document, err error) ([]T, error) {
	if err != nil {
		return nil, err
	}
	values := make([]T, 0, len(docs))
	for _, d := range docs {
		v, err := decode[T](d)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}
