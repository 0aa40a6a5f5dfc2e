package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

const itemPath = "/api/v1/evidence/" + string(anItem)

// ticket puts a read of some bytes on record and returns the address that opens
// them.
func ticket(t *testing.T, s *httptest.Server, part string) string {
	t.Helper()
	resp := do(t, s, http.MethodPost, itemPath+"/tickets", strings.NewReader(`{"purpose":"examination"`+part+`}`), http.Header{"Content-Type": {"application/json"}})
	var got api.Ticket
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	return itemPath + "/content?ticket=" + string(got.Ticket)
}

func TestDownload(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	etag := `"` + w.item.Digest.String() + `"`
	all := string(w.content)
	for name, test := range map[string]struct {
		header       http.Header
		status       int
		body         string
		contentRange string
	}{
		"whole":           {nil, 200, all, ""},
		"from":            {http.Header{"Range": {"bytes=990-"}}, 206, all[990:], "bytes 990-999/1000"},
		"between":         {http.Header{"Range": {"bytes=0-9"}}, 206, all[:10], "bytes 0-9/1000"},
		"beyond the end":  {http.Header{"Range": {"bytes=995-5000"}}, 206, all[995:], "bytes 995-999/1000"},
		"the last":        {http.Header{"Range": {"bytes=-5"}}, 206, all[995:], "bytes 995-999/1000"},
		"several":         {http.Header{"Range": {"bytes=0-1,5-6"}}, 200, all, ""},
		"nonsense":        {http.Header{"Range": {"bytes=x-y"}}, 200, all, ""},
		"backwards":       {http.Header{"Range": {"bytes=9-1"}}, 200, all, ""},
		"of the same":     {http.Header{"Range": {"bytes=0-0"}, "If-Range": {etag}}, 206, "0", "bytes 0-0/1000"},
		"of another item": {http.Header{"Range": {"bytes=0-0"}, "If-Range": {`"old"`}}, 200, all, ""},
	} {
		t.Run(name, func(t *testing.T) {
			resp := do(t, s, http.MethodGet, ticket(t, s, ""), nil, test.header)
			got, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != test.status || string(got) != test.body || resp.Header.Get("Content-Range") != test.contentRange {
				t.Errorf("got %d, %d bytes, %q", resp.StatusCode, len(got), resp.Header.Get("Content-Range"))
			}
			if resp.Header.Get("ETag") != etag || resp.Header.Get("Repr-Digest") == "" {
				t.Errorf("headers %v", resp.Header)
			}
		})
	}
	for _, p := range w.purposes {
		if p != "examination" {
			t.Errorf("on record with purpose %q", p)
		}
	}
}

func TestDownloadIsNeverShownInPlace(t *testing.T) {
	w := newWorld()
	w.item.Name = "\u202e\"evil\r\n.html"
	s := serve(t, w)
	resp := do(t, s, http.MethodGet, ticket(t, s, ""), nil, nil)
	want := map[string]string{
		"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store",
		"Content-Disposition": `attachment; filename="__evil__.html"; filename*=UTF-8''%5Cu%7B202e%7D%22evil%5Cu%7Bd%7D%5Cu%7Ba%7D.html`,
	}
	want["Content-Disposition"] = strings.ReplaceAll(want["Content-Disposition"], "%5C", "_")
	for name, value := range want {
		if got := resp.Header.Get(name); got != value {
			t.Errorf("%s: %s, want %s", name, got, value)
		}
	}
}

func TestDownloadsThatCannotBe(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	whole := ticket(t, s, "")
	beyond := do(t, s, http.MethodGet, whole, nil, http.Header{"Range": {"bytes=1000-"}})
	if p := problemOf(t, beyond); p.Status != http.StatusRequestedRangeNotSatisfiable || beyond.Header.Get("Content-Range") != "bytes */1000" {
		t.Errorf("beyond: %+v, %q", p, beyond.Header.Get("Content-Range"))
	}
	for _, query := range []string{"", "?ticket=", "?ticket=x", "?purpose=planted"} {
		if p := problemOf(t, do(t, s, http.MethodGet, itemPath+"/content"+query, nil, nil)); p.Code != evidence.Invalid {
			t.Errorf("no ticket (%s): %+v", query, p)
		}
	}
	for _, body := range []string{`{}`, `{"purpose":""}`, `{"purpose":"x","offset":-1}`, `{"purpose":"` + strings.Repeat("x", evidence.MaxText+1) + `"}`} {
		resp := do(t, s, http.MethodPost, itemPath+"/tickets", strings.NewReader(body), http.Header{"Content-Type": {"application/json"}})
		if p := problemOf(t, resp); p.Code != evidence.Invalid {
			t.Errorf("%.40s: %+v", body, p)
		}
	}
	if len(w.purposes) != 1 {
		t.Errorf("refused reads are on record: %q", w.purposes)
	}
	if resp := do(t, s, http.MethodGet, whole, nil, nil); resp.StatusCode != http.StatusOK {
		t.Errorf("requests that were refused used the ticket up: %d", resp.StatusCode)
	}
	if p := problemOf(t, do(t, s, http.MethodGet, whole, nil, nil)); p.Code != evidence.Conflict {
		t.Errorf("a ticket opens the bytes twice: %+v", p)
	}
}

// TestResumedDownload goes on, with another ticket, where a download broke off.
func TestResumedDownload(t *testing.T) {
	w := newWorld()
	s := serve(t, w)
	rest := ticket(t, s, `,"offset":990`)
	if p := problemOf(t, do(t, s, http.MethodGet, rest, nil, nil)); p.Code != evidence.Invalid {
		t.Errorf("a ticket for a part opens the whole: %+v", p)
	}
	resp := do(t, s, http.MethodGet, rest, nil, http.Header{"Range": {"bytes=990-"}, "If-Range": {`"` + w.item.Digest.String() + `"`}})
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusPartialContent || !bytes.Equal(got, w.content[990:]) || resp.Header.Get("Content-Range") != "bytes 990-999/1000" {
		t.Errorf("got %d, %q, %q, %v", resp.StatusCode, got, resp.Header.Get("Content-Range"), err)
	}
}

func TestPurposesAreNotLogged(t *testing.T) {
	var log strings.Builder
	w := newWorld()
	s := serve(t, w, withLog(&log))
	do(t, s, http.MethodGet, ticket(t, s, ""), nil, nil)
	s.Close()
	if !strings.Contains(log.String(), "/content") || strings.Contains(log.String(), "examination") || strings.Contains(log.String(), "t-emil") || strings.Contains(log.String(), "ticket=") {
		t.Errorf("the log says %s", log.String())
	}
}
