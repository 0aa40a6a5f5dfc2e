package bundle_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/collection"
)

// collectionDetails is what a receipt says of a collection.
func collectionDetails(of evidence.Collection) map[string]string {
	if of.IsZero() {
		return nil
	}
	return map[string]string{
		"collection_root": of.Root.String(), "collection_leaves": strconv.FormatInt(of.Leaves, 10), "collection_manifest": strconv.FormatInt(of.Manifest, 10),
	}
}

// folderOf is a source of files in memory.
type folderOf map[evidence.FileName][]byte

func (f folderOf) Open(_ context.Context, l collection.Line) (collection.Content, error) {
	data, ok := f[l.Path]
	if !ok {
		return nil, io.ErrUnexpectedEOF
	}
	return contentOf{bytes.NewReader(data)}, nil
}

type contentOf struct{ io.Reader }

func (contentOf) Close() error           { return nil }
func (contentOf) Seen() collection.State { return collection.Whole }

// collected returns a collection of lines and what is behind them.
func collected(h collection.Header, lines []collection.Line, behind folderOf) ([]byte, evidence.Collection) {
	s := collection.NewStream(context.Background(), must(collection.NewPlan(h, [32]byte{7}, lines)), behind)
	data := must(io.ReadAll(s))
	return data, s.Collection()
}

func collectionHeader() collection.Header {
	return collection.Header{
		Tool: evidence.Tool{Name: "sealcase", Version: "test"}, Sources: []evidence.FileName{"/media/usb"}, Host: "lab-3",
		StartedAt: evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)), Clock: collection.Clock{Source: "lstat", Precision: "1ns"},
	}
}

// collection returns a generated collection of awkward names and of all kinds of
// things, some of which cannot be read.
func (c *genuineCase) collection() ([]byte, evidence.Collection) {
	h := collectionHeader()
	h.Host, h.Tool.Version, h.Sources[0] = hostileText(c.r, 0), hostileText(c.r, 0), hostileName(c.r, c.awkward)
	behind, lines, seen := folderOf{}, []collection.Line{}, map[evidence.FileName]bool{}
	kinds := []collection.Kind{collection.Folder, collection.Link, collection.Pipe, collection.Socket, collection.Block, collection.Char, collection.Other}
	for range c.r.IntN(20) {
		var names []string
		for range 1 + c.r.IntN(4) {
			name := strings.ReplaceAll(strings.ReplaceAll(string(hostileName(c.r, c.awkward)), "/", "_"), "\x00", "0")
			if name == "" || name == "." || name == ".." {
				name = "~"
			}
			names = append(names, name)
		}
		path := evidence.FileName(strings.Join(names, "/"))
		if seen[path] {
			continue
		}
		seen[path] = true
		lines = append(lines, c.collectionLine(path, kinds, behind))
	}
	return collected(h, lines, behind)
}

func (c *genuineCase) collectionLine(path evidence.FileName, kinds []collection.Kind, behind folderOf) collection.Line {
	l := collection.Line{
		Path: path, Kind: collection.File, Mode: oneOf(c.r, "", "100644", "0"), Remark: hostileText(c.r, 0), Inode: oneOf(c.r, "", "1:2"), Links: oneOf[int64](c.r, 0, 2),
		Modified: oneOf(c.r, "", "0", collection.TimeAt(-1<<63, 0), collection.TimeAt(253402300800, 1)), Born: collection.TimeAt(c.r.Int64N(4e9), 5),
	}
	if owner := c.r.Int64N(3); owner > 0 {
		l.UID, l.GID = new(int64), &owner
	}
	if c.r.IntN(4) == 0 {
		l.XAttrs = []collection.XAttr{{Name: hostileName(c.r, c.awkward), Value: []byte{}}, {Name: "user.x", Value: c.content()}}
	}
	switch c.r.IntN(6) {
	case 0:
		l.Kind = oneOf(c.r, kinds...)
		if l.Kind == collection.Link {
			l.Target = hostileName(c.r, c.awkward)
		}
		if l.Kind == collection.Folder {
			l.Entries = new(int64)
		}
	case 1:
		l.Failure = hostileText(c.r, 1)
	default:
		content := c.content()
		length := int64(len(content) + oneOf(c.r, 0, 0, 0, 3))
		if behind[path], l.Length = content, &length; c.r.IntN(8) == 0 {
			delete(behind, path) // it cannot be opened any more
		}
	}
	return l
}

// What is sealed as a collection and is none, or another one than is said, is
// found by all verifiers, whoever signed it; nobody writes a bundle of what the log
// does not say (no outcome).
func TestForgedCollections(t *testing.T) {
	length := int64(5)
	genuine := func() ([]byte, evidence.Collection) {
		return collected(collectionHeader(), []collection.Line{{Path: "usb/a.txt", Kind: collection.File, Length: &length}, {Path: "usb", Kind: collection.Folder}}, folderOf{"usb/a.txt": []byte("hello")})
	}
	as := func(change func(d []byte, of *evidence.Collection) []byte) func([]byte, evidence.Collection) ([]byte, evidence.Collection) {
		return func(d []byte, of evidence.Collection) ([]byte, evidence.Collection) {
			d = change(d, &of)
			return d, of
		}
	}
	same := func(d []byte, of evidence.Collection) ([]byte, evidence.Collection) { return d, of }
	python := startPython(t)
	for name, tc := range map[string]struct {
		forge func(data []byte, of evidence.Collection) ([]byte, evidence.Collection)
		list  func(it *evidence.Item)
		want  bundle.Outcome
	}{
		"genuine": {same, nil, bundle.OK},
		"other content": {as(func(d []byte, _ *evidence.Collection) []byte {
			return bytes.Replace(d, []byte("hello"), []byte("jello"), 1)
		}), nil, bundle.Tampered},
		"other root":          {as(func(d []byte, of *evidence.Collection) []byte { of.Root[3] ^= 1; return d }), nil, bundle.Tampered},
		"fewer leaves":        {as(func(d []byte, of *evidence.Collection) []byte { of.Leaves--; return d }), nil, bundle.Tampered},
		"more leaves":         {as(func(d []byte, of *evidence.Collection) []byte { of.Leaves++; return d }), nil, bundle.Tampered},
		"elsewhere":           {as(func(d []byte, of *evidence.Collection) []byte { of.Manifest++; return d }), nil, bundle.Tampered},
		"far behind":          {as(func(d []byte, of *evidence.Collection) []byte { of.Manifest = 1 << 52; return d }), nil, ""},
		"no zip":              {as(func([]byte, *evidence.Collection) []byte { return []byte("nothing") }), nil, bundle.Tampered},
		"no byte":             {as(func([]byte, *evidence.Collection) []byte { return nil }), nil, bundle.Tampered},
		"something behind it": {as(func(d []byte, _ *evidence.Collection) []byte { return append(d, 0) }), nil, bundle.Tampered},
		"no end":              {as(func(d []byte, _ *evidence.Collection) []byte { return d[:len(d)-1] }), nil, bundle.Tampered},
		"other name in the directory": {as(func(d []byte, _ *evidence.Collection) []byte {
			d[bytes.LastIndex(d, []byte("data/usb/a.txt"))+9] = 'b'
			return d
		}), nil, bundle.Tampered},
		"listed as none":    {same, func(it *evidence.Item) { it.Collection = evidence.Collection{} }, ""},
		"listed as another": {same, func(it *evidence.Item) { it.Collection.Leaves++ }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newCase(agency, [32]byte{9})
			f.open()
			data, of := tc.forge(genuine())
			it := f.receiveAs("usb.zip", int64(len(data)), evidence.Sum(data), of)
			if tc.list != nil {
				tc.list(&it)
			}
			f.discloseItem(f.sealItem(it), data)
			f.close()
			if tc.want == "" {
				if _, err := bundle.Write(t.Context(), io.Discard, f, nil); evidence.CodeOf(err) != evidence.Tampered {
					t.Errorf("written all the same: %v", err)
				}
				return
			}
			bundled, _ := f.write(t)
			if got := f.verify(t, bundled, bundle.Options{}); got.Outcome != tc.want {
				t.Errorf("%s, want %s: %s", got.Outcome, tc.want, problemsOf(got))
			}
			python.agreesOn(t, f, bundled, tc.want)
		})
	}
}

// A proof of one member is good for the verifier that was written from the format
// alone as well, and a changed one is not.
func TestMemberProofElsewhere(t *testing.T) {
	f := newCase(agency, [32]byte{9})
	f.open()
	length := int64(5)
	lines := []collection.Line{{Path: "usb", Kind: collection.Folder}, {Path: "usb/a.txt", Kind: collection.File, Length: &length}, {Path: "usb/s\xffcret", Kind: collection.Pipe}}
	data, of := collected(collectionHeader(), lines, folderOf{"usb/a.txt": []byte("hello")})
	it := f.sealItem(f.receiveAs("usb.zip", int64(len(data)), evidence.Sum(data), of))
	proof, err := collection.Prove(t.Context(), collection.At(bytes.NewReader(data)), int64(len(data)), of, f.seals[it.ID], "usb/a.txt")
	if err != nil {
		t.Fatal(err)
	}
	f.discloseItem(it, data)
	f.close()
	dir := t.TempDir()
	put := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	keys := put("keys", evidence.FormatVKeys(f.trusted))
	for _, tc := range []struct {
		name        string
		proof, file []byte
		want        int
	}{
		{"good", proof, []byte("hello"), 0}, {"other file", proof, []byte("jello"), 1},
		{"other line", bytes.Replace(proof, []byte("a.txt"), []byte("b.txt"), 1), []byte("hello"), 1},
		{"other place", bytes.Replace(proof, []byte(`"index":2`), []byte(`"index":1`), 1), []byte("hello"), 1},
		{"no proof", []byte("{}\n"), []byte("hello"), 4}, {"cut off", proof[:len(proof)-1], []byte("hello"), 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "python3", "independent/verify.py", "-member", put("proof", tc.proof), put("file", tc.file), "-key", keys)
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tc.want {
				t.Errorf("verify.py ends with %d, want %d: %s", code, tc.want, out)
			}
			_, err := collection.VerifyProof(tc.proof, f.trusted)
			if got := evidence.CodeOf(err); (got == "") != (tc.want == 0 || tc.name == "other file") {
				t.Errorf("ours says %q", got)
			}
		})
	}
}
