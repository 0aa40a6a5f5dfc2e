package timestamp_test

import (
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	lib "github.com/digitorus/timestamp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/timestamp"
	"github.com/sealcase/sealcase/evidence/timestamp/timestamptest"
)

var text = []byte("agency.example/register\n3\nroot\n")

func roots(t testing.TB, pem []byte) *x509.CertPool {
	t.Helper()
	pool, err := timestamp.ParseRoots(pem)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

func client(t testing.TB, a *timestamptest.Authority) *timestamp.Client {
	t.Helper()
	c, err := timestamp.New(timestamp.Config{URL: a.URL, Roots: roots(t, a.Roots)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStamp(t *testing.T) {
	a := timestamptest.New(t)
	c := client(t, a)
	token, at, err := c.Stamp(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name() != a.URL || time.Since(at.Time()) > time.Minute {
		t.Errorf("%s says %s", c.Name(), at)
	}
	s, err := timestamp.Verify(token, text, roots(t, a.Roots))
	if err != nil || s.At != at || s.By != "CN=Test time-stamp authority" || s.Accuracy != time.Second || s.Serial == "" {
		t.Errorf("%+v, %v", s, err)
	}
	for name, other := range map[string]*x509.CertPool{"another authority's": roots(t, timestamptest.New(t).Roots), "none": nil} {
		if _, err := timestamp.Verify(token, text, other); evidence.CodeOf(err) != evidence.UntrustedKey {
			t.Errorf("by the root of %s: %v", name, err)
		}
	}
	_, err = timestamp.Verify(token, append([]byte("x"), text...), roots(t, a.Roots))
	if evidence.CodeOf(err) != evidence.Tampered {
		t.Errorf("of another text: %v", err)
	}
}

// TestOpenSSLAgrees: the command that an expert has accepts the same token.
func TestOpenSSLAgrees(t *testing.T) {
	a := timestamptest.New(t)
	token, _, err := client(t, a).Stamp(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, content := range map[string][]byte{"token.der": token, "text": text, "other": []byte("other"), "roots.pem": a.Roots} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(data string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "openssl", "ts", "-verify", "-data", data, "-in", "token.der", "-token_in", "-CAfile", "roots.pem")
		cmd.Dir = dir
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	if said, err := verify("text"); err != nil || !strings.Contains(said, "Verification: OK") {
		t.Errorf("openssl: %v\n%s", err, said)
	}
	var failed *exec.ExitError
	if said, err := verify("other"); !errors.As(err, &failed) {
		t.Errorf("openssl takes it for another text: %v\n%s", err, said)
	}
}

// TestStampRefuses: what an authority does wrong is refused, and the error says
// which fault it is.
func TestStampRefuses(t *testing.T) {
	reply := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/timestamp-reply")
			_, _ = io.WriteString(w, body)
		}
	}
	rejection, err := lib.CreateErrorResponse(lib.Rejection, lib.BadAlgorithm)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		set  func(*timestamptest.Authority)
		code evidence.Code
	}{
		"other bytes": {func(a *timestamptest.Authority) {
			a.Change(func(s *lib.Timestamp) { s.HashedMessage = make([]byte, 32) })
		}, evidence.Tampered},
		"another hash":  {func(a *timestamptest.Authority) { a.Change(func(s *lib.Timestamp) { s.HashAlgorithm = crypto.SHA512 }) }, evidence.Tampered},
		"another nonce": {func(a *timestamptest.Authority) { a.Change(func(s *lib.Timestamp) { s.Nonce = big.NewInt(7) }) }, evidence.Tampered},
		"no nonce":      {func(a *timestamptest.Authority) { a.Change(func(s *lib.Timestamp) { s.Nonce = nil }) }, evidence.Tampered},
		"two hours ago": {func(a *timestamptest.Authority) {
			a.Change(func(s *lib.Timestamp) { s.Time = s.Time.Add(-2 * time.Hour) })
		}, evidence.Malformed},
		"before its time": {func(a *timestamptest.Authority) {
			a.Change(func(s *lib.Timestamp) { s.Time = s.Time.Add(-25 * time.Hour) })
		}, evidence.UntrustedKey},
		"no certificate":   {func(a *timestamptest.Authority) { a.Change(func(s *lib.Timestamp) { s.AddTSACertificate = false }) }, evidence.Malformed},
		"usage may ignore": {func(a *timestamptest.Authority) { a.Certify(timestamptest.Certified{NotCritical: true}) }, evidence.UntrustedKey},
		"for web servers": {func(a *timestamptest.Authority) {
			a.Certify(timestamptest.Certified{Usages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
		}, evidence.UntrustedKey},
		"for more than that": {func(a *timestamptest.Authority) {
			a.Certify(timestamptest.Certified{Usages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageServerAuth}})
		}, evidence.UntrustedKey},
		"rejection":        {func(a *timestamptest.Authority) { a.Instead(reply(string(rejection))) }, evidence.Forbidden},
		"garbage":          {func(a *timestamptest.Authority) { a.Instead(reply("hello")) }, evidence.Malformed},
		"nothing":          {func(a *timestamptest.Authority) { a.Instead(reply("")) }, evidence.Malformed},
		"granted, no more": {func(a *timestamptest.Authority) { a.Instead(reply("\x30\x05\x30\x03\x02\x01\x00")) }, evidence.Malformed},
		"a token of junk":  {func(a *timestamptest.Authority) { a.Instead(reply("\x30\x09\x30\x03\x02\x01\x00\x30\x02\x05\x00")) }, evidence.Malformed},
		"no end":           {func(a *timestamptest.Authority) { a.Instead(reply(strings.Repeat("x", 1<<20))) }, evidence.Malformed},
		"a page": {func(a *timestamptest.Authority) {
			a.Instead(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
		}, evidence.Malformed},
		"broken": {func(a *timestamptest.Authority) {
			a.Instead(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
		}, evidence.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			a := timestamptest.New(t)
			tt.set(a)
			token, _, err := client(t, a).Stamp(t.Context(), text)
			if got := evidence.CodeOf(err); got != tt.code || token != nil {
				t.Errorf("got %q (%v), want %q", got, err, tt.code)
			}
		})
	}
}

func TestStampDoesNotWaitForEver(t *testing.T) {
	a := timestamptest.New(t)
	release := make(chan struct{})
	defer close(release)
	a.Instead(func(http.ResponseWriter, *http.Request) { <-release })
	c, err := timestamp.New(timestamp.Config{
		URL: strings.Replace(a.URL, "://", "://user:secret@", 1), Roots: roots(t, a.Roots), HTTP: &http.Client{Timeout: 100 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.Stamp(t.Context(), text)
	if evidence.CodeOf(err) != evidence.Unavailable || strings.Contains(err.Error(), "secret") || c.Name() != a.URL {
		t.Errorf("%s: %v", c.Name(), err)
	}
}

// TestEveryByteOfATokenCounts: flipped anywhere, it is refused, or says the
// very same: some bytes are not signed, such as those of certificates that
// nothing rests on.
func TestEveryByteOfATokenCounts(t *testing.T) {
	a := timestamptest.New(t)
	pool := roots(t, a.Roots)
	token, _, err := client(t, a).Stamp(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	want, err := timestamp.Verify(token, text, pool)
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for i := range token {
		changed := append([]byte(nil), token...)
		changed[i] ^= 1
		got, err := timestamp.Verify(changed, text, pool)
		if err != nil {
			continue
		}
		accepted++
		if got.At != want.At || got.Serial != want.Serial || got.By != want.By {
			t.Errorf("byte %d: %+v is accepted", i, got)
		}
	}
	t.Logf("%d of %d bytes may be changed without a consequence", accepted, len(token))
	if accepted > len(token)/20 {
		t.Errorf("%d of %d bytes may be changed", accepted, len(token))
	}
}

func TestNewRefuses(t *testing.T) {
	pool := roots(t, timestamptest.New(t).Roots)
	for name, c := range map[string]timestamp.Config{
		"no address": {Roots: pool}, "a file": {URL: "file:///x", Roots: pool}, "no roots": {URL: "https://tsa.example"},
	} {
		if _, err := timestamp.New(c); evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, pem := range map[string]string{"empty": "", "junk": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := timestamp.ParseRoots([]byte(pem)); evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzVerify: whatever comes, it is an error and never a panic.
func FuzzVerify(f *testing.F) {
	a := timestamptest.New(f)
	pool := roots(f, a.Roots)
	c, err := timestamp.New(timestamp.Config{URL: a.URL, Roots: pool})
	if err != nil {
		f.Fatal(err)
	}
	token, _, err := c.Stamp(f.Context(), text)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add([]byte("\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := timestamp.Verify(b, []byte("never stamped"), pool); err == nil {
			t.Error("it is accepted for a text that was never stamped")
		}
	})
}
