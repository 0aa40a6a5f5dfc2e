package station_test

import (
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// TestMirrorAfterAKill kills everything of ours between the moment when an act is on
// record and the moment when it is signed for and mirrored. Nobody touches that case
// again, and it is mirrored all the same.
func TestMirrorAfterAKill(t *testing.T) {
	c := openCase(t)
	it := bring(t, c, file(t, "a.txt", []byte("a")))[0]
	behind := func() bool { return mirroredHead(t, c) < recorded(t, c) }
	eye := onWire(t, "paula")
	until(t, "everything is mirrored, and in the register", patience, func() bool { // whose runs would sign the case's log as well
		return !behind() && registerOf(eye).HeadsWaiting == 0
	})
	killed := false
	for range 5 { // a process may sign at that very moment
		if r := eye.send(http.MethodPost, "/evidence/"+string(it.ID)+"/tickets", nil, `{"purpose":"to be mirrored"}`); r.status >= 300 {
			t.Fatalf("asking for a ticket: %d %s", r.status, r.body)
		}
		shared.API.Kill()
		shared.Worker.Kill()
		killed = behind() && !signed(t, c, recorded(t, c))
		if err := shared.API.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := shared.Worker.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		if killed {
			break
		}
	}
	if !killed {
		t.Fatal("all five times the act was signed for before the processes were dead")
	}
	until(t, "what the killed processes left out is mirrored", patience, func() bool { return !behind() })
}

// recorded asks the database how many entries the log of a case has; it has fewer
// than a tile.
func recorded(t *testing.T, c evidence.Case) int64 {
	t.Helper()
	n := documents(t, "entries", "part", fmt.Sprintf("%s/%09d", c.ID, 0))
	if n == 0 {
		t.Fatal("no entries")
	}
	return n
}

// signed asks the database whether the log of a case has a head at a size.
func signed(t *testing.T, c evidence.Case, size int64) bool {
	t.Helper()
	return documents(t, "checkpoints", "_id", fmt.Sprintf("%s/%012d", c.ID, size)) > 0
}

// documents counts documents in the database.
func documents(t *testing.T, collection, field, value string) int64 {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(shared.Servers.MongoURI))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(t.Context())
	n, err := client.Database("sealcase").Collection(collection).CountDocuments(t.Context(), bson.D{{Key: field, Value: value}})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// mirroredHead returns the size of the newest head of a case's log in the mirror.
func mirroredHead(t *testing.T, c evidence.Case) (size int64) {
	t.Helper()
	folder := mirror.LogFolder(c.ID) + "checkpoints/"
	for o := range storeRoot(t).ListObjects(t.Context(), "sealcase-ledger", minio.ListObjectsOptions{Prefix: folder}) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(path.Base(o.Key), ".note"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		size = max(size, n)
	}
	return size
}
