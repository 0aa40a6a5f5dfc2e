package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/sealcase/sealcase/web"
)

func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":                 {Data: []byte("placeholder")},
		"app/index.html":             {Data: []byte(`<meta name="style-nonce" content="__STYLE_NONCE__">the pages`)},
		"app/favicon.svg":            {Data: []byte("<svg/>")},
		"app/assets/index-d41d8c.js": {Data: []byte("export {}")},
	}
}

func get(t *testing.T, h http.Handler, method, target string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
	return w
}

func TestNew(t *testing.T) {
	h := web.New(built())
	for _, tc := range []struct {
		name, method, target string
		status               int
		cache, contains      string
	}{
		{"the root is the page", "GET", "/", 200, "no-store", "the pages"},
		{"index.html is the page", "GET", "/index.html", 200, "no-store", "the pages"},
		{"a route of the page is the page", "GET", "/cases/case-x/evidence", 200, "no-store", "the pages"},
		{"HEAD has no body", "HEAD", "/cases", 200, "no-store", ""},
		{"a hashed asset is kept for ever", "GET", "/assets/index-d41d8c.js", 200, "public, max-age=31536000, immutable", "export"},
		{"another file is asked for again", "GET", "/favicon.svg", 200, "no-cache", "<svg/>"},
		{"an asset of another version is missing", "GET", "/assets/index-old.js", 404, "", "not found"},
		{"a folder is not listed", "GET", "/assets/", 404, "", "not found"},
		{"a file that is not there is missing", "GET", "/robots.txt", 404, "", "not found"},
		{"the interface is not swallowed", "GET", "/api/v1/nothing", 404, "", "not found"},
		{"nor its root", "GET", "/api", 404, "", "not found"},
		{"nor uploads", "GET", "/uploads/x", 404, "", "not found"},
		{"nor health", "GET", "/healthz", 404, "", "not found"},
		{"nor readiness", "GET", "/readyz", 404, "", "not found"},
		{"a name that only begins so is a page", "GET", "/apiary", 200, "no-store", "the pages"},
		{"no way out of the folder", "GET", "/../index.html", 200, "no-store", "the pages"},
		{"only reading", "POST", "/cases", 405, "", "not allowed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := get(t, h, tc.method, tc.target)
			if w.Code != tc.status {
				t.Errorf("status %d, want %d", w.Code, tc.status)
			}
			if got := w.Header().Get("Cache-Control"); got != tc.cache {
				t.Errorf("Cache-Control %q, want %q", got, tc.cache)
			}
			if !strings.Contains(w.Body.String(), tc.contains) {
				t.Errorf("body %q does not contain %q", w.Body, tc.contains)
			}
		})
	}
}

func TestPageHasFreshNonce(t *testing.T) {
	h := web.New(built())
	mark := regexp.MustCompile(`content="([A-Z2-7]{26,})"`)
	seen := map[string]bool{}
	for range 2 {
		w := get(t, h, "GET", "/")
		m := mark.FindStringSubmatch(w.Body.String())
		if m == nil {
			t.Fatalf("no nonce in %q", w.Body)
		}
		if want := "style-src 'self' 'nonce-" + m[1] + "';"; !strings.Contains(w.Header().Get("Content-Security-Policy"), want) {
			t.Errorf("policy %q lacks %q", w.Header().Get("Content-Security-Policy"), want)
		}
		seen[m[1]] = true
	}
	if len(seen) != 2 {
		t.Error("two responses have the same nonce")
	}
}

func TestPolicyIsStrict(t *testing.T) {
	policy := web.ContentSecurityPolicy
	for _, loose := range []string{"unsafe", "*", "http:", "https:"} {
		if strings.Contains(policy, loose) {
			t.Errorf("the policy allows %q", loose)
		}
	}
}

func TestPlaceholder(t *testing.T) {
	w := get(t, web.New(fstest.MapFS{"index.html": {Data: []byte("placeholder")}}), "GET", "/cases")
	if w.Code != 200 || w.Body.String() != "placeholder" {
		t.Errorf("without a build: %d %q", w.Code, w.Body)
	}
}

func TestHandlerHasAPage(t *testing.T) {
	w := get(t, web.Handler(), "GET", "/")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Sealcase") {
		t.Errorf("embedded page: %d %q", w.Code, w.Body)
	}
}
