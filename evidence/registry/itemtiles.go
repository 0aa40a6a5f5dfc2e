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

// ItemsOfTile returns the items of a tile, as ItemTile does, their older versions,
// and the exhibit numbers of those of which a document cannot be read, or is kept
// under keys that are not its own: what is wrong with one does not hide the others.
func (r *Registry) ItemsOfTile(ctx context.Context, c evidence.CaseID, tile int) (newest, older []evidence.Item, bad []int, err error) {
	found, err := r.find(ctx, items, "part", itemPart(c, tile))
	if err != nil {
		return nil, nil, nil, err
	}
	for i, d := range found { // by exhibit and version
		it, err := decode[evidence.Item](d)
		own, wrong := itemDocument(it)
		switch {
		case err != nil || wrong != nil || own.ID != d.ID || own.Part != d.Part || own.Item != d.Item || own.N != d.N || own.Version != d.Version:
			bad = append(bad, int(d.N))
		case i+1 < len(found) && found[i+1].N == d.N:
			older = append(older, it)
		default:
			newest = append(newest, it)
		}
	}
	return newest, older, slices.Compact(bad), nil
}
