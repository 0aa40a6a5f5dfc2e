package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// TestNothingIsPlantedInAPersonsName is somebody whose browser shows a page of
// another port of the same host, which has it ask for evidence: nothing goes on
// record in their name, by this and by every other address that a GET reaches.
// Their own read does, once, and opens the bytes once.
func TestNothingIsPlantedInAPersonsName(t *testing.T) {
	in := install(t)
	ida := in.as(t, "investigator")
	c := ask[evidence.Case](t, ida, "case", "open", "Planted")
	file := filepath.Join(t.TempDir(), "a.txt")
	write(t, file, []byte("evidence"))
	item := string(ask[receipt](t, ida, "evidence", "add", file, "--case", c.Number, "--source", "x").Items[0].Item)
	before := in.actsOf(t, c, evidence.ActDownloaded, evidence.ActViewed)

	content := "/evidence/" + item + "/content"
	for _, site := range []string{"same-site", "cross-site"} {
		for _, try := range [][2]string{
			{http.MethodGet, content + "?purpose=planted"}, {http.MethodGet, content}, {http.MethodPost, "/evidence/" + item + "/tickets"},
		} {
			if status, body := in.browse(t, try[0], try[1], site, `{"purpose":"planted"}`); status != http.StatusForbidden {
				t.Errorf("%s %s, %s: %d %s", try[0], try[1], site, status, body)
			}
		}
	}
	if status, body := in.browse(t, http.MethodGet, content+"?purpose=planted", "same-origin", ""); status != http.StatusBadRequest {
		t.Errorf("a GET states a purpose: %d %s", status, body)
	}
	if got := in.actsOf(t, c, evidence.ActDownloaded, evidence.ActViewed); got != before {
		t.Fatalf("%d reads were planted", got-before)
	}

	status, body := in.browse(t, http.MethodPost, "/evidence/"+item+"/tickets", "same-origin", `{"purpose":"my own"}`)
	var ticket api.Ticket
	if err := json.Unmarshal([]byte(body), &ticket); err != nil || status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	opening := content + "?ticket=" + string(ticket.Ticket)
	for site, want := range map[string]int{"same-site": http.StatusForbidden, "cross-site": http.StatusForbidden} {
		if status, body := in.browse(t, http.MethodGet, opening, site, ""); status != want {
			t.Errorf("a page that knows the ticket, %s: %d %s", site, status, body)
		}
	}
	if status, body := in.browse(t, http.MethodGet, opening, "same-origin", ""); status != http.StatusOK || body != "evidence" {
		t.Errorf("%d %s", status, body)
	}
	if status, body := in.browse(t, http.MethodGet, opening, "same-origin", ""); status != http.StatusConflict {
		t.Errorf("used again: %d %s", status, body)
	}
	if got := in.actsOf(t, c, evidence.ActDownloaded, evidence.ActViewed); got != before+1 {
		t.Errorf("%d reads are on record, want 1", got-before)
	}
}

// browse sends a request as the browser of the investigator would that shows a
// page of a site.
func (in *installation) browse(t *testing.T, method, path, site, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, in.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", site)
	r.Header.Set("Content-Type", "application/json")
	r.AddCookie(&http.Cookie{Name: "sealcase_session", Value: in.token(t, "investigator")})
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

// actsOf counts the entries of some acts in the log of a case.
func (in *installation) actsOf(t *testing.T, c evidence.Case, acts ...evidence.Act) (n int) {
	t.Helper()
	log := ask[struct{ Items []api.LogEntry }](t, in.as(t, "investigator"), "case", "log", c.Number)
	for _, e := range log.Items {
		for _, act := range acts {
			if e.Entry.Act == act {
				n++
			}
		}
	}
	return n
}
