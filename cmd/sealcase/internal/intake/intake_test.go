package intake_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/intake"
	"github.com/sealcase/sealcase/evidence"
)

// server keeps uploads in memory and fails when it is told to.
type server struct {
	mu      sync.Mutex
	uploads map[evidence.UploadID]*kept
	fail    func(step string, n int) error // n counts the calls of a step
	calls   map[string]int
	keys    []string // of the uploads that were to be begun
}

type kept struct {
	bytes  []byte
	length int64
	of     evidence.Collection
	item   evidence.ItemID
}

func newServer() *server {
	return &server{uploads: map[evidence.UploadID]*kept{}, calls: map[string]int{}, fail: func(string, int) error { return nil }}
}

func (s *server) step(name string) error {
	s.calls[name]++
	return s.fail(name, s.calls[name])
}

func (s *server) CreateUpload(_ context.Context, key string, f client.File, whole []byte, end client.Ending) (client.Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = append(s.keys, key)
	if err := s.step("create"); err != nil {
		return client.Sent{}, err
	}
	id := evidence.Derive[evidence.UploadID](key)
	u, ok := s.uploads[id]
	if !ok {
		u = &kept{length: f.Length, of: f.Collection}
		s.uploads[id] = u
	}
	if int64(len(whole)) == f.Length && !end.Digest.IsZero() {
		u.bytes, u.of = whole, f.Collection
		return s.complete(id, u, end)
	}
	return client.Sent{Upload: id}, nil
}

func (s *server) complete(id evidence.UploadID, u *kept, end client.Ending) (client.Sent, error) {
	u.of.Root = end.Root
	if evidence.Sum(u.bytes) != end.Digest {
		delete(s.uploads, id)
		return client.Sent{}, evidence.Errorf(evidence.DigestMismatch, "The bytes differ.")
	}
	u.item = evidence.Derive[evidence.ItemID](string(id))
	return client.Sent{Upload: id, Offset: u.length, Item: u.item, Exhibit: "2026-0001/E-00001"}, nil
}

func (s *server) UploadOffset(_ context.Context, id evidence.UploadID) (client.Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.step("offset"); err != nil {
		return client.Sent{}, err
	}
	u, ok := s.uploads[id]
	if !ok {
		return client.Sent{}, evidence.Errorf(evidence.NotFound, "There is no such upload.")
	}
	return client.Sent{Upload: id, Offset: int64(len(u.bytes))}, nil
}

func (s *server) SendChunk(_ context.Context, id evidence.UploadID, offset int64, body io.Reader, length int64, end client.Ending) (client.Sent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, ok := s.uploads[id]
	if !ok || offset != int64(len(u.bytes)) {
		return client.Sent{}, evidence.Errorf(evidence.Conflict, "The upload stands elsewhere.")
	}
	if err := s.step("chunk"); err != nil {
		part, _ := io.ReadAll(io.LimitReader(body, length/2)) // a connection that breaks half-way
		u.bytes = append(u.bytes, part...)
		return client.Sent{}, err
	}
	all, err := io.ReadAll(body)
	if err != nil {
		return client.Sent{}, err
	}
	u.bytes = append(u.bytes, all...)
	if int64(len(u.bytes)) == u.length {
		return s.complete(id, u, end)
	}
	return client.Sent{Upload: id, Offset: int64(len(u.bytes))}, nil
}

var errGone = evidence.Errorf(evidence.Unavailable, "The server does not answer.")

func journal(t *testing.T, dir string) *intake.Journal {
	t.Helper()
	j, err := intake.OpenJournal(dir, func() (string, error) { return "key", nil }, "a", "delivery")
	if err != nil {
		t.Fatal(err)
	}
	if err := j.Opened("intake-aaaaaaaaaaaaaaaaaaaaaaaaaa"); err != nil {
		t.Fatal(err)
	}
	return j
}

func send(t *testing.T, s *server, j *intake.Journal, sources []intake.Source, told *int64) []intake.Outcome {
	t.Helper()
	var mu sync.Mutex
	sender := &intake.Sender{Server: s, Journal: j, Workers: 3, Wait: func(context.Context, int) {}, Sent: func(n int64) {
		mu.Lock()
		defer mu.Unlock()
		*told += n
	}}
	outcomes, err := sender.Send(t.Context(), sources)
	if err != nil {
		t.Fatal(err)
	}
	return outcomes
}

func file(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, paths ...string) []intake.Source {
	t.Helper()
	found, err := intake.Find(paths, true)
	if err != nil {
		t.Fatal(err)
	}
	return found.Files
}

func TestFindFollowsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	file(t, filepath.Join(dir, "b", "x"), []byte("x"))
	file(t, dir+"/a\xff", nil)
	for _, err := range []error{
		os.Symlink("/etc/passwd", filepath.Join(dir, "link")), os.Symlink("/etc", filepath.Join(dir, "links")),
		syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	found, err := intake.Find([]string{dir}, true)
	if err != nil {
		t.Fatal(err)
	}
	var got, passed []string
	for _, s := range found.Files {
		got = append(got, string(s.Folder)+"|"+string(s.Name))
	}
	for _, s := range found.Skipped {
		passed = append(passed, filepath.Base(string(s.Location))+": "+s.Reason)
	}
	if diff := cmp.Diff([]string{"disk|a\xff", "disk/b|x"}, got); diff != "" {
		t.Error(diff)
	}
	want := []string{
		"link: is a symbolic link; links are not followed", "links: is a symbolic link; links are not followed", "pipe: is not a regular file (p)",
	}
	for i := range passed {
		passed[i] = strings.ReplaceAll(passed[i], "(p---------)", "(p)")
	}
	if diff := cmp.Diff(want, passed); diff != "" {
		t.Error(diff)
	}
}

func TestABrokenConnectionIsTakenUpAgain(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789abcdef"), 10<<16) // 10 MiB
	for _, step := range []string{"create", "offset", "chunk"} {
		t.Run(step, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "large")
			file(t, path, content)
			s := newServer()
			s.fail = func(name string, n int) error {
				if name == step && n <= 3 {
					return errGone
				}
				return nil
			}
			var told int64
			got := send(t, s, journal(t, t.TempDir()), find(t, path), &told)[0]
			if got.Err != nil || got.Digest != evidence.Sum(content) || told != int64(len(content)) || len(s.uploads) != 1 {
				t.Errorf("got %+v, %d bytes told, %d uploads", got, told, len(s.uploads))
			}
		})
	}
}

func TestTheSameCommandGoesOnWhereItWas(t *testing.T) {
	dir, state := t.TempDir(), t.TempDir()
	large := bytes.Repeat([]byte("x"), 9<<20)
	file(t, filepath.Join(dir, "large"), large)
	file(t, dir+"/small\xff", []byte("s"))
	s := newServer()
	s.fail = func(step string, _ int) error {
		if step == "chunk" {
			return evidence.Errorf(evidence.Forbidden, "no more") // ends the file for this run
		}
		return nil
	}
	var told int64
	j := journal(t, state)
	first := send(t, s, j, find(t, dir), &told)
	if first[0].Err == nil || first[1].Err != nil {
		t.Fatalf("first run: %v, %v", first[0].Err, first[1].Err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	s.fail = func(string, int) error { return nil }
	created := s.calls["create"]
	j = journal(t, state)
	if j.Resumed() != 1 || j.Key != "key" {
		t.Errorf("the journal knows %d files under %q", j.Resumed(), j.Key)
	}
	second := send(t, s, j, find(t, dir), &told)
	if second[0].Err != nil || second[0].Digest != evidence.Sum(large) || second[1].Item != first[1].Item || s.calls["create"] != created {
		t.Errorf("second run: %+v, %d beginnings", second, s.calls["create"]-created)
	}
}

func TestOneFileLeavesTheOthersAlone(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		file(t, filepath.Join(dir, name), []byte(name))
	}
	sources := find(t, dir)
	file(t, filepath.Join(dir, "a"), []byte("changed meanwhile"))
	if err := errors.Join(os.Remove(filepath.Join(dir, "b")), os.Symlink("/etc/passwd", filepath.Join(dir, "b"))); err != nil {
		t.Fatal(err)
	}
	var told int64
	got := send(t, newServer(), journal(t, t.TempDir()), sources, &told)
	for i, want := range []evidence.Code{evidence.Conflict, evidence.Conflict, ""} {
		if code := evidence.CodeOf(got[i].Err); code != want {
			t.Errorf("%s: %q, want %q", got[i].Source.Name, code, want)
		}
	}
}

func TestAnUploadThatTheServerForgotBeginsAnew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	file(t, path, bytes.Repeat([]byte("x"), 5<<20))
	s := newServer()
	s.fail = func(step string, n int) error {
		if step == "offset" && n == 1 {
			return evidence.Errorf(evidence.NotFound, "There is no such upload.")
		}
		return nil
	}
	var told int64
	if got := send(t, s, journal(t, t.TempDir()), find(t, path), &told)[0]; got.Err != nil || s.calls["create"] != 2 {
		t.Errorf("got %v after %d beginnings", got.Err, s.calls["create"])
	}
}

// The answer that an upload was thrown away can be lost: its key is used up
// then, and another one must be.
func TestAKeyThatIsUsedUpIsReplaced(t *testing.T) {
	s := newServer()
	s.fail = func(step string, n int) error {
		switch {
		case step == "create" && n == 1:
			return errGone
		case step == "create" && n == 2:
			return evidence.Errorf(evidence.NotFound, "There is no such upload.")
		}
		return nil
	}
	dir := t.TempDir()
	file(t, filepath.Join(dir, "in", "a"), []byte("a"))
	j := journal(t, dir)
	var told int64
	if out := send(t, s, j, find(t, filepath.Join(dir, "in")), &told); out[0].Err != nil {
		t.Fatal(out[0].Err)
	}
	if n := s.calls["create"]; n != 3 {
		t.Errorf("%d beginnings, want 3", n)
	}
	if used := s.keys; len(used) != 3 || used[0] != used[1] || used[1] == used[2] {
		t.Errorf("keys %q", used)
	}
}
