package servers

import (
	"os"
	"path/filepath"
	"testing"
)

func TestProgramsOnPathComeFirst(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"vault", "mongod"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	got, err := (&host{}).binary(t.Context(), vaultArtifact())
	if err != nil || got != filepath.Join(dir, "vault") {
		t.Errorf("vault: got %q, %v", got, err)
	}
	if _, ok := newMongo(&host{}).(*mongod); !ok {
		t.Error("mongod is on PATH and was not taken")
	}
	t.Setenv("PATH", t.TempDir())
	if _, ok := newMongo(&host{}).(*ferretdb); !ok {
		t.Error("without mongod, FerretDB should be taken")
	}
}

func TestModulesAreFoundFromAnywhereInTheRepository(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{".", "ferretdb", "../..", "vault/notbuilt/awskms"} {
		if got, err := modulesDir(filepath.Join(here, from)); err != nil || got != here {
			t.Errorf("from %s: got %q, %v", from, got, err)
		}
	}
	if got, err := modulesDir(t.TempDir()); err == nil {
		t.Errorf("outside of it: got %q", got)
	}
}
