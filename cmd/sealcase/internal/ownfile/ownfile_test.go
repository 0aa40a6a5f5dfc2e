package ownfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/ownfile"
)

func TestWriteJSON(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file.json")
	for _, v := range []map[string]string{{"a": "1"}, {"a": "2"}} {
		if err := ownfile.WriteJSON(path, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := ownfile.WriteJSON(path, make(chan int)); err == nil {
		t.Error("a channel was written")
	}
	if err := ownfile.WriteJSON(filepath.Join(dir, "missing", "file.json"), 1); err == nil {
		t.Error("a file was written into a folder that is not there")
	}
	raw, err := os.ReadFile(path)
	if err != nil || string(raw) != "{\n  \"a\": \"2\"\n}\n" {
		t.Errorf("got %q, %v", raw, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v; others may read it", info.Mode(), err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
