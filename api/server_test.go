package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

func withLog(w io.Writer) func(*api.Config) {
	return func(c *api.Config) { c.Logger = slog.New(slog.NewTextHandler(w, nil)) }
}

func TestEventsGoOnWhereTheReaderWas(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	for index := range int64(8) {
		w.entries <- evidence.LogEntry{Index: index, Entry: evidence.Entry{Act: evidence.ActSealed}}
	}
	resp := do(t, s, http.MethodGet, "/api/v1/cases/"+string(aCase)+"/events", nil, http.Header{"Last-Event-Id": {"5"}})
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d %v", resp.StatusCode, resp.Header)
	}
	lines := bufio.NewScanner(resp.Body)
	var ids []string
	for len(ids) < 2 && lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
	}
	if strings.Join(ids, " ") != "6 7" {
		t.Errorf("got events %v", ids)
	}
}

func TestEventsOfAnUnknownCaseAreAProblem(t *testing.T) {
	w := newWorld()
	w.fail = evidence.Errorf(evidence.NotFound, "There is no such case.")
	p := problemOf(t, do(t, serve(t, w), http.MethodGet, "/api/v1/cases/"+string(aCase)+"/events?after=-1", nil, nil))
	if p.Code != evidence.NotFound {
		t.Errorf("got %+v", p)
	}
}

func TestOpeningACaseTwiceWithAKeyIsOneCase(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	open := func(key, token string) {
		h := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
		if key != "" {
			h.Set("Idempotency-Key", key)
		}
		resp := do(t, s, http.MethodPost, "/api/v1/cases", strings.NewReader(`{"title":"x","time_zone":"UTC","members":["ida"]}`), h)
		if resp.StatusCode != http.StatusCreated || resp.Header.Get("ETag") != `"v1"` {
			t.Fatalf("got %d %v", resp.StatusCode, resp.Header)
		}
	}
	for _, who := range []string{"t-emil", "t-emil", "t-ida"} {
		open("k", who)
	}
	open("", "t-emil")
	a, b, c, d := w.opened[0].ID, w.opened[1].ID, w.opened[2].ID, w.opened[3].ID
	if a != b || a == c || a == d || c == d {
		t.Errorf("got %v %v %v %v", a, b, c, d)
	}
	if len(w.opened[0].Members) != 1 || w.opened[0].Members[0].ID != "p-ida" {
		t.Errorf("members %+v", w.opened[0].Members)
	}
}

func TestACaseThatChangedMeanwhile(t *testing.T) {
	s := serve(t, newWorld())
	for match, status := range map[string]int{`"v3"`: 200, `"v2"`: 412, "": 200} {
		h := http.Header{"Content-Type": {"application/json"}, "If-Match": {match}}
		resp := do(t, s, http.MethodPost, "/api/v1/cases/"+string(aCase)+"/transitions", strings.NewReader(`{"to":"referred","reason":"x"}`), h)
		if resp.StatusCode != status {
			t.Errorf("If-Match %s: %d, want %d", match, resp.StatusCode, status)
		}
	}
}

func TestReadiness(t *testing.T) {
	checks := []api.Check{
		{Name: "storage", Do: func(context.Context) error { return nil }},
		{Name: "vault", Do: func(context.Context) error { return errSealed }},
		{Name: "mongodb", Do: func(context.Context) error { return errors.New("mongodb://root:hunter2@db") }},
	}
	s := serve(t, newWorld(), func(c *api.Config) { c.Checks = checks })
	resp := do(t, s, http.MethodGet, "/readyz", nil, http.Header{"Authorization": nil})
	var got api.Readiness
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != 503 || got.Ready || got.Engines["storage"] != "ok" || got.Engines["vault"] != "vault-sealed" || got.Engines["mongodb"] != "internal" {
		t.Errorf("got %d %+v", resp.StatusCode, got)
	}
	if resp := do(t, s, http.MethodGet, "/healthz", nil, nil); resp.StatusCode != 200 {
		t.Errorf("alive: %d", resp.StatusCode)
	}
}

func TestThePagesNeverAnswerForTheInterface(t *testing.T) {
	pages := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<page>") })
	s := serve(t, newWorld(), func(c *api.Config) { c.UI = pages })
	for path, want := range map[string]int{"/": 200, "/cases/x": 200, "/api": 404, "/api/v2/cases": 404, "/api/v1": 404} {
		resp := do(t, s, http.MethodGet, path, nil, nil)
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "X-Request-Id"} {
			if resp.Header.Get(name) == "" {
				t.Errorf("%s has no %s", path, name)
			}
		}
	}
}

// TestAnIntakeIsTold of what was uploaded; how often is a matter of its notices.
func TestAnIntakeIsTold(t *testing.T) {
	w := newWorld()
	h := tusHeader("Upload-Length", "0", "Repr-Digest", repr(""), "Upload-Metadata", "intake "+b64(string(anInput))+",name "+b64("a"))
	if resp := do(t, serve(t, w), http.MethodPost, "/api/v1/uploads/", nil, h); resp.StatusCode != 201 {
		t.Fatalf("status %d", resp.StatusCode)
	}
	told := func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.notified == 1
	}
	for deadline := time.Now().Add(10 * time.Second); !told(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it was not told")
		}
	}
}
