package servers_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// TestIndexEmbedded fills a collection with 10^5 documents and wants equality
// queries by an indexed field to take a small part of the time of one by a field
// that is not: about a millisecond to fifty when nothing else runs. A real MongoDB,
// where it finds one, has no index but its own.
func TestIndexEmbedded(t *testing.T) {
	t.Parallel()
	stack := up(t, t.TempDir(), servers.Mongo)
	fields := map[string][]string{"entries": {"_id", "case"}}
	for range 2 { // twice does not hurt
		if err := stack.IndexEmbedded(t.Context(), "local", fields); err != nil {
			t.Fatal(err)
		}
	}
	entries := collection(t, stack, "entries")
	fill(t, entries, 100_000)
	queries := []bson.D{{{Key: "n", Value: 77777}}, {{Key: "_id", Value: "id-77777"}}}
	if stack.Embedded {
		queries = append(queries, bson.D{{Key: "case", Value: "case-7777"}, {Key: "n", Value: 77777}})
	}
	took := medians(t, entries, queries)
	t.Logf("without an index %s, with one %s", took[0], took[1:])
	for i, one := range took[1:] {
		if one > took[0]/4 {
			t.Errorf("%v took %s, and a scan %s: the index is not used", queries[1+i], one, took[0])
		}
	}
}

// fill inserts n documents, ten to a case.
func fill(t *testing.T, into *mongo.Collection, n int) {
	t.Helper()
	const batch = 5_000
	for from := 0; from < n; from += batch {
		docs := make([]any, batch)
		for i := range docs {
			k := from + i
			docs[i] = bson.D{
				{Key: "_id", Value: fmt.Sprintf("id-%d", k)},
				{Key: "case", Value: fmt.Sprintf("case-%d", k/10)},
				{Key: "n", Value: k},
			}
		}
		if _, err := into.InsertMany(t.Context(), docs); err != nil {
			t.Fatal(err)
		}
	}
}

// medians returns the median of some runs of each query, which finds one document.
// They take turns, so that whatever else runs disturbs all of them.
func medians(t *testing.T, in *mongo.Collection, queries []bson.D) []time.Duration {
	t.Helper()
	runs := make([][]time.Duration, len(queries))
	for range 11 {
		for i, query := range queries {
			begun := time.Now()
			var found bson.D
			if err := in.FindOne(t.Context(), query).Decode(&found); err != nil {
				t.Fatal(err)
			}
			runs[i] = append(runs[i], time.Since(begun))
		}
	}
	middle := make([]time.Duration, len(queries))
	for i := range runs {
		slices.Sort(runs[i])
		middle[i] = runs[i][len(runs[i])/2]
	}
	return middle
}
