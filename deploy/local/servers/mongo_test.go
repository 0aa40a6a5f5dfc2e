package servers_test

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// collection connects to a collection of the stack.
func collection(t *testing.T, stack *servers.Stack, name string) *mongo.Collection {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(stack.MongoURI))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(t.Context()) })
	return client.Database("local").Collection(name)
}

func TestMongoKeepsItsData(t *testing.T) {
	t.Parallel()
	throughFaults(t, servers.Mongo,
		func(t *testing.T, stack *servers.Stack) {
			if _, err := collection(t, stack, "items").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "a"}}); err != nil {
				t.Fatal(err)
			}
		},
		func(t *testing.T, stack *servers.Stack) {
			n, err := collection(t, stack, "items").CountDocuments(t.Context(), bson.D{{Key: "_id", Value: "a"}})
			if err != nil || n != 1 {
				t.Fatalf("found %d documents, %v", n, err)
			}
		})
}
