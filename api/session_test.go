package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

func signIn(t *testing.T, w *world, client string, header http.Header) (*http.Response, api.Session) {
	t.Helper()
	h := http.Header{"Content-Type": {"application/json"}, "Authorization": {""}}
	for k, v := range header {
		h[k] = v
	}
	resp := do(t, serve(t, w), http.MethodPost, "/api/v1/session",
		strings.NewReader(`{"login":"emil","password":"secret","client":"`+client+`"}`), h)
	var s api.Session
	if resp.StatusCode == http.StatusOK {
		if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
			t.Fatal(err)
		}
	}
	return resp, s
}

func TestSignInOfTheWebGivesACookieAndNoToken(t *testing.T) {
	resp, s := signIn(t, newWorld(), "web", nil)
	if resp.StatusCode != http.StatusOK || s.Token != "" || s.Person.Login != "emil" || s.ExpiresAt.IsZero() {
		t.Fatalf("got %d %+v", resp.StatusCode, s)
	}
	cookies := resp.Cookies()
	if len(cookies) != 1 {
		t.Fatalf("got %d cookies", len(cookies))
	}
	c := cookies[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure || c.Path != "/" || c.Value != "t-emil" {
		t.Errorf("on this machine without TLS the cookie is %+v", c)
	}
}

func TestSignInOfTheCommandLineGivesATokenAndNoCookie(t *testing.T) {
	resp, s := signIn(t, newWorld(), "cli", nil)
	if s.Token != "t-emil" || len(resp.Cookies()) != 0 {
		t.Errorf("got token %q and %d cookies", s.Token, len(resp.Cookies()))
	}
}

func TestSignInFromAnotherSiteIsRefused(t *testing.T) {
	for name, h := range map[string]http.Header{
		"fetch metadata": {"Sec-Fetch-Site": {"cross-site"}},
		"origin":         {"Origin": {"https://evil.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			resp, _ := signIn(t, newWorld(), "web", h)
			if p := problemOf(t, resp); p.Code != evidence.Forbidden {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestSessions(t *testing.T) {
	for name, test := range map[string]struct {
		header http.Header
		fail   error
		want   evidence.Code
	}{
		"token":          {header: http.Header{"Authorization": {"Bearer t-emil"}}},
		"cookie":         {header: http.Header{"Authorization": nil, "Cookie": {"sealcase_session=t-emil"}}},
		"nothing":        {header: http.Header{"Authorization": nil}, want: evidence.Unauthenticated},
		"expired":        {header: http.Header{"Authorization": {"Bearer t-old"}}, want: evidence.Unauthenticated},
		"sealed Vault":   {header: http.Header{"Authorization": {"Bearer t-emil"}}, fail: errSealed, want: evidence.Sealed},
		"expired cookie": {header: http.Header{"Authorization": nil, "Cookie": {"sealcase_session=x"}}, want: evidence.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.fail = test.fail
			resp := do(t, serve(t, w), http.MethodGet, "/api/v1/session", nil, test.header)
			if test.want == "" {
				if resp.StatusCode != http.StatusOK {
					t.Errorf("status %d", resp.StatusCode)
				}
				return
			}
			if p := problemOf(t, resp); p.Code != test.want {
				t.Errorf("got %+v", p)
			}
			if test.want == evidence.Unauthenticated && resp.Header.Get("WWW-Authenticate") == "" {
				t.Error("the answer does not say how to sign in")
			}
		})
	}
}

func TestASessionIsAskedForOnceAndForgottenAtSignOut(t *testing.T) {
	w := newWorld()
	server := serve(t, w)
	for range 3 {
		do(t, server, http.MethodGet, "/api/v1/session", nil, nil)
	}
	if w.asked != 1 {
		t.Errorf("Vault was asked %d times", w.asked)
	}
	if resp := do(t, server, http.MethodDelete, "/api/v1/session", nil, nil); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("signing out: %d", resp.StatusCode)
	}
	if resp := do(t, server, http.MethodGet, "/api/v1/session", nil, nil); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", resp.StatusCode)
	}
}

func TestManyAttemptsFromOneAddressAreSlowedDown(t *testing.T) {
	server := serve(t, newWorld())
	var last *http.Response
	for range 21 {
		last = do(t, server, http.MethodPost, "/api/v1/session",
			strings.NewReader(`{"login":"emil","password":"wrong","client":"cli"}`), http.Header{"Content-Type": {"application/json"}})
	}
	if p := problemOf(t, last); p.Status != http.StatusTooManyRequests {
		t.Errorf("got %+v", p)
	}
}

func TestEveryOperationButThePublicOnesNeedsASession(t *testing.T) {
	server := serve(t, newWorld())
	public := map[string]bool{"sign-in": true, "get-keys": true}
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	resp := do(t, server, http.MethodGet, "/api/openapi.json", nil, http.Header{"Authorization": nil})
	if err := json.NewDecoder(resp.Body).Decode(&document); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for path, operations := range document.Paths {
		for method, o := range operations {
			if public[o.OperationID] {
				continue
			}
			tried++
			for _, id := range []string{"case", "item", "intake", "upload", "disclosure"} {
				path = strings.ReplaceAll(path, "{"+id+"}", id+"-aaaaaaaaaaaaaaaaaaaaaaaaaa")
			}
			resp := do(t, server, strings.ToUpper(method), path, nil, http.Header{"Authorization": nil})
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s %s without a session: %d", method, path, resp.StatusCode)
			}
		}
	}
	if tried < 28 {
		t.Errorf("only %d operations were tried", tried)
	}
}
