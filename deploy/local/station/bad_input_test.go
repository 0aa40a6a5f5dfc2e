package station_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// TestBadUploads sends what a careless or hostile client sends. Nothing of it
// is in the case afterwards but what was whole and right.
func TestBadUploads(t *testing.T) {
	c, emil := openCase(t), onWire(t, "emil")
	in := emil.intake(c)
	content := []byte("the bytes that were seized")
	wrong := evidence.Sum([]byte("other bytes"))
	for name, tc := range map[string]struct {
		reply  reply
		status int
		code   evidence.Code
	}{
		"wrong digest":     {emil.upload(in, "wrong digest", content, wrong), http.StatusUnprocessableEntity, evidence.DigestMismatch},
		"empty, not so":    {emil.upload(in, "not empty", nil, wrong), http.StatusUnprocessableEntity, evidence.DigestMismatch},
		"no name":          {emil.upload(in, "", content, evidence.Sum(content)), http.StatusBadRequest, evidence.Invalid},
		"name too long":    {emil.upload(in, strings.Repeat("n", evidence.MaxNameBytes+1), content, evidence.Sum(content)), http.StatusBadRequest, evidence.Invalid},
		"no such delivery": {emil.upload(evidence.Derive[evidence.IntakeID]("none"), "a", content, evidence.Sum(content)), http.StatusNotFound, evidence.NotFound},
	} {
		if p := tc.reply.problem(); tc.reply.status != tc.status || p.Code != tc.code || p.Detail == "" {
			t.Errorf("%s: %d %s, want %d %s", name, tc.reply.status, tc.reply.body, tc.status, tc.code)
		}
	}
	at := strings.TrimPrefix(emil.send(http.MethodPost, "/uploads/", tus(in, "wrong length", len(content)), nil).header.Get("Location"), "/api/v1")
	long := emil.send(http.MethodPatch, at, declaring(chunk(0), wrong), strings.NewReader(string(content)+"and more"))
	if long.problem().Code != evidence.LengthMismatch {
		t.Errorf("more than was declared: %d %s", long.status, long.body)
	}
	short := emil.send(http.MethodPatch, at, chunk(0), bytes.NewReader(content[:10]))
	if short.status != http.StatusNoContent || short.header.Get("Upload-Offset") != "10" || short.header.Get("Sealcase-Item") != "" {
		t.Errorf("less than was declared: %d %v %s", short.status, short.header, short.body)
	}
	if items := itemsOf(t, c); len(items) != 0 {
		t.Errorf("in the case are %+v", items)
	}
	if n := count(logOf(t, c), evidence.ActRejected); n != 2 {
		t.Errorf("%d attempts are on record, want 2", n)
	}
}

// TestHostileNames brings in names that no file system takes, and gets the bytes
// out under names that every file system takes.
func TestHostileNames(t *testing.T) {
	c, eye := openCase(t), onWire(t, "emil")
	in := eye.intake(c)
	names := append(hostile(), "../../etc/cron.d/x", "/etc/passwd", "..", "nul\x00name", `C:\Windows\x`, strings.Repeat("é", 400))
	for _, name := range names {
		if r := eye.upload(in, name, []byte(name), evidence.Sum([]byte(name))); r.status != http.StatusCreated || r.header.Get("Sealcase-Item") == "" {
			t.Errorf("%q: %d %s", name, r.status, r.body)
		}
	}
	items, folder := itemsOf(t, c), t.TempDir()
	if len(items) != len(names) {
		t.Fatalf("%d items, want %d", len(items), len(names))
	}
	for i, it := range items {
		if string(it.Name) != names[i] || it.Exhibit != i+1 {
			t.Errorf("exhibit %d is %q, want %q", it.Exhibit, it.Name, names[i])
		}
	}
	inside := filepath.Join(folder, "inside")
	if err := os.Mkdir(inside, 0o700); err != nil {
		t.Fatal(err)
	}
	worst := items[len(hostile())]
	if o := as(t, "emil").run("evidence", "get", string(worst.ID), "--purpose", "test", "--output", inside); o.code != 0 {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	if found, _ := filepath.Glob(folder + "/*/*"); len(found) != 1 || found[0] != filepath.Join(inside, worst.Name.SafeName()) {
		t.Errorf("it was written to %q", found)
	}
	for _, o := range []outcome{as(t, "emil").run("evidence", "list", "--case", string(c.ID)), as(t, "ida").run("case", "log", string(c.ID))} {
		if o.code != 0 || strings.ContainsAny(string(o.stdout), "\x00\r\u202e") || bytes.ContainsAny(o.stdout, "\xff") || strings.Contains(string(o.stdout), "new\nline") {
			t.Errorf("%s shows names as they are: exit code %d:\n%q", o.args, o.code, o.stdout)
		}
	}
}

// TestEmptyFile brings in a file of no bytes, which says so.
func TestEmptyFile(t *testing.T) {
	c := openCase(t)
	if o := as(t, "emil").run(addArgs(c, file(t, "empty", nil))...); o.code != 0 || !strings.Contains(o.said(), "(empty file)") {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	if it := itemsOf(t, c)[0]; it.Length != 0 || it.State != evidence.ItemSealed || it.Digest != evidence.Sum(nil) {
		t.Errorf("the item is %+v", it)
	}
	wantVerified(t, disclose(t, c))
}

// TestUploadResumesAfterKill kills the API while a large file is on its way. The
// parts that were safe are not sent again.
func TestUploadResumesAfterKill(t *testing.T) {
	const length, part = 40 << 20, 16 << 20
	c, emil, content := openCase(t), onWire(t, "emil"), random(9, length)
	at := strings.TrimPrefix(emil.send(http.MethodPost, "/uploads/", tus(emil.intake(c), "disk.dd", length), nil).header.Get("Location"), "/api/v1")
	body, feed := io.Pipe()
	broken := make(chan reply, 1)
	go func() { broken <- emil.send(http.MethodPatch, at, declaring(chunk(0), evidence.Sum(content)), body) }()
	// What is on its way in the kernel's buffers is less than a part: when all
	// this is taken, the first part has been stored before the second was read.
	if _, err := feed.Write(content[:2*part-1]); err != nil {
		t.Fatal(err)
	}
	shared.API.Kill()
	feed.Close()
	if r := <-broken; r.err == nil {
		t.Errorf("the API that was killed answered %d %s", r.status, r.body)
	}
	if err := shared.API.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	head := emil.send(http.MethodHead, at, http.Header{"Tus-Resumable": {"1.0.0"}}, nil)
	offset, err := strconv.Atoi(head.header.Get("Upload-Offset"))
	if err != nil || offset != part {
		t.Fatalf("after the kill it stands at %q, want %d", head.header.Get("Upload-Offset"), part)
	}
	last := emil.send(http.MethodPatch, at, declaring(chunk(offset), evidence.Sum(content)), bytes.NewReader(content[offset:]))
	if last.status != http.StatusNoContent || last.header.Get("Sealcase-Item") == "" {
		t.Fatalf("the rest: %d %s", last.status, last.body)
	}
	if v := ask[evidence.Verification](as(t, "emil"), "evidence", "verify", last.header.Get("Sealcase-Item")); !v.OK || v.Observed != evidence.Sum(content) {
		t.Errorf("the item is %+v", v)
	}
}
