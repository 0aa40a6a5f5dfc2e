package registry

import (
	"context"
	"errors"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence/state"
)

// The collections.
const (
	cases       = string(state.KindCase)   // {_id: case/version, case, version}
	caseNumbers = "case_numbers"           // {_id: number, case}
	members     = string(state.KindMember) // {_id: case/person/version, case, person, version}
	intakes     = string(state.KindIntake) // {_id: intake, case, version}
	items       = "items"                  // {_id: case/exhibit/version, part: case/tile, item, version}
	uploads     = "uploads"                // {_id: upload}
	uploadSteps = "upload_steps"           // {_id: upload/n, upload}
	analyses    = "analyses"               // {_id: item/run, item}
	findings    = "findings"               // {_id: item/run/page}
	disclosures = "disclosures"            // {_id: disclosure/version, disclosure, case}
	entries     = "entries"                // {_id: case/index, part: case/tile, entry, item, tells: case/tile of exhibits, n, raw}
	tiles       = "tiles"                  // {_id: case/tile, part: case/span, n}
	snapshots   = "snapshots"              // {_id: case/size, part: case/span, n}
	checkpoints = "checkpoints"            // {_id: case/size, part: case/tile, case, minute, n}
	anchors     = "anchors"                // {_id: size/kind/by, part: tile, n}
	alarms      = "alarms"                 // {_id: alarm/version, alarm, version}
	redemptions = "redemptions"            // {_id: entry}
)

// EqualityFields lists, by collection, the top-level fields that reads select
// by, "_id" included, so that the embedded default can be given the indexes
// that serve them.
func EqualityFields() map[string][]string {
	return map[string][]string{
		cases:       {"_id", "case"},
		caseNumbers: {"_id", "case"},
		members:     {"_id", "case", "person"},
		intakes:     {"_id", "case"},
		items:       {"_id", "part", "item"},
		uploads:     {"_id"},
		uploadSteps: {"upload"},
		analyses:    {"item"},
		findings:    {"_id"},
		disclosures: {"disclosure", "case"},
		entries:     {"_id", "part", "entry", "item", "tells"},
		tiles:       {"part"},
		snapshots:   {"part"},
		checkpoints: {"_id", "part", "minute"},
		anchors:     {"_id", "part"},
		alarms:      {"alarm"},
		redemptions: {"_id"},
	}
}

// uniqueKeys lists what must be unique besides "_id".
func uniqueKeys() map[string]bson.D {
	return map[string]bson.D{
		caseNumbers: {{Key: "case", Value: 1}},
		items:       {{Key: "item", Value: 1}, {Key: "version", Value: 1}},
		entries:     {{Key: "entry", Value: 1}},
	}
}

// Bootstrap makes collections and indexes. It may be called again.
func (r *Registry) Bootstrap(ctx context.Context) error {
	for _, name := range slices.Sorted(maps.Keys(EqualityFields())) {
		if err := r.retry(ctx, "making collection "+name, func(ctx context.Context) error {
			err := r.db.CreateCollection(ctx, name)
			if refused, ok := errors.AsType[mongo.CommandError](err); ok && refused.Name == "NamespaceExists" {
				return nil
			}
			return err
		}); err != nil {
			return err
		}
		for _, model := range indexesOf(name) {
			// One at a time: the embedded default breaks the connection when it
			// has several of those that it is asked for.
			if err := r.retry(ctx, "indexing "+name, func(ctx context.Context) error {
				_, err := r.db.Collection(name).Indexes().CreateOne(ctx, model)
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// indexesOf returns the indexes of a collection besides that of "_id". A field
// that begins a unique index is served by it.
func indexesOf(collection string) []mongo.IndexModel {
	unique := uniqueKeys()[collection]
	var models []mongo.IndexModel
	if unique != nil {
		models = append(models, mongo.IndexModel{Keys: unique, Options: options.Index().SetUnique(true)})
	}
	for _, field := range EqualityFields()[collection] {
		if field == "_id" || unique != nil && unique[0].Key == field {
			continue
		}
		models = append(models, mongo.IndexModel{Keys: bson.D{{Key: field, Value: 1}}})
	}
	return models
}
