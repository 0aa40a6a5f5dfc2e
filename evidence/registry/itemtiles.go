package registry

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
)

// ItemTiles returns in which tiles of exhibits each case has documents, in
// order. What is not filed under a case and a tile is left out. It walks over all
// items, and is for audits.
func (r *Registry) ItemTiles(ctx context.Context) (tiles map[evidence.CaseID][]int, err error) {
	err = r.retry(ctx, "reading "+items, func(ctx context.Context) error {
		tiles = map[evidence.CaseID][]int{}
		cursor, err := r.db.Collection(items).Find(ctx, bson.D{}, options.Find().SetBatchSize(1000).SetProjection(bson.D{{Key: "part", Value: 1}}))
		if err != nil {
			return err
		}
		defer cursor.Close(ctx)
		for cursor.Next(ctx) {
			part, _ := cursor.Current.Lookup("part").StringValueOK()
			c, tile, ok := parsePart(part)
			if list := tiles[c]; ok && (len(list) == 0 || list[len(list)-1] != tile) {
				tiles[c] = append(list, tile)
			}
		}
		return cursor.Err()
	})
	for c, list := range tiles {
		slices.Sort(list)
		tiles[c] = slices.Compact(list)
	}
	return tiles, err
}

// ItemsOfTile returns the items of a tile, as ItemTile does, and the exhibit
// numbers of those of which a document cannot be read, is kept under keys that are
// not its own, or is of an older version that says something else of what never
// changes: what is wrong with one does not hide the others.
func (r *Registry) ItemsOfTile(ctx context.Context, c evidence.CaseID, tile int) (good []evidence.Item, bad []int, err error) {
	found, err := r.find(ctx, items, "part", itemPart(c, tile))
	if err != nil {
		return nil, nil, err
	}
	var newest *evidence.Item // of the exhibit
	for i, d := range slices.Backward(found) {
		if i+1 == len(found) || found[i+1].N != d.N {
			newest = nil
		}
		it, err := decode[evidence.Item](d)
		own, wrong := itemDocument(it)
		switch {
		case err != nil || wrong != nil || own.ID != d.ID || own.Part != d.Part || own.Item != d.Item || own.N != d.N || own.Version != d.Version:
			bad = append(bad, int(d.N))
		case newest == nil && (i+1 == len(found) || found[i+1].N != d.N):
			good, newest = append(good, it), &it
		case newest != nil && constant(it) != constant(*newest):
			bad = append(bad, int(d.N))
		}
	}
	slices.Reverse(good)
	slices.Sort(bad)
	return good, slices.Compact(bad), nil
}

// constant returns what never changes of an item.
func constant(it evidence.Item) evidence.Item {
	it.Version, it.State, it.MediaType, it.Seal, it.Locked, it.Observed = 0, "", "", evidence.ObjectRef{}, evidence.Instant{}, evidence.Digest{}
	it.SealedAt, it.At = evidence.Instant{}, evidence.Instant{}
	return it
}
