package fileid_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/fileid"
)

// identify returns the findings as "kind value".
func identify(t testing.TB, name string, content []byte) []string {
	t.Helper()
	r := analyze.Runner{Analyzers: []analyze.Analyzer{fileid.Analyzer{}}, Logger: slog.New(slog.DiscardHandler)}
	report, err := r.Run(t.Context(), evidence.Item{Name: evidence.FileName(name), Length: int64(len(content))}, bytes.NewReader(content))
	if err != nil || report.Failure != "" {
		t.Fatalf("failure %q, %v", report.Failure, err)
	}
	var out []string
	for _, f := range report.Findings {
		out = append(out, f.Kind+" "+f.Value)
	}
	return out
}

// zipped makes an archive of members with that many zero bytes each.
func zipped(t testing.TB, size int, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		m, err := w.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write(make([]byte, size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wideText writes text as UTF-16 without a mark.
func wideText(text string, big bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		if big {
			out = binary.BigEndian.AppendUint16(out, u)
		} else {
			out = binary.LittleEndian.AppendUint16(out, u)
		}
	}
	return out
}

// compound writes a compound file whose directory names streams; it has no
// content.
func compound(streams ...string) []byte {
	out := make([]byte, 512)
	copy(out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	out[30] = 9 // sectors of 512 bytes; the directory is in the first
	for _, name := range append([]string{"Root Entry"}, streams...) {
		entry := make([]byte, 128)
		copy(entry, wideText(name, false))
		entry[64] = byte(2*len(name) + 2)
		out = append(out, entry...)
	}
	return out
}

func TestIdentify(t *testing.T) {
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	archive := zipped(t, 10, "a.txt", "b.txt", "../../etc/passwd")
	tests := []struct {
		name    string
		content []byte
		want    []string
	}{
		{"empty.log", nil, []string{"empty-file 0", "file-type application/x-empty"}},
		{"server.log", []byte("GET / HTTP/1.1\nplain text\n"), []string{"file-type text/plain", "text-encoding us-ascii"}},
		{"note.txt", []byte("Überweisung veranlaßt\n"), []string{"file-type text/plain", "text-encoding utf-8"}},
		{"latin.txt", []byte("\xdcberweisung veranla\xdft, und noch mehr Text\n"), []string{"file-type text/plain", "text-encoding unknown 8-bit"}},
		{"wide.txt", []byte("\xff\xfeh\x00i\x00\n\x00"), []string{"file-type text/plain", "text-encoding utf-16le"}},
		{"#room.log", []byte("[04:11] <ida> \x02see\x02 \x0304this\x03\r\n"), []string{"file-type text/plain", "text-encoding us-ascii"}},
		{"print.txt", []byte("page\x0b one\r\nand the rest\r\n"), []string{"file-type text/plain", "text-encoding us-ascii"}},
		{"wire.log", []byte("8=FIX.4.4\x019=70\x0135=A\x0149=BANK\x01"), []string{"file-type text/plain", "text-encoding us-ascii"}},
		{"wide.csv", wideText("time,address\r\n04:11,203.0.113.9\r\n", true), []string{"file-type text/plain", "text-encoding utf-16be"}},
		{"wide2.txt", wideText("Straße und Übergang, 203.0.113.9\r\n", false), []string{"file-type text/plain", "text-encoding utf-16le"}},
		{"wide.pdf", wideText("time,address\r\n04:11,203.0.113.9\r\n", true), []string{"file-type text/plain", "text-encoding utf-16be", "extension-mismatch .pdf"}},
		{"noise.txt", bytes.Repeat([]byte{0, 1, 2, 3, 0x80, 'a', 0xFF}, 40), []string{"file-type application/octet-stream", "extension-mismatch .txt"}},
		{"plan.docx", compound("EncryptionInfo", "EncryptedPackage"), []string{"file-type application/x-ole-storage", "encrypted office-document"}},
		{"plan.pdf", compound("EncryptionInfo", "EncryptedPackage"), []string{"file-type application/x-ole-storage", "encrypted office-document", "extension-mismatch .pdf"}},
		{"plan.xlsx", compound("WordDocument"), []string{"file-type application/x-ole-storage", "extension-mismatch .xlsx"}},
		{"cut.docx", compound("EncryptedPackage")[:600], []string{"file-type application/x-ole-storage", "extension-mismatch .docx"}},
		{"photo.png", png, []string{"file-type image/png"}},
		{"invoice.pdf", png, []string{"file-type image/png", "extension-mismatch .pdf"}},
		{"photo.jpg", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00"), []string{"file-type application/vnd.microsoft.portable-executable", "extension-mismatch .jpg"}},
		{"notes.unknown", png, []string{"file-type image/png"}},
		{"home.zip", archive, []string{"file-type application/zip", "archive 3"}},
		{"cut.zip", archive[:60], []string{"file-type application/zip", "archive unknown"}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, identify(t, tc.name, tc.content)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestArchiveThatExpands(t *testing.T) {
	// The directory's claim counts; nothing is unpacked.
	raw := zipped(t, 1000, "a", "b", "c")
	for i := bytes.Index(raw, []byte("PK\x01\x02")); i >= 0; {
		copy(raw[i+24:], "\x00\x00\x00\xf0")
		next := bytes.Index(raw[i+4:], []byte("PK\x01\x02"))
		if next < 0 {
			break
		}
		i += 4 + next
	}
	got := strings.Join(identify(t, "bomb.zip", raw), "; ")
	if !strings.Contains(got, "archive 3") || !strings.Contains(got, fileid.KindBomb) {
		t.Errorf("found %s", got)
	}
}

func TestManyMembers(t *testing.T) {
	var names []string
	for i := range 3000 {
		names = append(names, fmt.Sprintf("folder/%d.txt", i))
	}
	if got := identify(t, "x.zip", zipped(t, 1, names...)); got[1] != "archive 3000" {
		t.Errorf("found %q", got)
	}
}

// A file that is cut off anywhere is identified, or said to be what nothing is
// known of; nothing fails, and what it was before the cut is not forgotten.
func TestCutOff(t *testing.T) {
	files := map[string][]byte{
		"home.zip": zipped(t, 10, "a.txt", "folder/b.txt"), "plan.docx": compound("EncryptionInfo", "EncryptedPackage"),
		"wide.txt": wideText("Straße, 203.0.113.9, und noch mehr Text\r\n", false), "note.txt": []byte("Überweisung veranlaßt\n"),
		"photo.png": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01"),
	}
	for name, whole := range files {
		t.Run(name, func(t *testing.T) {
			for n := range len(whole) {
				found := identify(t, name, whole[:n])
				types := 0
				for _, f := range found {
					if strings.HasPrefix(f, "file-type ") {
						types++
					}
				}
				if types != 1 {
					t.Fatalf("cut at %d of %d: %q", n, len(whole), found)
				}
			}
		})
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("a.zip", zipped(f, 3, "a", "b"))
	f.Add("x", []byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		if got := identify(t, name, content); len(got) == 0 {
			t.Error("nothing is said")
		}
	})
}
