package api_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// fillPath puts identifiers of the right form into a path of the document.
func fillPath(path string) string {
	return strings.NewReplacer(
		"{case}", string(aCase), "{item}", string(anItem), "{intake}", string(anInput),
		"{upload}", string(evidence.Derive[evidence.UploadID]()), "{disclosure}", string(evidence.Derive[evidence.DisclosureID]()),
		"{person}", "p-ida", "{alarm}", string(evidence.Derive[evidence.AlarmID]()), "{audit}", string(evidence.Derive[evidence.AuditID]()),
	).Replace(path)
}

// operations lists every operation of the document as "METHOD path", and whether
// it is for people who are signed in.
func operations(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct {
			Security []map[string][]string `json:"security"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(raw, &document); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for path, methods := range document.Paths {
		for method, o := range methods {
			all[strings.ToUpper(method)+" "+fillPath(path)] = len(o.Security) > 0
		}
	}
	return all
}

// TestAPageOfAnotherSiteCanDoNothing tries every operation of the interface as a
// page of another site, of a sibling host and of another port can cause it: with
// the session of the person who looks at that page. World panics where anything
// is asked of it, but for what the fake has, which counts.
func TestAPageOfAnotherSiteCanDoNothing(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	all := operations(t)
	if len(all) < 30 || !all["POST "+itemPath+"/tickets"] || !all["GET "+itemPath+"/content"] {
		t.Fatalf("the document has %d operations", len(all))
	}
	for operation, signedIn := range all {
		method, path, _ := strings.Cut(operation, " ")
		safe := slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, method)
		if safe && !signedIn {
			continue // what anybody may have without a session
		}
		for name, header := range map[string]http.Header{
			"another site":            {"Sec-Fetch-Site": {"cross-site"}},
			"a sibling host or port":  {"Sec-Fetch-Site": {"same-site"}},
			"what no browser has yet": {"Sec-Fetch-Site": {"elsewhere"}},
		} {
			header.Set("Cookie", "sealcase_session=t-emil")
			header.Set("Content-Type", "text/plain")
			header["Authorization"] = nil
			resp := do(t, s, method, path, strings.NewReader(`{"purpose":"planted"}`), header)
			if resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s, caused by %s: %d", operation, name, resp.StatusCode)
			}
		}
		if safe {
			continue
		}
		// Browsers that send no Sec-Fetch-Site say where a page is from.
		for _, origin := range []string{"https://elsewhere.example", "null", "http://127.0.0.1:1"} {
			header := http.Header{"Origin": {origin}, "Cookie": {"sealcase_session=t-emil"}, "Content-Type": {"application/json"}, "Authorization": nil}
			if resp := do(t, s, method, path, strings.NewReader(`{"purpose":"planted"}`), header); resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s, from %s: %d", operation, origin, resp.StatusCode)
			}
		}
	}
	if len(w.purposes) != 0 || w.asked != 0 {
		t.Errorf("%q is on record, sessions were asked for %d times", w.purposes, w.asked)
	}
}

// TestOurOwnPagesAndProgramsCan wants the same of those who may.
func TestOurOwnPagesAndProgramsCan(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	for name, header := range map[string]http.Header{
		"our own page":             {"Sec-Fetch-Site": {"same-origin"}, "Origin": {s.URL}, "Cookie": {"sealcase_session=t-emil"}, "Authorization": nil},
		"a page that was typed in": {"Sec-Fetch-Site": {"none"}, "Cookie": {"sealcase_session=t-emil"}, "Authorization": nil},
		"a program":                {},
	} {
		header.Set("Content-Type", "application/json")
		if resp := do(t, s, http.MethodPost, itemPath+"/tickets", strings.NewReader(`{"purpose":"x"}`), header); resp.StatusCode != http.StatusCreated {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
	}
	if len(w.purposes) != 3 {
		t.Errorf("on record: %q", w.purposes)
	}
}

// TestNoGETIsAnAct asks for everything that a GET gives: nothing that is signed in
// a person's name is asked of custody.
func TestNoGETIsAnAct(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	for operation := range operations(t) {
		method, path, _ := strings.Cut(operation, " ")
		if method != http.MethodGet || strings.HasSuffix(path, "/events") {
			continue
		}
		if strings.HasSuffix(path, "/content") || strings.HasSuffix(path, "/bundle") {
			path += "?purpose=planted"
		}
		do(t, s, method, path, nil, nil)
	}
	if len(w.purposes) != 0 || len(w.signed) != 0 {
		t.Errorf("on record: %q, %q", w.purposes, w.signed)
	}
}
