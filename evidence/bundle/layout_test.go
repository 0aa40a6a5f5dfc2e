package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// sparse is a file whose parts stand far apart, with zeros between.
type sparse struct {
	parts map[int64][]byte
	size  int64
}

func (s *sparse) put(at int64, p []byte) {
	s.parts[at] = bytes.Clone(p)
	s.size = max(s.size, at+int64(len(p)))
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	clear(p)
	n := int(min(int64(len(p)), s.size-off))
	for at, data := range s.parts {
		if from, to := max(at, off), min(at+int64(len(data)), off+int64(n)); from < to {
			copy(p[from-off:to-off], data[from-at:])
		}
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// TestZip64 lays out members around the limits of the old zip and has them
// read by the standard library and by our own reader.
func TestZip64(t *testing.T) {
	at := evidence.At(time.Date(2026, 3, 9, 8, 36, 27, 0, time.UTC))
	when, _ := stampOf(at)
	want := []member{
		{name: "d/just below", length: limit32 - 1, crc: 1},
		{name: "d/just large", length: limit32, crc: 2},
		{name: "d/far back", length: 5, crc: 3},
		{name: "d/both", length: limit32 + 77, crc: 4},
		{name: "d/empty"},
	}
	for i := range want {
		want[i].name = "d/" + fmt.Sprint(i)
	}
	file := &sparse{parts: map[int64][]byte{}}
	for i := range want {
		m := &want[i]
		m.offset = file.size
		file.put(m.offset, appendLocal(nil, *m, when))
		file.put(contentStart(*m)+m.length, appendDescriptor(nil, *m))
	}
	start := file.size
	for _, m := range want {
		file.put(file.size, appendCentral(nil, m, when))
	}
	file.put(file.size, appendEnd(nil, len(want), start, file.size-start))

	d, f, err := readDirectory(file, file.size)
	if f != nil || err != nil {
		t.Fatalf("readDirectory: %v, %v", f, err)
	}
	if diff := cmp.Diff(want, d.members, cmp.AllowUnexported(member{})); diff != "" {
		t.Errorf("readDirectory: %s", diff)
	}
	z, err := zip.NewReader(file, file.size)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range want {
		got := z.File[i]
		offset, err := got.DataOffset()
		if err != nil || got.Name != m.name || int64(got.UncompressedSize64) != m.length || got.CRC32 != m.crc || offset != contentStart(m) {
			t.Errorf("member %d: the standard library reads %+v at %d, %v", i, got.FileHeader, offset, err)
		}
		if want := time.Date(2026, 3, 9, 8, 36, 26, 0, time.UTC); !got.Modified.Equal(want) || !when.Time().Equal(want) {
			t.Errorf("member %d: time %s, stamp %s", i, got.Modified, when.Time())
		}
	}
}

// TestManyMembers goes beyond the 65,535 members of the old zip.
func TestManyMembers(t *testing.T) {
	files := make([]File, 70_000)
	for i := range files {
		files[i] = File{Name: fmt.Sprintf("%05d", i)}
	}
	data := Assemble(evidence.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), "d/", files)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) != len(files) {
		t.Fatalf("the standard library reads: %v", err)
	}
	d, f, err := readDirectory(bytes.NewReader(data), int64(len(data)))
	if f != nil || err != nil || len(d.members) != len(files) {
		t.Fatalf("readDirectory: %v, %v", f, err)
	}
}

// TestStamp holds stamps to the range that MS-DOS has.
func TestStamp(t *testing.T) {
	for _, c := range []struct {
		at   time.Time
		want stamp
		ok   bool
	}{
		{time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), 0x00210000, true},
		{time.Date(2107, 12, 31, 23, 59, 59, 0, time.UTC), 0xff9fbf7d, true},
		{time.Date(2026, 3, 9, 9, 36, 27, 0, time.FixedZone("", 3600)), 0x5c69448d, true},
		{time.Date(1979, 12, 31, 23, 59, 59, 0, time.UTC), 0, false},
		{time.Date(2108, 1, 1, 0, 0, 0, 0, time.UTC), 0, false},
		{time.Time{}, 0, false},
	} {
		if got, ok := stampOf(evidence.At(c.at)); got != c.want || ok != c.ok {
			t.Errorf("stampOf(%s) = %#x, %v, want %#x, %v", c.at, got, ok, c.want, c.ok)
		}
	}
}
