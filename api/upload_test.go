package api_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func repr(content string) string {
	d := evidence.Sum([]byte(content))
	return "sha-256=:" + base64.StdEncoding.EncodeToString(d[:]) + ":"
}

// tusHeader returns the headers of a tus request and pairs of more.
func tusHeader(pairs ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

const chunk = "application/offset+octet-stream"

func create(t *testing.T, s *httptest.Server, length int, name string, more ...string) *http.Response {
	t.Helper()
	h := tusHeader(append([]string{
		"Upload-Length", strconv.Itoa(length), "Upload-Metadata", "intake " + b64(string(anInput)) + ",name " + b64(name),
	}, more...)...)
	return do(t, s, http.MethodPost, "/api/v1/uploads/", nil, h)
}

func patch(t *testing.T, s *httptest.Server, at string, offset int, content string, more ...string) *http.Response {
	t.Helper()
	h := tusHeader(append([]string{"Content-Type", chunk, "Upload-Offset", strconv.Itoa(offset)}, more...)...)
	return do(t, s, http.MethodPatch, at, strings.NewReader(content), h)
}

func offsetOf(t *testing.T, s *httptest.Server, at string) string {
	t.Helper()
	return do(t, s, http.MethodHead, at, nil, tusHeader()).Header.Get("Upload-Offset")
}

func TestAnUploadInParts(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	created := create(t, s, 10, "a.txt")
	at := created.Header.Get("Location")
	if created.StatusCode != http.StatusCreated || !strings.HasPrefix(at, "/api/v1/uploads/upload-") {
		t.Fatalf("created: %d at %q", created.StatusCode, at)
	}
	if resp := patch(t, s, at, 0, "hello"); resp.StatusCode != http.StatusNoContent || resp.Header.Get("Upload-Offset") != "5" {
		t.Fatalf("first part: %d, offset %q", resp.StatusCode, resp.Header.Get("Upload-Offset"))
	}
	if got := offsetOf(t, s, at); got != "5" {
		t.Fatalf("offset %q", got)
	}
	last := patch(t, s, at, 5, "world", "Repr-Digest", repr("helloworld"))
	if last.StatusCode != http.StatusNoContent || last.Header.Get("Sealcase-Item") != string(anItem) || last.Header.Get("Sealcase-Exhibit") != "2026-0001/E-00007" {
		t.Fatalf("last part: %d %v", last.StatusCode, last.Header)
	}
	if resp := do(t, s, http.MethodGet, at+"/item", nil, nil); resp.StatusCode != http.StatusOK {
		t.Errorf("receipt: %d", resp.StatusCode)
	}
	// A repeat, because the answer was lost, says the same.
	again := patch(t, s, at, 10, "", "Repr-Digest", repr("helloworld"))
	if again.StatusCode != http.StatusNoContent || again.Header.Get("Sealcase-Item") != string(anItem) {
		t.Errorf("repeat: %d %v", again.StatusCode, again.Header)
	}
}

func TestUploadsAreRefusedWithAProblem(t *testing.T) {
	s := serve(t, newWorld())
	at := create(t, s, 10, "a.txt").Header.Get("Location")
	for name, test := range map[string]struct {
		ask  func(*testing.T) *http.Response
		code evidence.Code
	}{
		"the last bytes without a digest": {func(t *testing.T) *http.Response { return patch(t, s, at, 0, "helloworld") }, evidence.Invalid},
		"chunked without a digest": {func(t *testing.T) *http.Response {
			return do(t, s, http.MethodPatch, at, io.MultiReader(strings.NewReader("he")), tusHeader("Content-Type", chunk, "Upload-Offset", "0"))
		}, evidence.Invalid},
		"more than declared": {func(t *testing.T) *http.Response { return patch(t, s, at, 0, "hello world!", "Repr-Digest", repr("x")) }, evidence.LengthMismatch},
		"wrong offset":       {func(t *testing.T) *http.Response { return patch(t, s, at, 3, "lo") }, evidence.Conflict},
		"no length":          {func(t *testing.T) *http.Response { return do(t, s, "POST", "/api/v1/uploads/", nil, tusHeader()) }, evidence.Invalid},
		"deferred length": {func(t *testing.T) *http.Response {
			return do(t, s, "POST", "/api/v1/uploads/", nil, tusHeader("Upload-Defer-Length", "1"))
		}, evidence.Invalid},
		"no tus version": {func(t *testing.T) *http.Response { return do(t, s, "PATCH", at, nil, nil) }, evidence.Invalid},
		"no intake":      {func(t *testing.T) *http.Response { return create(t, s, 1, "a", "Upload-Metadata", "name "+b64("a")) }, evidence.Invalid},
		"no name":        {func(t *testing.T) *http.Response { return create(t, s, 1, "") }, evidence.Invalid},
		"name too long": {func(t *testing.T) *http.Response {
			return create(t, s, 1, strings.Repeat("x", evidence.MaxNameBytes+1))
		}, evidence.Invalid},
		"bad digest": {func(t *testing.T) *http.Response { return create(t, s, 1, "a", "Repr-Digest", "sha-256=:x:") }, evidence.Invalid},
		"unknown upload": {func(t *testing.T) *http.Response {
			return patch(t, s, "/api/v1/uploads/upload-bbbbbbbbbbbbbbbbbbbbbbbbbb", 0, "x")
		}, evidence.NotFound},
		"malformed upload":      {func(t *testing.T) *http.Response { return patch(t, s, "/api/v1/uploads/x", 0, "x") }, evidence.NotFound},
		"read back":             {func(t *testing.T) *http.Response { return do(t, s, "GET", at, nil, tusHeader()) }, evidence.Invalid},
		"empty without digest":  {func(t *testing.T) *http.Response { return create(t, s, 0, "empty") }, evidence.Invalid},
		"item of an unfinished": {func(t *testing.T) *http.Response { return do(t, s, "GET", at+"/item", nil, nil) }, evidence.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			if p := problemOf(t, test.ask(t)); p.Code != test.code {
				t.Errorf("got %+v", p)
			}
		})
	}
	if got := offsetOf(t, s, at); got != "0" {
		t.Errorf("after all that the offset is %q", got)
	}
	if last := patch(t, s, at, 0, "helloworld", "Repr-Digest", repr("helloworld")); last.StatusCode != http.StatusNoContent {
		t.Errorf("the upload did not stay usable: %d", last.StatusCode)
	}
}

func TestAWrongDigestStoresNothing(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	at := create(t, s, 5, "a.txt", "Upload-Metadata",
		fmt.Sprintf("intake %s,name %s,sha256 %s", b64(string(anInput)), b64("a"), b64(evidence.Sum([]byte("other")).String()))).Header.Get("Location")
	if p := problemOf(t, patch(t, s, at, 0, "hello")); p.Code != evidence.DigestMismatch || p.Status != http.StatusUnprocessableEntity {
		t.Errorf("got %+v", p)
	}
	if resp := do(t, s, http.MethodHead, at, nil, tusHeader()); resp.StatusCode != http.StatusNotFound {
		t.Errorf("the upload is still there: %d", resp.StatusCode)
	}
	two := problemOf(t, create(t, s, 5, "a", "Repr-Digest", repr("a"), "Upload-Metadata",
		fmt.Sprintf("intake %s,name %s,sha256 %s", b64(string(anInput)), b64("a"), b64(evidence.Sum([]byte("b")).String()))))
	if two.Code != evidence.Invalid {
		t.Errorf("two digests: %+v", two)
	}
}

// A request that brings a whole small file may be repeated wherever the first
// one ended: with a part of the bytes here, with all of them, or complete.
func TestARepeatedCreationGoesOn(t *testing.T) {
	s := serve(t, newWorld())
	whole := func() *http.Response {
		h := tusHeader("Upload-Length", "10", "Upload-Metadata", "intake "+b64(string(anInput))+",name "+b64("a"),
			"Content-Type", chunk, "Idempotency-Key", "k", "Repr-Digest", repr("helloworld"))
		return do(t, s, http.MethodPost, "/api/v1/uploads/", strings.NewReader("helloworld"), h)
	}
	at := create(t, s, 10, "a", "Idempotency-Key", "k").Header.Get("Location")
	if resp := patch(t, s, at, 0, "hello"); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("the first bytes: %d", resp.StatusCode)
	}
	for _, here := range []string{"a part", "all"} {
		resp := whole()
		if resp.StatusCode != http.StatusCreated || resp.Header.Get("Location") != at ||
			resp.Header.Get("Upload-Offset") != "10" || resp.Header.Get("Sealcase-Item") != string(anItem) {
			t.Errorf("repeated with %s of it here: %d %v", here, resp.StatusCode, resp.Header)
		}
	}
}

func TestASmallFileIsOneRequest(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "small": "hello"} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, newWorld())
			h := tusHeader("Upload-Length", strconv.Itoa(len(content)), "Content-Type", chunk, "Repr-Digest", repr(content),
				"Upload-Metadata", "intake "+b64(string(anInput))+",name "+b64("a"))
			resp := do(t, s, http.MethodPost, "/api/v1/uploads/", strings.NewReader(content), h)
			if resp.StatusCode != http.StatusCreated || resp.Header.Get("Sealcase-Item") != string(anItem) {
				t.Errorf("got %d %v", resp.StatusCode, resp.Header)
			}
		})
	}
}

func TestHostileNamesArriveAsTheyAre(t *testing.T) {
	for _, name := range []string{"../../etc/passwd", "a\x00b", "a\r\nSet-Cookie: x", "\u202egpj.exe", "=cmd|'/c calc'!A0", "\xff\xfe", strings.Repeat("x", 255)} {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			w := newWorld()
			if resp := create(t, serve(t, w), 1, name); resp.StatusCode != http.StatusCreated {
				t.Fatalf("status %d", resp.StatusCode)
			}
			for _, u := range w.uploads {
				if string(u.Name) != name {
					t.Errorf("recorded as %q", u.Name)
				}
			}
		})
	}
}

func TestSomebodyElsesUploadDoesNotExist(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	at := create(t, s, 5, "a.txt").Header.Get("Location")
	ida := http.Header{"Authorization": {"Bearer t-ida"}, "Tus-Resumable": {"1.0.0"}, "Content-Type": {chunk}, "Upload-Offset": {"0"}, "Repr-Digest": {repr("hello")}}
	for _, method := range []string{http.MethodPatch, http.MethodDelete} {
		if p := problemOf(t, do(t, s, method, at, strings.NewReader("hello"), ida)); p.Code != evidence.NotFound {
			t.Errorf("%s: %+v", method, p)
		}
	}
	if resp := do(t, s, http.MethodDelete, at, nil, tusHeader()); resp.StatusCode != http.StatusNoContent {
		t.Errorf("its creator throws it away: %d", resp.StatusCode)
	}
}

func TestABrokenConnectionKeepsWhatCame(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	at := create(t, s, 10, "a.txt").Header.Get("Location")
	address, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "PATCH %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer t-emil\r\nTus-Resumable: 1.0.0\r\n"+
		"Content-Type: %s\r\nUpload-Offset: 0\r\nRepr-Digest: %s\r\nContent-Length: 10\r\n\r\nhell", at, address.Host, chunk, repr("helloworld"))
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(answer, []byte(`"code":"incomplete"`)) {
		t.Errorf("the answer to a broken request is %s", answer)
	}
	if got := offsetOf(t, s, at); got != "4" {
		t.Fatalf("offset %q, want 4", got)
	}
	last := patch(t, s, at, 4, "oworld", "Repr-Digest", repr("helloworld"))
	if last.StatusCode != http.StatusNoContent || last.Header.Get("Sealcase-Item") == "" {
		t.Errorf("resumed: %d", last.StatusCode)
	}
}

func TestAnUploadThatCouldNotBeCompletedIsCompletedLater(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	at := create(t, s, 5, "a.txt").Header.Get("Location")
	w.fail = evidence.Errorf(evidence.Unavailable, "The registry does not answer.")
	if p := problemOf(t, patch(t, s, at, 0, "hello", "Repr-Digest", repr("hello"))); p.Code != evidence.Unavailable {
		t.Fatalf("got %+v", p)
	}
	w.fail = nil
	resp := patch(t, s, at, 5, "", "Repr-Digest", repr("hello"))
	if resp.StatusCode != http.StatusNoContent || resp.Header.Get("Sealcase-Item") == "" {
		t.Errorf("later: %d %v", resp.StatusCode, resp.Header)
	}
}

func TestABeginningRepeatedWithItsKeyIsOne(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	first := create(t, s, 5, "a.txt", "Idempotency-Key", "k").Header.Get("Location")
	second := create(t, s, 5, "a.txt", "Idempotency-Key", "k").Header.Get("Location")
	if first == "" || first != second || len(w.uploads) != 1 {
		t.Errorf("%q and %q, %d uploads", first, second, len(w.uploads))
	}
}
