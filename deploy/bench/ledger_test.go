package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/station"
)

// TestLedger runs the part on real servers, with so little that its figures
// mean nothing: every one is there, and each way of writing and checking worked.
func TestLedger(t *testing.T) {
	engines, err := servers.Up(t.Context(), servers.Config{
		Dir: t.TempDir(), Private: true, Only: []servers.Name{servers.MinIO, servers.Mongo, servers.Vault}, Progress: &bytes.Buffer{},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engines.Down(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	b := &bench{options: options{entries: 300, turns: 1}, report: &report{}, station: &station.Station{Servers: engines}}
	if err := b.ledger(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "figures.json")
	if err := b.report.write(file); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var written report
	if err := json.Unmarshal(raw, &written); err != nil {
		t.Fatal(err)
	}
	targets := map[float64]bool{}
	for _, f := range written.Figures {
		if f.Value <= 0 || f.Beside == nil || f.Beside.Value <= 0 || f.Turns == nil || f.Turns.Least <= 0 || f.Turns.Least > f.Turns.Median || f.Turns.Median > f.Turns.Most {
			t.Errorf("figure %+v", f)
		}
		targets[f.Least] = true
	}
	if len(written.Figures) != 5 || !targets[fasterThanAlone] || !targets[fasterThanEach] || !targets[shareOfRawInserts] {
		t.Errorf("figures %+v", written.Figures)
	}
	if table := b.report.table(); !strings.Contains(table, "ratio >= 0.35") || !strings.Contains(table, " to ") {
		t.Errorf("the table says\n%s", table)
	}
}
