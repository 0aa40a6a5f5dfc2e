package intake_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/intake"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// bring brings a folder in.
func bring(t *testing.T, s *server, j *intake.Journal, location string) []intake.Outcome {
	t.Helper()
	sender := &intake.Sender{Server: s, Journal: j, Wait: func(context.Context, int) {}}
	return sender.SendFolder(t.Context(), intake.Folder{
		Location: location, At: evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)), Tool: evidence.Tool{Name: "sealcase", Version: "test"},
	})
}

// linesOf checks what the server has of an item and returns the lines of its
// manifest by path.
func linesOf(t *testing.T, s *server, o intake.Outcome) map[string]collection.Line {
	t.Helper()
	if o.Err != nil {
		t.Fatal(o.Err)
	}
	for _, u := range s.uploads {
		if u.item != o.Item {
			continue
		}
		checked, err := collection.Check(t.Context(), collection.At(bytes.NewReader(u.bytes)), u.length, u.of, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c := o.Collection; checked.Files != c.Files || checked.Bytes != c.Bytes || checked.Folders != c.Folders || checked.Digest != o.Digest || u.of.Root != c.Root || int(checked.Missing) != len(c.Missing) {
			t.Errorf("checked %+v, told %+v", checked, c)
		}
		lines := map[string]collection.Line{}
		err = collection.Each(t.Context(), collection.At(bytes.NewReader(u.bytes)), u.length, u.of, func(l collection.Line, _ int64) error {
			lines[string(l.Path)] = l
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	t.Fatal("the server does not have the item")
	return nil
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderIsOneExhibit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	deep := dir + strings.Repeat("/"+strings.Repeat("d", 200), 18) // longer than what a system call takes at once, where t.TempDir is long
	for name, content := range map[string]string{
		"a.txt": "one", "b/a.txt": "two", "empty": "", "\xc4kten/Vertrag \xfc.txt": "latin-1", strings.Repeat("n", 255): "long name",
		"A\u030a": "decomposed", "\u00c5": "composed", "aux.txt": "device", "report.": "dot", "\u202egpj.exe": "bidi", "new\nline": "control",
	} {
		file(t, dir+"/"+name, []byte(content))
	}
	must(t, os.MkdirAll(deep, 0o700), os.WriteFile(deep+"/token", []byte("token"), 0o600), os.Mkdir(dir+"/hollow", 0o750),
		os.Symlink("../\xff", dir+"/link-\xfe"), os.Symlink("loop", dir+"/loop"), os.Symlink(".", dir+"/b/self"), os.Link(dir+"/a.txt", dir+"/hard"),
		syscall.Mkfifo(dir+"/pipe", 0o600), os.Chtimes(dir+"/a.txt", time.Time{}, time.Unix(-62135596801, 7)))
	if attr := unix.Setxattr(dir+"/a.txt", "user.origin", []byte("\x00bytes"), 0); attr != nil {
		t.Logf("no extended attributes here: %v", attr)
	}
	socket := dir + "/s"
	if listener, err := net.Listen("unix", socket); err == nil {
		defer listener.Close()
	} else {
		socket = ""
	}
	s := newServer()
	out := bring(t, s, journal(t, t.TempDir()), dir)
	if len(out) != 1 || out[0].Source.Name != "disk.zip" || len(out[0].Collection.Missing)+len(out[0].Collection.Changed) > 0 {
		t.Fatalf("%+v", out)
	}
	lines := linesOf(t, s, out[0])
	want := map[string]collection.Kind{
		"disk": collection.Folder, "disk/b": collection.Folder, "disk/hollow": collection.Folder, "disk/\xc4kten": collection.Folder, "disk/pipe": collection.Pipe,
		"disk/link-\xfe": collection.Link, "disk/loop": collection.Link, "disk/b/self": collection.Link, "disk/a.txt": collection.File, "disk/hard": collection.File,
		"disk" + strings.TrimPrefix(deep, dir) + "/token": collection.File,
	}
	if socket != "" {
		want["disk/s"] = collection.Socket
	}
	for path, kind := range want {
		if lines[path].Kind != kind {
			t.Errorf("%q is a %q, want %q", path, lines[path].Kind, kind)
		}
	}
	a := lines["disk/a.txt"]
	info, err := os.Stat(dir + "/a.txt")
	must(t, err)
	if a.Digest != evidence.Sum([]byte("one")) || a.Modified != collection.TimeAt(info.ModTime().Unix(), int64(info.ModTime().Nanosecond())) || a.Links != 2 || a.Inode == "" || a.Inode != lines["disk/hard"].Inode || a.Mode != "100600" {
		t.Errorf("a.txt is %+v", a)
	}
	if x := lines["disk/hollow"]; x.Entries == nil || *x.Entries != 0 {
		t.Errorf("the empty folder is %+v", x)
	}
	if lines["disk/link-\xfe"].Target != "../\xff" {
		t.Error("the link leads elsewhere")
	}
}

// Of an unreadable part everything else is in the case; the part is named, and
// the same command brings it in as soon as it can be read, and nothing twice.
func TestWhatCannotBeReadIsTriedAgain(t *testing.T) {
	above := t.TempDir()
	must(t, os.Chmod(filepath.Dir(above), 0o755)) // which is the test's own, too
	dir := filepath.Join(above, "seized")
	file(t, dir+"/readable/memo.txt", []byte("a memo"))
	file(t, dir+"/readable/key.pem", []byte("a key"))
	file(t, dir+"/locked/ledger.csv", []byte("the ledger"))
	file(t, dir+"/locked/deep/er.csv", []byte("more"))
	must(t, os.Mkdir(above+"/state", 0o700), filepath.WalkDir(above, func(p string, _ fs.DirEntry, _ error) error { return os.Chown(p, 65534, 65534) }),
		os.Chmod(dir+"/locked", 0), os.Chmod(dir+"/readable/key.pem", 0))
	s, state := newServer(), above+"/state"
	again := func() []intake.Outcome {
		var out []intake.Outcome
		asNobody(t, func() {
			j := journal(t, state)
			defer j.Close()
			out = bring(t, s, j, dir)
		})
		return out
	}
	missing := func(o intake.Outcome) (paths []string) {
		for _, m := range o.Collection.Missing {
			paths = append(paths, string(m.Path)+": "+m.Reason)
		}
		return paths
	}
	first := again()
	if len(first) != 1 || first[0].Err != nil {
		t.Fatalf("%+v", first)
	}
	if diff := cmp.Diff([]string{"seized/locked: permission denied", "seized/readable/key.pem: permission denied"}, missing(first[0])); diff != "" {
		t.Error(diff)
	}
	lines := linesOf(t, s, first[0])
	if lines["seized/readable/memo.txt"].Digest != evidence.Sum([]byte("a memo")) || lines["seized/locked"].Failure != "permission denied" {
		t.Errorf("%+v", lines)
	}
	if second := again(); len(second) != 1 || len(missing(second[0])) != 2 || len(s.uploads) != 1 {
		t.Errorf("nothing changed, and it brings in %d, %v", len(s.uploads), second)
	}
	must(t, os.Chmod(dir+"/readable/key.pem", 0o600))
	third := again()
	if len(third) != 2 || third[0].Item != first[0].Item || len(third[0].Collection.Missing) > 0 || len(missing(third[1])) != 1 {
		t.Fatalf("%+v", third)
	}
	if got := slices.Sorted(maps.Keys(linesOf(t, s, third[1]))); !slices.Equal(got, []string{"seized/locked", "seized/readable/key.pem"}) || third[1].Collection.Files != 1 {
		t.Errorf("the second exhibit has %q", got)
	}
	must(t, os.Chmod(dir+"/locked", 0o700))
	last := again()
	if len(last) != 3 || len(last[2].Collection.Missing) > 0 || last[2].Collection.Files != 2 {
		t.Errorf("%+v", last)
	}
	if done := again(); len(done) != 3 || len(s.uploads) != 3 {
		t.Errorf("%d exhibits, %d uploads", len(done), len(s.uploads))
	}
}

// asNobody does something as a user who owns nothing but what is given to them:
// root may read everything. Whoever is not root is that user.
func asNobody(t *testing.T, do func()) {
	t.Helper()
	if os.Getuid() != 0 {
		do()
		return
	}
	done := make(chan struct{})
	go func() { // a thread that is not given back
		defer close(done)
		runtime.LockOSThread()
		if err := errors.Join(unix.Setfsgid(65534), unix.Setfsuid(65534)); err != nil {
			t.Error(err)
			return
		}
		do()
	}()
	<-done
}

func TestACollectionIsTakenUpAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "disk")
	for i, name := range []string{"a", "b", "c", "d"} {
		file(t, filepath.Join(dir, name), bytes.Repeat([]byte{byte(i), 7}, 3<<20))
	}
	for _, step := range []string{"create", "offset", "chunk"} {
		t.Run(step, func(t *testing.T) {
			s := newServer()
			s.fail = func(name string, n int) error {
				if name == step && n <= 3 {
					return errGone
				}
				return nil
			}
			out := bring(t, s, journal(t, t.TempDir()), dir)
			if len(out) != 1 || len(s.uploads) != 1 || s.calls[step] < 4 {
				t.Fatalf("%+v, %d uploads", out, len(s.uploads))
			}
			linesOf(t, s, out[0])
		})
	}
}

// A program that ended in the middle goes on with the plan that it made, also
// when there are other files by now; when one of those that it had sent is another
// one by now, it begins anew.
func TestAnotherRunGoesOn(t *testing.T) {
	for name, change := range map[string]bool{"as it was": false, "a file that was sent changed": true} {
		t.Run(name, func(t *testing.T) {
			dir, state := filepath.Join(t.TempDir(), "disk"), t.TempDir()
			for i, name := range []string{"a", "b", "c"} {
				file(t, filepath.Join(dir, name), bytes.Repeat([]byte{byte(i), 7}, 3<<20))
			}
			s := newServer()
			s.fail = func(name string, _ int) error {
				if name == "chunk" {
					return evidence.Errorf(evidence.Forbidden, "no more") // ends the run
				}
				return nil
			}
			j := journal(t, state)
			if out := bring(t, s, j, dir); out[0].Err == nil {
				t.Fatalf("%+v", out)
			}
			must(t, j.Close())
			s.fail = func(string, int) error { return nil }
			file(t, filepath.Join(dir, "new"), []byte("new"))
			if change {
				file(t, filepath.Join(dir, "a"), bytes.Repeat([]byte{9, 9}, 3<<20))
			}
			j = journal(t, state)
			out := bring(t, s, j, dir)
			lines := linesOf(t, s, out[0])
			if _, there := lines["disk/new"]; there != change || len(out[0].Collection.Changed) > 0 {
				t.Errorf("new is there: %t; changed %v", there, out[0].Collection.Changed)
			}
			must(t, j.Done())
			if left, _ := filepath.Glob(filepath.Join(state, "*")); len(left) > 0 {
				t.Errorf("left over: %v", left)
			}
		})
	}
}

func TestFindTakesNothingTwice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "usb")
	file(t, dir+"/docs/a.txt", []byte("a"))
	must(t, os.Mkdir(dir+"/docs/none", 0o700))
	for name, tc := range map[string]struct {
		named          []string
		each           bool
		files, folders int
	}{
		"a file twice":         {[]string{dir + "/docs/a.txt", dir + "/docs/../docs/a.txt"}, false, 1, 0},
		"a folder and below":   {[]string{dir, dir + "/docs", dir + "/docs/a.txt"}, false, 0, 1},
		"below and the folder": {[]string{dir + "/docs/a.txt", dir + "/docs", dir, dir + "/"}, false, 0, 1},
		"each":                 {[]string{dir, dir + "/docs", dir + "/docs/a.txt"}, true, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := intake.Find(tc.named, tc.each)
			must(t, err)
			if len(found.Files) != tc.files || len(found.Folders) != tc.folders {
				t.Errorf("%+v", found)
			}
			if tc.each && (len(found.Skipped) != 1 || found.Skipped[0].Reason != "is an empty folder") {
				t.Errorf("skipped %+v", found.Skipped)
			}
		})
	}
}

// With an exhibit a file, what cannot be read is no less a failure.
func TestFindNamesWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o755)) // which is the test's own, too
	file(t, dir+"/shut/x", []byte("x"))
	must(t, filepath.WalkDir(dir, func(p string, _ fs.DirEntry, _ error) error { return os.Chown(p, 65534, 65534) }), os.Chmod(dir+"/shut", 0))
	asNobody(t, func() {
		found, err := intake.Find([]string{dir}, true)
		if err != nil || len(found.Files)+len(found.Skipped) > 0 || len(found.Unread) != 1 || evidence.MessageOf(found.Unread[0].Err) != "it cannot be read: permission denied" {
			t.Errorf("%+v, %v", found, err)
		}
	})
}
