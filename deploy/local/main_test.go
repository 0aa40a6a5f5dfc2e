package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/station"
	"github.com/sealcase/sealcase/evidence"
)

func TestWrongCallsSayWhatIsWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"help":            {[]string{"-help"}, 0, "go run ./deploy/local test"},
		"unknown flag":    {[]string{"-colour"}, 2, "-colour"},
		"unknown command": {[]string{"demolish"}, 2, `"demolish" is not known`},
		"unknown step":    {[]string{"test", "-only", "go,nothing"}, 2, `no step "nothing"`},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			if code := run(t.Context(), tt.args, &said, &said); code != tt.code {
				t.Errorf("exit code %d, want %d; it said %s", code, tt.code, said.String())
			}
			if !strings.Contains(said.String(), tt.says) {
				t.Errorf("it said %q, which lacks %q", said.String(), tt.says)
			}
		})
	}
}

func TestResetDeletesOnlyAStation(t *testing.T) {
	dir := t.TempDir()
	letter := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(letter, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := reset(dir); err == nil || !strings.Contains(err.Error(), "nothing was deleted") {
		t.Errorf("reset of a folder that is no station: %v", err)
	}
	if _, err := os.Stat(letter); err != nil {
		t.Errorf("the letter is gone: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "people.json"), []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := reset(dir); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the station is still there: %v", err)
	}
	if err := reset(dir); err != nil {
		t.Errorf("reset of what is not there: %v", err)
	}
}

func TestWelcomeNamesAddressLoginsAndNextSteps(t *testing.T) {
	st := &station.Station{Dir: "/data", Bin: "/data/bin", URL: "http://127.0.0.1:1", WitnessURL: "http://127.0.0.1:2", WitnessKey: "w.example+0+AA", People: []station.Login{
		{Login: "ida", Name: "Ida Vance", Password: "words-to-type", Roles: []evidence.Role{evidence.Investigator}},
	}}
	text := welcome(st, demonstration{Number: "2026-0001", Bundle: "/data/b.zip", Keys: "/data/k", Proof: "/data/p", Outcome: "OK: whole"})
	for _, want := range []string{"http://127.0.0.1:1", "words-to-type", "Ida Vance, investigator", "2026-0001", "OK: whole", "/data/bin/sealcase-verify /data/b.zip -key /data/k", "one machine only", "http://127.0.0.1:2", "-witness w.example+0+AA"} {
		if !strings.Contains(text, want) {
			t.Errorf("the welcome lacks %q:\n%s", want, text)
		}
	}
}
