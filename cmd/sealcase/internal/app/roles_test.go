package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// TestRoles tries operations as each role, all members of the case, and as
// somebody who is none.
func TestRoles(t *testing.T) {
	in := install(t)
	supervisor := in.as(t, "supervisor")
	args := []string{"case", "open", "Roles"}
	for _, role := range evidence.Roles() {
		if role != evidence.Supervisor {
			args = append(args, "--member", string(role))
		}
	}
	c := ask[evidence.Case](t, supervisor, args...)
	file := filepath.Join(t.TempDir(), "a.txt")
	write(t, file, []byte("evidence"))
	got := ask[receipt](t, supervisor, "evidence", "add", file, "--case", c.Number, "--source", "x")
	item, theCase := string(got.Items[0].Item), string(c.ID)

	all := "investigator examiner prosecutor supervisor auditor administrator"
	for _, op := range []struct {
		name, method, path, body, allowed string
	}{
		{"see the case", "GET", "/cases/" + theCase, "", all},
		{"read the log", "GET", "/cases/" + theCase + "/log", "", all},
		{"take the head", "GET", "/cases/" + theCase + "/checkpoint", "", all},
		{"list evidence", "GET", "/cases/" + theCase + "/evidence", "", all},
		{"see findings", "GET", "/evidence/" + item + "/findings", "", "investigator examiner prosecutor supervisor"},
		{"read bytes", "POST", "/evidence/" + item + "/tickets", `{"purpose":"x"}`, "investigator examiner prosecutor supervisor"},
		{"bring in", "POST", "/cases/" + theCase + "/intakes", `{"source":"x"}`, "investigator examiner supervisor"},
		{"open a case", "POST", "/cases", `{"title":"x","time_zone":"UTC"}`, "investigator supervisor"},
		{"disclose", "POST", "/cases/" + theCase + "/disclosures", `{"title":"x","recipient":"x","purpose":"x"}`, "prosecutor supervisor"},
	} {
		for _, who := range append(strings.Fields(all), "stranger") {
			t.Run(op.name+"/"+who, func(t *testing.T) {
				status := in.status(t, who, op.method, op.path, op.body)
				want := http.StatusForbidden
				switch {
				case who == "stranger" && op.name == "open a case", strings.Contains(op.allowed, who):
					want = 0
				case who == "stranger":
					want = http.StatusNotFound
				}
				if want == 0 && status >= 300 || want != 0 && status != want {
					t.Errorf("status %d, want %d", status, want)
				}
			})
		}
	}
}

// status sends a request as somebody who is signed in and returns the status.
func (in *installation) status(t *testing.T, who, method, path, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, in.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+in.token(t, who))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if raw, _ := io.ReadAll(resp.Body); resp.StatusCode >= 400 {
		t.Logf("%s", raw)
	}
	return resp.StatusCode
}

// token returns the token that the command line keeps for somebody.
func (in *installation) token(t *testing.T, who string) string {
	t.Helper()
	file := filepath.Join(in.home, who, "sessions.json")
	raw, err := os.ReadFile(file)
	if err != nil {
		in.as(t, who)
		if raw, err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file of sessions is %v, %v", info.Mode(), err)
	}
	var kept struct{ Tokens map[string]string }
	if err := json.Unmarshal(raw, &kept); err != nil {
		t.Fatal(err)
	}
	return kept.Tokens[in.url]
}
