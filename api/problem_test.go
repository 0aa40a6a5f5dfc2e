package api_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// problemOf reads a problem and checks what every one has.
func problemOf(t *testing.T, resp *http.Response) api.Problem {
	t.Helper()
	if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	var p api.Problem
	if err := json.NewDecoder(resp.Body).Decode(&p); err != nil {
		t.Fatalf("decoding the problem: %v", err)
	}
	if p.Status != resp.StatusCode || p.Title == "" || p.Detail == "" || p.Type != "urn:sealcase:problem:"+string(p.Code) {
		t.Errorf("problem is not whole: %+v with status %d", p, resp.StatusCode)
	}
	return p
}

func TestProblems(t *testing.T) {
	server := serve(t, newWorld())
	post := func(path, body string) func(*testing.T) *http.Response {
		return func(t *testing.T) *http.Response {
			return do(t, server, http.MethodPost, path, strings.NewReader(body), http.Header{"Content-Type": {"application/json"}})
		}
	}
	get := func(path string) func(*testing.T) *http.Response {
		return func(t *testing.T) *http.Response { return do(t, server, http.MethodGet, path, nil, nil) }
	}
	whole := `{"title":"x","time_zone":"UTC"}`
	for name, test := range map[string]struct {
		ask    func(*testing.T) *http.Response
		status int
		code   evidence.Code
		words  string
	}{
		"no such path":       {get("/api/v1/nothing"), 404, evidence.NotFound, "nothing at this address"},
		"no such page":       {get("/nothing"), 404, evidence.NotFound, "nothing at this address"},
		"method":             {post("/api/v1/people", "{}"), 405, evidence.Invalid, "POST is not possible here"},
		"unknown field":      {post("/api/v1/cases", `{"title":"x","time_zone":"UTC","admin":true}`), 400, evidence.Invalid, "body.admin"},
		"missing field":      {post("/api/v1/cases", `{"title":"x"}`), 400, evidence.Invalid, "time_zone"},
		"not JSON":           {post("/api/v1/cases", `{`), 400, evidence.Invalid, "Nothing was changed"},
		"too large":          {post("/api/v1/cases", whole[:len(whole)-1]+`,"summary":"`+strings.Repeat("x", 300<<10)+`"}`), 413, evidence.TooLarge, ""},
		"unknown parameter":  {get("/api/v1/cases?evil=1"), 400, evidence.Invalid, "evil"},
		"malformed case":     {get("/api/v1/cases/case-UPPER"), 404, evidence.NotFound, "may not know"},
		"unknown case":       {get("/api/v1/cases/case-bbbbbbbbbbbbbbbbbbbbbbbbbb"), 404, evidence.NotFound, "may not know"},
		"unknown member":     {post("/api/v1/cases", `{"title":"x","time_zone":"UTC","members":["nobody"]}`), 400, evidence.Invalid, "nobody"},
		"wrong transition":   {post("/api/v1/cases/"+string(aCase)+"/transitions", `{"to":"archived","reason":"x"}`), 409, evidence.Conflict, "it can become"},
		"unknown state":      {post("/api/v1/cases/"+string(aCase)+"/transitions", `{"to":"burnt","reason":"x"}`), 400, evidence.Invalid, "body.to"},
		"limit out of range": {get("/api/v1/cases/" + string(aCase) + "/log?limit=1000"), 400, evidence.Invalid, "query.limit"},
	} {
		t.Run(name, func(t *testing.T) {
			p := problemOf(t, test.ask(t))
			if p.Status != test.status || p.Code != test.code || !strings.Contains(p.Detail, test.words) {
				t.Errorf("got %d %s %q, want %d %s with %q", p.Status, p.Code, p.Detail, test.status, test.code, test.words)
			}
		})
	}
}

func TestProblemsOfCustodyKeepTheirCode(t *testing.T) {
	for code, status := range map[evidence.Code]int{
		evidence.Invalid: 400, evidence.Unauthenticated: 401, evidence.Forbidden: 403, evidence.NotFound: 404,
		evidence.Conflict: 409, evidence.Tampered: 409, evidence.DigestMismatch: 422, evidence.LengthMismatch: 422,
		evidence.TooLarge: 413, evidence.StorageFull: 507, evidence.StorageUnsafe: 503, evidence.Unavailable: 503,
		evidence.Sealed: 503, evidence.Internal: 500,
	} {
		t.Run(string(code), func(t *testing.T) {
			w := newWorld()
			w.fail = fmt.Errorf("doing it: %w", evidence.WrapError(code, errors.New("password=hunter2"), "This happened."))
			p := problemOf(t, do(t, serve(t, w), http.MethodGet, "/api/v1/cases/"+string(aCase)+"/log", nil, nil))
			if p.Status != status || p.Code != code || p.Detail != "This happened." {
				t.Errorf("got %+v", p)
			}
			if p.Instance == "" {
				t.Error("the problem does not name its request")
			}
		})
	}
}

func TestAnUnknownErrorIsNotShown(t *testing.T) {
	w := newWorld()
	w.fail = errors.New("mongodb://root:hunter2@db")
	p := problemOf(t, do(t, serve(t, w), http.MethodGet, "/api/v1/cases", nil, nil))
	if p.Code != evidence.Internal || strings.Contains(p.Detail, "hunter2") {
		t.Errorf("got %+v", p)
	}
}

func TestAPanicIsAProblem(t *testing.T) {
	w := newWorld()
	// The world has no findings: its embedded interface is nil.
	p := problemOf(t, do(t, serve(t, w), http.MethodGet, "/api/v1/evidence/"+string(anItem)+"/findings", nil, nil))
	if p.Code != evidence.Internal || p.Status != 500 {
		t.Errorf("got %+v", p)
	}
}
