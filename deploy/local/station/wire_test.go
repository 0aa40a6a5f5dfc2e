package station_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// wire is a person who speaks to the API without the command line.
type wire struct {
	t     *testing.T
	token string
}

// onWire returns a person with the session of their command line.
func onWire(t *testing.T, login string) wire {
	t.Helper()
	as(t, login)
	var sessions struct {
		Tokens map[string]string `json:"tokens"`
	}
	raw, err := os.ReadFile(filepath.Join(shared.Dir, "home", login, "sessions.json"))
	if err == nil {
		err = json.Unmarshal(raw, &sessions)
	}
	if err != nil || sessions.Tokens[shared.URL] == "" {
		t.Fatalf("%s has no session: %v", login, err)
	}
	return wire{t, sessions.Tokens[shared.URL]}
}

// anew returns a person who has just signed in: for half a minute the API takes
// this session for good without asking Vault.
func anew(t *testing.T, login string) wire {
	t.Helper()
	who, err := shared.Person(login)
	if err != nil {
		t.Fatal(err)
	}
	r := wire{t, ""}.send(http.MethodPost, "/session", nil, `{"login":"`+login+`","password":"`+who.Password+`","client":"cli"}`)
	var session struct{ Token string }
	if err := json.Unmarshal(r.body, &session); err != nil || session.Token == "" {
		t.Fatalf("%s cannot sign in: %v: %d", login, err, r.status)
	}
	return wire{t, session.Token}
}

// reply is an answer of the API; status 0 when there was none.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// problem is what a failure says.
type problem struct {
	Code   evidence.Code `json:"code"`
	Detail string        `json:"detail"`
}

func (r reply) problem() problem {
	var p problem
	_ = json.Unmarshal(r.body, &p) // not a problem: the zero one
	return p
}

// send sends one request. body is a string, a reader or nil.
func (w wire) send(method, path string, header http.Header, body any) reply {
	w.t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case string:
		content = strings.NewReader(b)
	case io.Reader:
		content = b
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, shared.URL+"/api/v1"+path, content)
	if err != nil {
		w.t.Fatal(err)
	}
	for name, values := range header {
		request.Header[name] = values
	}
	if _, ok := body.(string); ok {
		request.Header.Set("Content-Type", "application/json")
	}
	if w.token != "" {
		request.Header.Set("Authorization", "Bearer "+w.token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{err: err}
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, raw, err}
}

// ready asks whether the API and all behind it can work.
func ready(t *testing.T) (status int) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, shared.URL+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// see reads something, and reports whether the API gave it.
func see[T any](w wire, path string) (v T, ok bool) {
	w.t.Helper()
	r := w.send(http.MethodGet, path, nil, nil)
	return v, r.status == http.StatusOK && json.Unmarshal(r.body, &v) == nil
}

// until waits for something to become true.
func until(t *testing.T, what string, limit time.Duration, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", limit, what)
		}
	}
}

// tus are the header fields that begin an upload.
func tus(in evidence.IntakeID, name string, length int) http.Header {
	encoded := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	return http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.Itoa(length)},
		"Upload-Metadata": {"intake " + encoded(string(in)) + ",name " + encoded(name)},
	}
}

// chunk are the header fields of a part of an upload.
func chunk(offset int) http.Header {
	return http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Offset": {strconv.Itoa(offset)}, "Content-Type": {"application/offset+octet-stream"},
	}
}

// declaring adds the SHA-256 of the whole file.
func declaring(h http.Header, d evidence.Digest) http.Header {
	h.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(d[:])+":")
	return h
}

// upload sends a small file in one request.
func (w wire) upload(in evidence.IntakeID, name string, content []byte, declared evidence.Digest) reply {
	w.t.Helper()
	h := declaring(tus(in, name, len(content)), declared)
	h.Set("Content-Type", "application/offset+octet-stream")
	return w.send(http.MethodPost, "/uploads/", h, bytes.NewReader(content))
}

// intake opens a delivery.
func (w wire) intake(c evidence.Case) evidence.IntakeID {
	w.t.Helper()
	r := w.send(http.MethodPost, "/cases/"+string(c.ID)+"/intakes", nil, `{"source":"by hand"}`)
	var in evidence.Intake
	if err := json.Unmarshal(r.body, &in); err != nil || in.ID == "" {
		w.t.Fatalf("opening an intake: %v: %d %s", err, r.status, r.body)
	}
	return in.ID
}
