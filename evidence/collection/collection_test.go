package collection_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// files is a source in memory. What a path has behind it may differ from what was
// planned of it.
type files map[evidence.FileName]behind

type behind struct {
	data []byte
	fail error // after the data
	shut error // when it is opened
	seen collection.State
}

func (f files) Open(_ context.Context, l collection.Line) (collection.Content, error) {
	b := f[l.Path]
	if b.shut != nil {
		return nil, b.shut
	}
	var r io.Reader = bytes.NewReader(b.data)
	if b.fail != nil {
		r = io.MultiReader(r, iotest.ErrReader(b.fail))
	}
	return &content{Reader: r, state: b.seen}, nil
}

type content struct {
	io.Reader
	state collection.State
}

func (c *content) Close() error { return nil }
func (c *content) Seen() collection.State {
	if c.state == "" {
		return collection.Whole
	}
	return c.state
}

func header() collection.Header {
	return collection.Header{
		Tool: evidence.Tool{Name: "test", Version: "1"}, Sources: []evidence.FileName{"/media/usb"},
		StartedAt: evidence.At(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)),
		Clock:     collection.Clock{Source: "lstat", Precision: "1ns"},
	}
}

func fileLine(path string, length int) collection.Line {
	n := int64(length)
	return collection.Line{Path: evidence.FileName(path), Kind: collection.File, Length: &n, Modified: collection.TimeAt(1771234567, 5)}
}

// tree returns lines and what is behind them, of each kind.
func tree() ([]collection.Line, files) {
	none := int64(0)
	lines := []collection.Line{
		{Path: "usb", Kind: collection.Folder, Entries: new(int64)},
		{Path: "usb/empty", Kind: collection.Folder, Entries: &none, Mode: "40755"},
		{Path: "usb/latest", Kind: collection.Link, Target: "../\xff"},
		{Path: "usb/pipe", Kind: collection.Pipe},
		{Path: "usb/locked", Kind: collection.Folder, Failure: "permission denied"},
		{Path: "usb/secret", Kind: collection.File, Failure: "permission denied"},
		{Path: "usb/a", Kind: collection.Folder},
	}
	behinds := files{}
	for path, data := range map[string]string{
		"usb/a.txt": "one", "usb/a/b": "two", "usb/empty.txt": "", "usb/\xc4kten/Vertrag \xfc.txt": "latin-1",
		"usb/A\u030a": "decomposed", "usb/\u00c5": "composed", "usb/con": "device", "usb/aux.txt": "device", "usb/report.": "dot",
		"usb/..aux": "dots", "usb/" + strings.Repeat("n", 255): "long", "usb" + strings.Repeat("/deep", 300) + "/x": "deep",
		"usb/\u202egpj.exe": "bidi", "usb/new\nline": "control", "usb/%41": "escaped", "usb/~/1/x": "tilde", "usb/base64:YQ==": "prefix",
		`usb/back\slash`: "slash", "usb/PK\x03\x04": "PK\x07\x08PK\x05\x06",
	} {
		lines = append(lines, fileLine(path, len(data)))
		behinds[evidence.FileName(path)] = behind{data: []byte(data)}
	}
	return lines, behinds
}

type told map[evidence.FileName]collection.State

// made is a collection that was read to its end.
type made struct {
	data  []byte
	of    evidence.Collection
	plan  *collection.Plan
	told  told
	bytes evidence.Digest
}

func plan(t testing.TB, lines []collection.Line) *collection.Plan {
	t.Helper()
	p, err := collection.NewPlan(header(), [32]byte{1}, lines)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func makeOf(t testing.TB, lines []collection.Line, behinds collection.Source) made {
	t.Helper()
	m := made{plan: plan(t, lines), told: told{}}
	s := collection.NewStream(context.Background(), m.plan, behinds)
	s.Report = func(l collection.Line, _ error) { m.told[l.Path] = l.State }
	var err error
	if m.data, err = io.ReadAll(s); err != nil {
		t.Fatal(err)
	}
	m.of, m.bytes = s.Collection(), s.Digest()
	if int64(len(m.data)) != m.plan.Length() {
		t.Fatalf("%d bytes, planned %d", len(m.data), m.plan.Length())
	}
	return m
}

func check(m made) (collection.Checked, error) {
	return collection.Check(context.Background(), collection.At(bytes.NewReader(m.data)), int64(len(m.data)), m.of, nil)
}

func TestACollectionIsWhatItsManifestSays(t *testing.T) {
	lines, behinds := tree()
	m := makeOf(t, lines, behinds)
	got, err := check(m)
	if err != nil {
		t.Fatal(err)
	}
	want := collection.Counts{Files: int64(len(behinds)), Folders: 4, Links: 1, Others: 1, Missing: 2}
	for _, b := range behinds {
		want.Bytes += int64(len(b.data))
	}
	if diff := cmp.Diff(want, got.Counts); diff != "" {
		t.Error(diff)
	}
	if got.Digest != evidence.Sum(m.data) || got.Digest != m.bytes {
		t.Error("the digest of all is not that of the bytes")
	}
	if again := makeOf(t, lines, behinds); !bytes.Equal(again.data, m.data) {
		t.Error("the same tree gave other bytes")
	}
}

func TestOrdinaryToolsReadIt(t *testing.T) {
	lines, behinds := tree()
	big := bytes.Repeat([]byte("PK\x07\x08 and more\n"), (17<<20)/13)
	lines = append(lines, fileLine("usb/big.bin", len(big)), fileLine("usb/z", 4))
	behinds["usb/big.bin"], behinds["usb/z"] = behind{data: big}, behind{data: []byte("last")}
	m := makeOf(t, lines, behinds)
	if _, err := check(m); err != nil {
		t.Fatal(err)
	}
	read, err := zip.NewReader(bytes.NewReader(m.data), int64(len(m.data)))
	if err != nil {
		t.Fatal(err)
	}
	contents := map[string][]byte{}
	for _, f := range read.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if contents[f.Name], err = io.ReadAll(in); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	for _, l := range m.plan.Lines() {
		if l.Member != "" && !bytes.Equal(contents[l.Member], behinds[l.Path].data) {
			t.Errorf("%s has other bytes in the zip", l.Member)
		}
	}
	path := filepath.Join(t.TempDir(), "c.zip")
	if err := os.WriteFile(path, m.data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tool := range [][]string{{"unzip", "-tqq", path}, {"7z", "t", path}, {"python3", "-m", "zipfile", "-t", path}, {"bsdtar", "-tf", path}} {
		if _, err := exec.LookPath(tool[0]); err != nil {
			t.Logf("%s is not installed", tool[0])
			continue
		}
		if out, err := exec.CommandContext(t.Context(), tool[0], tool[1:]...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", tool[0], err, out)
		}
	}
}

// Headers of members that are not large are complete: a reader that begins at the
// first byte and never looks back can read them.
func TestItCanBeReadAsAStream(t *testing.T) {
	lines, behinds := tree()
	m := makeOf(t, lines, behinds)
	for at, n := 0, 0; ; n++ {
		if !bytes.Equal(m.data[at:at+4], []byte("PK\x03\x04")) {
			if n != len(behinds)+1 {
				t.Errorf("%d members, want %d", n, len(behinds)+1)
			}
			return
		}
		if flags := m.data[at+6]; flags&8 != 0 {
			t.Fatalf("member %d has its length behind it", n)
		}
		le := func(i int) int { return int(m.data[at+i]) | int(m.data[at+i+1])<<8 | int(m.data[at+i+2])<<16 }
		at += 30 + le(26)&0xffff + le(28)&0xffff + le(18)
	}
}

func TestWhatChangesWhileItIsReadIsSaid(t *testing.T) {
	gone := errors.New("input/output error")
	large := bytes.Repeat([]byte("x"), 17<<20)
	for name, tc := range map[string]struct {
		planned int
		now     behind
		state   collection.State
		got     string
	}{
		"whole":          {3, behind{data: []byte("abc")}, collection.Whole, "3"},
		"empty":          {0, behind{}, collection.Whole, "0"},
		"grown":          {3, behind{data: []byte("abcdef")}, collection.Grown, "3"},
		"grown, seen":    {3, behind{data: []byte("abcdef"), seen: collection.Grown}, collection.Grown, "3"},
		"replaced":       {3, behind{data: []byte("abc"), seen: collection.Mixed}, collection.Mixed, "3"},
		"shorter":        {10, behind{data: []byte("abc")}, collection.Short, "03"},
		"empty by now":   {10, behind{}, collection.Short, "00"},
		"bad sector":     {10, behind{data: []byte("abc"), fail: gone}, collection.Failed, "03"},
		"not opened":     {10, behind{shut: gone}, collection.Failed, "00"},
		"large":          {len(large), behind{data: large}, collection.Whole, "17825792"},
		"large, grown":   {len(large) - 1, behind{data: large}, collection.Grown, "17825791"},
		"large, shorter": {len(large) + 1, behind{data: large}, collection.Short, "17825792"},
		"large, failing": {len(large) + 5<<20, behind{data: large, fail: gone}, collection.Failed, "17825792"},
		"large, shut":    {len(large), behind{shut: gone}, collection.Failed, "00000000"},
	} {
		t.Run(name, func(t *testing.T) {
			m := makeOf(t, []collection.Line{fileLine("f", tc.planned), fileLine("g", 1)}, files{"f": tc.now, "g": {data: []byte("g")}})
			l := m.plan.Lines()[0]
			if l.State != tc.state || l.Got != tc.got {
				t.Errorf("state %s, got %s; want %s and %s", l.State, l.Got, tc.state, tc.got)
			}
			want := told{"f": tc.state}
			if tc.state == collection.Whole {
				want = told{}
			}
			if diff := cmp.Diff(want, m.told); diff != "" {
				t.Error(diff)
			}
			if _, err := check(m); err != nil {
				t.Error(err)
			}
		})
	}
}

// A stream that is gone on with after its connection broke, at any byte, is the
// same one, and has the digest of the whole.
func TestAStreamGoesBack(t *testing.T) {
	lines, behinds := tree()
	for i := range 6 { // several marks
		path := fmt.Sprintf("usb/m%02d", i)
		data := bytes.Repeat([]byte{byte(i), 1}, 1<<20)
		lines = append(lines, fileLine(path, len(data)))
		behinds[evidence.FileName(path)] = behind{data: data}
	}
	m := makeOf(t, lines, behinds)
	random := rand.New(rand.NewPCG(1, 2))
	s := collection.NewStream(t.Context(), m.plan, behinds)
	for range 12 {
		at := random.Int64N(int64(len(m.data)) + 1)
		if err := s.SeekTo(at); err != nil {
			t.Fatal(err)
		}
		n := min(int64(100_000), int64(len(m.data))-at)
		got := make([]byte, n)
		if _, err := io.ReadFull(s, got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, m.data[at:at+n]) {
			t.Fatalf("other bytes from %d on", at)
		}
	}
	if err := s.SeekTo(int64(len(m.data))); err != nil {
		t.Fatal(err)
	}
	if s.Digest() != m.bytes || s.Collection() != m.of {
		t.Error("the digest or the root is another one")
	}
}

func TestACancelledStreamIsNoFailureOfAFile(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := plan(t, []collection.Line{fileLine("f", 3)})
	cancel()
	if _, err := io.ReadAll(collection.NewStream(ctx, m, files{"f": {data: []byte("abc")}})); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPlanRefuses(t *testing.T) {
	for name, lines := range map[string][]collection.Line{
		"twice":         {fileLine("a", 1), fileLine("a", 1)},
		"no path":       {fileLine("", 1)},
		"absolute":      {fileLine("/a", 1)},
		"parent":        {fileLine("a/../b", 1)},
		"empty name":    {fileLine("a//b", 1)},
		"slash behind":  {fileLine("a/", 1)},
		"zero byte":     {fileLine("a\x00", 1)},
		"no reason":     {{Path: "a", Kind: collection.File}},
		"no kind":       {{Path: "a"}},
		"folder, bytes": {{Path: "a", Kind: collection.Folder, Length: new(int64)}},
		"link to none":  {{Path: "a", Kind: collection.Link}},
		"odd time":      {{Path: "a", Kind: collection.Folder, Modified: "1e3"}},
		"odd mode":      {{Path: "a", Kind: collection.Folder, Mode: "0x1"}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := collection.NewPlan(header(), [32]byte{}, lines); evidence.CodeOf(err) != evidence.Invalid {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestTimesAreKeptAsTheyAre(t *testing.T) {
	for _, tc := range []struct {
		sec, nsec int64
		want      collection.Time
	}{
		{0, 0, "0"}, {1, 5, "1000000005"}, {-6, 500_000_000, "-5500000000"}, {253402300800, 0, "253402300800000000000"}, // the year 10000
		{-62135596801, 999_999_999, "-62135596800000000001"}, // before the year 1
		{1<<63 - 1, 999_999_999, "9223372036854775807999999999"}, {-1 << 63, 0, "-9223372036854775808000000000"},
	} {
		if got := collection.TimeAt(tc.sec, tc.nsec); got != tc.want || !got.Valid() {
			t.Errorf("%d, %d: %s, want %s", tc.sec, tc.nsec, got, tc.want)
		}
	}
}

// Nothing of a collection can be cut off or changed, in any byte, without being
// seen: also when the digest of the whole is not compared.
func TestEveryByteCounts(t *testing.T) {
	none := int64(0)
	m := makeOf(t, []collection.Line{
		{Path: "d", Kind: collection.Folder, Entries: &none, Failure: "permission denied"}, {Path: "d/l", Kind: collection.Link, Target: "x"}, fileLine("f", 5), fileLine("g", 3),
	}, files{"f": {data: []byte("hello")}, "g": {data: []byte("x")}})
	whole := m.data
	for i := range whole {
		m.data = whole[:i]
		if _, err := check(m); err == nil {
			t.Fatalf("cut at %d of %d: good", i, len(whole))
		}
		for _, flip := range []byte{1, 0x20, 0x80} {
			m.data = bytes.Clone(whole)
			m.data[i] ^= flip
			if _, err := check(m); err == nil {
				t.Fatalf("byte %d of %d changed: good", i, len(whole))
			}
		}
		m.data = append(append(bytes.Clone(whole[:i]), 0), whole[i:]...)
		if _, err := check(m); err == nil {
			t.Fatalf("a byte put in at %d: good", i)
		}
	}
	m.data = append(bytes.Clone(whole), 0)
	if _, err := check(m); err == nil {
		t.Error("a byte more: good")
	}
}

func TestAnotherClaimIsRefused(t *testing.T) {
	lines, behinds := tree()
	m := makeOf(t, lines, behinds)
	for name, of := range map[string]evidence.Collection{
		"root": {Root: evidence.Sum(nil), Leaves: m.of.Leaves, Manifest: m.of.Manifest}, "leaves": {Root: m.of.Root, Leaves: m.of.Leaves - 1, Manifest: m.of.Manifest},
		"more leaves": {Root: m.of.Root, Leaves: m.of.Leaves + 1, Manifest: m.of.Manifest}, "manifest": {Root: m.of.Root, Leaves: m.of.Leaves, Manifest: m.of.Manifest + 1},
		"none": {}, "behind": {Root: m.of.Root, Leaves: m.of.Leaves, Manifest: 1 << 60},
	} {
		n := m
		n.of = of
		if _, err := check(n); err == nil {
			t.Errorf("another %s is good", name)
		}
	}
}

// Whatever the names of a tree are, it makes a collection that is good, whose
// members have names that harm nobody and are each there once.
func TestHostileNames(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{
		"a", "Z", ".", "..", " ", "con", "NUL", "com1", "lpt9.txt", "\xff", "\xfe", "\u00e9", "e\u0301", "\u202e", "\u2028", "\n", "\r", "\t", "\x1b[31m", "\\", ":", "*", "?", "\"", "<", ">", "|",
		"%", "%2e", "~", "base64:", "\U0001f600", "-rf", "$(x)", "`x`", "'", ";", "data", "manifest.jsonl", strings.Repeat("w", 200), "\u0130", "\ufeff", "\xed\xa0\x80", "\xc0\xaf",
	}
	for round := range 60 {
		behinds, lines := files{}, []collection.Line{}
		for range 1 + random.IntN(60) {
			var names []string
			for range 1 + random.IntN(4) {
				name := ""
				for range 1 + random.IntN(3) {
					name += pieces[random.IntN(len(pieces))]
				}
				if name == "." || name == ".." {
					name = "..."
				}
				names = append(names, name)
			}
			path := evidence.FileName(strings.Join(names, "/"))
			if _, there := behinds[path]; there {
				continue
			}
			behinds[path] = behind{data: []byte(path)}
			lines = append(lines, fileLine(string(path), len(path)))
		}
		m := makeOf(t, lines, behinds)
		if _, err := check(m); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		once := map[string]bool{}
		for _, l := range m.plan.Lines() {
			if once[l.Member] {
				t.Errorf("%s is there twice", l.Member)
			}
			once[l.Member] = true
			if len(l.Member) > 240 || strings.Contains(l.Member, "//") || strings.ContainsAny(l.Member, "\\:*?\"<>|\x00\n") || !filepath.IsLocal(l.Member) {
				t.Errorf("%q is a hostile name", l.Member)
			}
			for name := range strings.SplitSeq(l.Member, "/") {
				if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") || name == "" {
					t.Errorf("Windows has no name %q", name)
				}
			}
			if l.Digest != evidence.Digest(sha256.Sum256([]byte(l.Path))) {
				t.Errorf("%q has another content", l.Path)
			}
		}
	}
}
