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
// queries by an indexed field in about a millisecond, where a scan takes fifty.
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
	for _, query := range []bson.D{
		{{Key: "_id", Value: "id-77777"}},
		{{Key: "case", Value: "case-7777"}, {Key: "n", Value: 77777}},
	} {
		took := median(t, entries, query)
		t.Logf("%v: %s", query, took)
		if took > 15*time.Millisecond {
			t.Errorf("%v took %s: the index is not used", query, took)
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

// median returns the median of some runs of a query that finds one document.
func median(t *testing.T, in *mongo.Collection, query bson.D) time.Duration {
	t.Helper()
	runs := make([]time.Duration, 21)
	for i := range runs {
		begun := time.Now()
		var found bson.D
		if err := in.FindOne(t.Context(), query).Decode(&found); err != nil {
			t.Fatal(err)
		}
		runs[i] = time.Since(begun)
	}
	slices.Sort(runs)
	return runs[len(runs)/2]
}
