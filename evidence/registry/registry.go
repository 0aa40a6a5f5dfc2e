package registry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/sealcase/sealcase/evidence"
)

// Config says where the registry is.
type Config struct {
	URI      string           // mongodb:// or mongodb+srv://; it may hold a password and is never logged
	Database string           // "sealcase" when empty
	Patience time.Duration    // how long an operation waits for a server that is gone; 30 s when 0
	Clock    func() time.Time // time.Now when nil
	Logger   *slog.Logger     // slog.Default() when nil
}

// Registry is a connection to the metadata. It is safe for concurrent use.
// Every method fails with Unavailable when the server stays away for longer
// than Config.Patience; then it is not known whether a write happened, and it
// may be repeated.
type Registry struct {
	client   *mongo.Client
	db       *mongo.Database
	patience time.Duration
	clock    func() time.Time
	logger   *slog.Logger
}

// serverSelection is how long the driver looks for a server before it gives an
// attempt up; the registry tries again until its patience ends.
const serverSelection = 3 * time.Second

// Open connects and waits, as long as the configuration has patience, until the
// server answers. The caller closes the Registry.
func Open(ctx context.Context, c Config) (*Registry, error) {
	if c.Database == "" {
		c.Database = "sealcase"
	}
	if c.Patience <= 0 {
		c.Patience = 30 * time.Second
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	// Majority on both sides: what was acknowledged survives a change of
	// primaries, and no index is taken for the end of a log that could be undone.
	client, err := mongo.Connect(options.Client().ApplyURI(c.URI).SetAppName("sealcase").
		SetServerSelectionTimeout(serverSelection).SetConnectTimeout(serverSelection).SetTimeout(20 * time.Second).
		SetWriteConcern(writeconcern.Majority()).SetReadConcern(readconcern.Majority()))
	if err != nil {
		// The cause may quote the address, and with it a password.
		return nil, evidence.Errorf(evidence.Invalid, "the address of the registry is not a MongoDB connection string")
	}
	r := &Registry{client: client, db: client.Database(c.Database), patience: c.Patience, clock: c.Clock, logger: c.Logger}
	if err := r.Ping(ctx); err != nil {
		return nil, fmt.Errorf("opening the registry: %w", closing(ctx, client, err))
	}
	return r, nil
}

func closing(ctx context.Context, client *mongo.Client, err error) error {
	_ = client.Disconnect(context.WithoutCancel(ctx)) // err says more
	return err
}

// Close ends the connection.
func (r *Registry) Close(ctx context.Context) error {
	if err := r.client.Disconnect(ctx); err != nil {
		return fmt.Errorf("closing the registry: %w", err)
	}
	return nil
}

// Ping returns nil when the registry answers.
func (r *Registry) Ping(ctx context.Context) error {
	return r.retry(ctx, "asking the registry whether it answers", func(ctx context.Context) error {
		// A ping of the embedded default does not reach its database; a read does.
		return r.db.Collection(cases).FindOne(ctx, byField("_id", "ping")).Err()
	})
}

// Empty reports whether no collection has a document.
func (r *Registry) Empty(ctx context.Context) (bool, error) {
	for name := range EqualityFields() {
		empty := true
		err := r.retry(ctx, "reading "+name, func(ctx context.Context) error {
			err := r.db.Collection(name).FindOne(ctx, bson.D{}).Err()
			empty = errors.Is(err, mongo.ErrNoDocuments)
			return err
		})
		if err != nil || !empty {
			return false, err
		}
	}
	return true, nil
}
