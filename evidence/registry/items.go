package registry

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

const (
	// tileSize is how many entries share a partition.
	tileSize = 256
	// itemTileSize is how many exhibits do. It is smaller because each of them
	// has several versions, and the embedded default reads a partition whole,
	// at 50 to 90 microseconds a document: a page of 100 exhibits lies in two or
	// three of these.
	itemTileSize = 64
)

// itemPart returns the partition of an exhibit. Tiles count from 0, exhibits
// from 1.
func itemPart(c evidence.CaseID, tile int) string { return fmt.Sprintf("%s/%06d", c, tile) }

// parsePart reads what itemPart writes.
func parsePart(part string) (c evidence.CaseID, tile int, ok bool) {
	id, number, _ := strings.Cut(part, "/")
	tile, err := strconv.Atoi(number)
	c, notID := evidence.ParseID[evidence.CaseID](id)
	return c, tile, err == nil && notID == nil && tile >= 0 && itemPart(c, tile) == part
}

func itemDocument(it evidence.Item) (document, error) {
	body, err := encode(it)
	if err != nil {
		return document{}, err
	}
	return document{
		ID:   fmt.Sprintf("%s/%08d/%04d", it.Case, it.Exhibit, it.Version),
		Part: itemPart(it.Case, (it.Exhibit-1)/itemTileSize),
		Item: string(it.ID), Version: int64(it.Version), N: int64(it.Exhibit), Body: body,
	}, nil
}

// AddItem adds a version of an item. It reports false when that version is
// taken, of the item or of its exhibit number.
func (r *Registry) AddItem(ctx context.Context, it evidence.Item) (added bool, err error) {
	d, err := itemDocument(it)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, items, d)
}

// AddItems adds versions of several items and returns the places in its of
// those whose version is taken.
func (r *Registry) AddItems(ctx context.Context, its []evidence.Item) (taken []int, err error) {
	docs := make([]document, len(its))
	for i, it := range its {
		if docs[i], err = itemDocument(it); err != nil {
			return nil, err
		}
	}
	return r.insertAll(ctx, items, docs)
}

// Item returns an item at its highest version, or NotFound.
func (r *Registry) Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error) {
	found, err := r.find(ctx, items, "item", string(id))
	if err != nil {
		return evidence.Item{}, err
	}
	if len(found) == 0 {
		return evidence.Item{}, evidence.Errorf(evidence.NotFound, "there is no item %s", id)
	}
	return decode[evidence.Item](found[len(found)-1])
}

// ItemTile returns the items of a case with exhibit numbers from 64*tile+1 to
// 64*(tile+1), each at its highest version, by exhibit number.
func (r *Registry) ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error) {
	found, err := r.find(ctx, items, "part", itemPart(c, tile))
	if err != nil {
		return nil, err
	}
	var newest []document
	for i, d := range found {
		if i+1 == len(found) || found[i+1].N != d.N {
			newest = append(newest, d)
		}
	}
	return decodeAll[evidence.Item](newest, nil)
}
