package witness_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/witness"
)

// TestClientRefuses: what bad witnesses answer is refused, and the error says
// which fault it is. Such answers cannot be had of an honest witness, so they
// are written here.
func TestClientRefuses(t *testing.T) {
	r := newRegister(t, 20, "a")
	head := r.head(10)
	key, private := keyOf(witnessName, 1)
	_, stranger := keyOf(witnessName, 2)
	now := time.Now()
	size := func(text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/x.tlog.size")
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, text)
		}
	}
	bytes := func(text []byte) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { _, _ = w.Write(text) }
	}
	status := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { http.Error(w, "no", code) }
	}
	good := cosign(t, head, witnessName, private, now)
	flipped := []byte(strings.Replace(string(good), "AAAA", "AAAB", 1))
	for name, tt := range map[string]struct {
		old    int64
		answer func(http.ResponseWriter)
		code   evidence.Code
		cause  error
		size   int64
	}{
		"wrong key":                 {5, bytes(cosign(t, head, witnessName, stranger, now)), evidence.UntrustedKey, nil, -1},
		"wrong name":                {5, bytes(cosign(t, head, "other.example", private, now)), evidence.UntrustedKey, nil, -1},
		"another checkpoint":        {5, bytes(cosign(t, r.head(11), witnessName, private, now)), evidence.Tampered, nil, -1},
		"an older checkpoint":       {5, bytes(cosign(t, r.head(5), witnessName, private, now)), evidence.Tampered, nil, -1},
		"another time than signed":  {5, bytes(flipped), evidence.Tampered, nil, -1},
		"an hour and more ago":      {5, bytes(cosign(t, head, witnessName, private, now.Add(-61*time.Minute))), evidence.Malformed, nil, -1},
		"tomorrow":                  {5, bytes(cosign(t, head, witnessName, private, now.Add(24*time.Hour))), evidence.Malformed, nil, -1},
		"garbage":                   {5, bytes([]byte("<html>hello</html>")), evidence.Malformed, nil, -1},
		"nothing":                   {5, bytes(nil), evidence.Malformed, nil, -1},
		"no end":                    {5, bytes([]byte(strings.Repeat("— x AAAA\n", 1<<16))), evidence.Malformed, nil, -1},
		"older size":                {5, size("3\n"), evidence.Conflict, nil, 3},
		"newer size, below ours":    {5, size("7\n"), evidence.Conflict, nil, 7},
		"our size already":          {5, size("10\n"), evidence.Conflict, nil, 10},
		"larger size":               {5, size("11\n"), evidence.Tampered, evidence.ErrRolledBack, 11},
		"another of our size":       {10, size("10\n"), evidence.Tampered, evidence.ErrForked, 10},
		"the same size, absurdly":   {5, size("5\n"), evidence.Malformed, nil, -1},
		"size that is none":         {5, size("ten\n"), evidence.Malformed, nil, -1},
		"negative size":             {5, size("-3\n"), evidence.Malformed, nil, -1},
		"size without its end":      {5, size("3"), evidence.Malformed, nil, -1},
		"conflict of a proxy":       {10, status(409), evidence.Malformed, nil, -1},
		"does not continue":         {5, status(422), evidence.Tampered, evidence.ErrForked, -1},
		"our key not trusted there": {5, status(403), evidence.Forbidden, nil, -1},
		"our log not known there":   {5, status(404), evidence.NotFound, nil, -1},
		"cannot read us":            {5, status(400), evidence.Invalid, nil, -1},
		"broken":                    {5, status(500), evidence.Unavailable, nil, -1},
		"busy":                      {5, status(429), evidence.Unavailable, nil, -1},
		"elsewhere":                 {5, status(302), evidence.Unavailable, nil, -1},
	} {
		t.Run(name, func(t *testing.T) {
			url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { tt.answer(w) }))
			got, err := client(t, url, key).Cosign(t.Context(), tt.old, r.proof(tt.old, 10), head)
			wantCode(t, err, tt.code)
			if tt.cause != nil && !errors.Is(err, tt.cause) || tt.cause == nil && (errors.Is(err, evidence.ErrForked) || errors.Is(err, evidence.ErrRolledBack)) {
				t.Errorf("the cause is %v, want %v", err, tt.cause)
			}
			if got.Size != tt.size || got.Line != nil {
				t.Errorf("got %+v, want the size %d and no line", got, tt.size)
			}
		})
	}
	t.Run("good, among others", func(t *testing.T) {
		answer := append(cosign(t, head, "other.example", stranger, now), good...)
		url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) }))
		if got, err := client(t, url, key).Cosign(t.Context(), 5, r.proof(5, 10), head); err != nil || !slices.Equal(got.Line, good) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// TestClientDoesNotWaitForEver: a witness that is slow, or gone.
func TestClientDoesNotWaitForEver(t *testing.T) {
	r := newRegister(t, 3, "a")
	key, _ := keyOf(witnessName, 1)
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	c, err := witness.NewClient(witness.ClientConfig{URL: slow.URL, Key: key, HTTP: &http.Client{Timeout: 100 * time.Millisecond}})
	r.check(err)
	_, err = c.Cosign(t.Context(), 0, nil, r.head(3))
	wantCode(t, err, evidence.Unavailable)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, err = client(t, gone.URL, key).Cosign(t.Context(), 0, nil, r.head(3))
	wantCode(t, err, evidence.Unavailable)
}

func TestClientAsksOnlyWhatCanBeAsked(t *testing.T) {
	key, _ := keyOf(witnessName, 1)
	for _, url := range []string{"", "witness.example", "ftp://witness.example", "http://", "http://u:p@witness.example", "http://w.example/?a=b"} {
		if _, err := witness.NewClient(witness.ClientConfig{URL: url, Key: key}); evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
	r := newRegister(t, 3, "a")
	c := client(t, "http://127.0.0.1:1", key)
	for name, old := range map[string]int64{"negative": -1, "beyond": 4} {
		if _, err := c.Cosign(t.Context(), old, nil, r.head(3)); evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.Cosign(t.Context(), 0, nil, []byte("hello"))
	wantCode(t, err, evidence.Invalid)
}

func TestPolicy(t *testing.T) {
	a, b := "agency.example/log/v1", "agency.example/log/v2"
	vkey := func(name string, seed byte) string {
		key, _ := keyOf(name, seed)
		return evidence.PublicKey(key).VKey()
	}
	text := fmt.Sprintf("# logs\n\n%s %s\n%s %s\n%s %s\n", origin, vkey(a, 1), origin, vkey(b, 2), origin, vkey(a, 1))
	p, err := witness.ParsePolicy([]byte(text))
	if err != nil || len(p) != 1 || len(p[origin]) != 2 {
		t.Errorf("%v, %v", p, err)
	}
	witnessKey, _ := keyOf("w.example", 3)
	for name, line := range map[string]string{
		"no key": origin, "no origin": "=" + vkey(a, 1), "not a key": origin + "=abc", "a witness's key": origin + "=" + witnessKey.VKey(),
	} {
		if err := (witness.Policy{}).Accept(line); evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := witness.ParsePolicy([]byte("# x\nnonsense\n")); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("%v", err)
	}
}
