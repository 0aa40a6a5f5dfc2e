package servers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// IndexEmbedded makes equality queries on top-level fields fast where FerretDB
// stands in for MongoDB: fields lists them by collection, "_id" included, and a
// collection that is not there yet is made. On a real MongoDB it does nothing.
//
// FerretDB's own indexes enforce uniqueness but never serve a query, because it
// asks PostgreSQL for `_jsonb->'field' @> value`; that takes a GIN index.
func (s *Stack) IndexEmbedded(ctx context.Context, database string, fields map[string][]string) error {
	if !s.Embedded {
		return nil
	}
	if err := s.makeCollections(ctx, database, fields); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, s.EmbeddedDSN)
	if err != nil {
		return fmt.Errorf("indexing %s: connecting to the database under FerretDB: %w", database, err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for collection, names := range fields {
		table, err := embeddedTable(ctx, conn, database, collection)
		if err != nil {
			return fmt.Errorf("indexing %s.%s: %w", database, collection, err)
		}
		for _, field := range names {
			if _, err := conn.Exec(ctx, ginStatement(database, table, field)); err != nil {
				return fmt.Errorf("indexing %s.%s by %s: %w", database, collection, field, err)
			}
		}
	}
	return nil
}

// makeCollections makes what is not there yet, so that there is a table.
func (s *Stack) makeCollections(ctx context.Context, database string, fields map[string][]string) error {
	client, err := mongo.Connect(options.Client().ApplyURI(s.MongoURI))
	if err != nil {
		return fmt.Errorf("indexing %s: %w", database, err)
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	for collection := range fields {
		err := client.Database(database).CreateCollection(ctx, collection)
		var refused mongo.CommandError
		if errors.As(err, &refused) && refused.Name == "NamespaceExists" {
			continue
		}
		if err != nil {
			return fmt.Errorf("making collection %s.%s: %w", database, collection, err)
		}
	}
	return nil
}

// embeddedTable returns the table that FerretDB keeps a collection in.
func embeddedTable(ctx context.Context, conn *pgx.Conn, database, collection string) (table string, err error) {
	err = conn.QueryRow(ctx, "SELECT _jsonb->>'table' FROM "+
		pgx.Identifier{database, "_ferretdb_database_metadata"}.Sanitize()+
		" WHERE _jsonb->>'_id' = $1", collection).Scan(&table)
	if err != nil {
		return "", fmt.Errorf("looking its table up: %w", err)
	}
	return table, nil
}

// ginStatement makes one index. Without fastupdate there is no list of pending
// entries that every query would have to read.
func ginStatement(database, table, field string) string {
	sum := sha256.Sum256([]byte(table + "\x00" + field))
	name := "sealcase_gin_" + hex.EncodeToString(sum[:8])
	return fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s USING gin ((_jsonb->'%s')) WITH (fastupdate=off)",
		pgx.Identifier{name}.Sanitize(), pgx.Identifier{database, table}.Sanitize(),
		strings.ReplaceAll(field, "'", "''"))
}
