package api_test

import (
	"net/http"
	"strings"
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

// TestActsOnCasesGoSigned to the workflows: whoever asks has signed them before,
// in this process, which has the token.
func TestActsOnCasesGoSigned(t *testing.T) {
	w := newWorld()
	server := serve(t, w)
	json := http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {"k"}}
	for _, act := range []struct{ path, body, want string }{
		{"/cases", `{"title":"T","time_zone":"UTC"}`, "p-emil opens T"},
		{"/cases/" + string(aCase) + "/members", `{"login":"ida"}`, "p-emil adds ida"},
		{"/cases/" + string(aCase) + "/transitions", `{"to":"closed","reason":"done"}`, "p-emil transitions to closed"},
		{"/cases/" + string(aCase) + "/members/p-ida/removal", `{"reason":"moved on"}`, "p-emil removes p-ida"},
		{"/cases/" + string(aCase) + "/corrections", `{"entry":"entry-aaaaaaaaaaaaaaaaaaaaaaaaaa","right":"so"}`, "p-emil corrects so"},
	} {
		w.signed = nil
		resp := do(t, server, http.MethodPost, "/api/v1"+act.path, strings.NewReader(act.body), json)
		if resp.StatusCode >= 300 || len(w.signed) != 1 || string(w.signed[0]) != act.want {
			t.Errorf("%s: status %d, signed %q", act.path, resp.StatusCode, w.signed)
		}
	}
}
