package api_test

import (
	"net/http"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// TestSignInMakesAKey, and a session from before that was asked for gets one
// with its first request.
func TestSignInMakesAKey(t *testing.T) {
	w := newWorld()
	if resp, _ := signIn(t, w, "cli", nil); resp.StatusCode != http.StatusOK || w.keys["p-emil"] != 1 {
		t.Errorf("after signing in: status %d, keys %v", resp.StatusCode, w.keys)
	}
	server := serve(t, w)
	for range 3 {
		do(t, server, http.MethodGet, "/api/v1/session", nil, http.Header{"Authorization": {"Bearer t-ida"}})
	}
	if w.keys["p-ida"] != 1 {
		t.Errorf("of a session from before: keys %v", w.keys)
	}
}

func TestSignInWithoutAKeyIsRefused(t *testing.T) {
	for _, test := range []struct {
		fail   error
		status int
	}{
		{errSealed, http.StatusServiceUnavailable},
		{evidence.Errorf(evidence.Conflict, "The key may have been copied."), http.StatusConflict},
	} {
		w := newWorld()
		w.noKey = test.fail
		resp, _ := signIn(t, w, "cli", nil)
		if p := problemOf(t, resp); p.Code != evidence.CodeOf(test.fail) || p.Status != test.status {
			t.Errorf("signing in: %+v", p)
		}
		if _, left := w.tokens["t-emil"]; left {
			t.Error("the session stays, and nobody has its token")
		}
		resp = do(t, serve(t, w), http.MethodGet, "/api/v1/session", nil, nil)
		if p := problemOf(t, resp); p.Code != evidence.CodeOf(test.fail) {
			t.Errorf("a session from before: %+v", p)
		}
	}
}

// TestEachRequestSignsWithItsOwnToken also where the session is remembered.
func TestEachRequestSignsWithItsOwnToken(t *testing.T) {
	w := newWorld()
	server := serve(t, w)
	w.tokens["t-emil-2"] = "emil"
	for _, token := range []string{"t-emil", "t-ida", "t-emil", "t-emil-2"} {
		do(t, server, http.MethodGet, "/api/v1/cases/"+string(aCase), nil, http.Header{"Authorization": {"Bearer " + token}})
		signer, ok := w.actor.Signer.(tokenSigner)
		if !ok || signer.token != token {
			t.Errorf("a request with %s signs with %+v", token, w.actor.Signer)
		}
	}
}
