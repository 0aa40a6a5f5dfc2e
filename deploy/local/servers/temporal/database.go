package main

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	schema "go.temporal.io/server/schema/sqlite"
)

// prepare makes the database if it is not there, with the namespace "default".
// A database with another schema, as an earlier version of the server made it, is
// refused and stays as it is: the server does not look, and would fail at the
// first request that needs what is missing.
func prepare(database *config.SQL) error {
	fresh := database.DatabaseName + ".new"
	if err := create(fresh); err != nil {
		return err
	}
	defer os.Remove(fresh) //nolint:errcheck // is gone when it became the database
	_, err := os.Stat(database.DatabaseName)
	if errors.Is(err, os.ErrNotExist) {
		err = os.Rename(fresh, database.DatabaseName) // whole, or not there
	} else if err == nil {
		err = same(fresh, database.DatabaseName)
	}
	if err != nil {
		return err
	}
	namespace, err := schema.NewNamespaceConfig(clusterName, "default", false, nil)
	if err != nil {
		return fmt.Errorf("describing the namespace: %w", err)
	}
	return schema.CreateNamespaces(database, namespace)
}

// create makes an empty database with the schema of this server.
func create(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return schema.SetupSchema(&config.SQL{PluginName: sqlite.PluginName, DatabaseName: file,
		ConnectAttributes: map[string]string{"mode": "rwc", "synchronous": "off"}})
}

// same compares the schemas of two databases.
func same(want, got string) error {
	wanted, err := objects(want)
	if err != nil {
		return err
	}
	found, err := objects(got)
	if err != nil {
		return err
	}
	if !maps.Equal(wanted, found) {
		return errors.New("another version of Temporal made this database; keep it for that version, " +
			"or move it away and start again (what was under way is then lost to the engine)")
	}
	return nil
}

// objects returns the SQL of every table, index and trigger by its name.
func objects(file string) (map[string]string, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return nil, fmt.Errorf("opening it: %w", err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master")
	if err != nil {
		return nil, fmt.Errorf("reading its schema: %w", err)
	}
	defer rows.Close()
	all := map[string]string{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, fmt.Errorf("reading its schema: %w", err)
		}
		all[name] = text
	}
	return all, rows.Err()
}
