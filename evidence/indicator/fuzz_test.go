package indicator_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence/indicator"
)

// FuzzScan looks for crashes, for places outside the input, for values that are
// no text, for matches that overlap outside of a URL, and for what depends on
// the pieces in which the input comes.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"203.0.113.7 hxxp://a[.]com/x fe80::1 a@b.com", "\xff\xfea\x00.\x00c\x00o\x00m\x00", "DE89 3704 0044 0532 0130 00",
		"4111-1111-1111-1111", `HKLM\a\b c\d`, "[[.](.){.}[://", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "bc1qqqqqqqqqqqqqqq", "CVE-2021-44228",
		"From: a@b.com\nTo: c@d.org\nContent-Transfer-Encoding: quoted-printable\n\nhttps://a.exam=\nple.com/=3D", `{"a":"https:\/\/x.example.com\u0040\n"}`,
		"aHR0cHM6Ly9ldmlsLmV4YW1wbGUuY29tL2E/Yj0x", "&#104;ttps&colon;//a.example.com/&amp;x", "r\u00e4x\u2011y@b\u00fc.de \u3002com", "user AT example DOT com", "+49 30 1234567",
		"x\x00a\x00@\x00b\x00.\x00c\x00o\x00m\x00\x00", "GET /?u=http%3A%2F%2Fa.example.com%2F&c=4111111111111111", "=?utf-8?B?YUBiLmNvbQ==?=",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		whole := checked(t, data, bytes.NewReader(data))
		pieces := checked(t, data, iotest.OneByteReader(bytes.NewReader(data)))
		if diff := cmp.Diff(whole, pieces); diff != "" {
			t.Fatalf("in pieces (-whole +pieces):\n%s", diff)
		}
	})
}

func checked(t *testing.T, data []byte, r io.Reader) (found []indicator.Match) {
	t.Helper()
	var within int64 // where the last URL ends
	var end int64
	err := indicator.Scan(r, func(m indicator.Match) error {
		found = append(found, m)
		if m.Offset < 0 || m.Length <= 0 || m.Offset+m.Length > int64(len(data)) || m.Value == "" {
			t.Fatalf("%+v in %d bytes", m, len(data))
		}
		if !utf8.ValidString(m.Value) || !utf8.ValidString(m.Raw) || strings.ContainsAny(m.Value+m.Raw, "\x00\n\r") {
			t.Fatalf("%+v is no text", m)
		}
		// Characters of base64 hold parts of two bytes.
		if m.Offset+2 < end && m.Offset+m.Length > within+2 {
			t.Fatalf("%+v overlaps another match", m)
		}
		if m.Kind == indicator.URL {
			within = max(within, m.Offset+m.Length)
		}
		end = max(end, m.Offset+m.Length)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func BenchmarkScan(b *testing.B) {
	line := `203.0.113.77 - - [12/Mar/2026:04:11:09 +0000] "GET /static/js/app.3f2a.js?v=1.2.3 HTTP/1.1" 200 48121 "https://portal.example.com/home" "Mozilla/5.0 (X11; Linux x86_64)"` + "\n"
	prose := "The examiner received the laptop at noon, sealed it, and wrote down who had carried it and when it was opened again.\n"
	for name, text := range map[string]string{
		"server log": strings.Repeat(line, 20000),
		"prose":      strings.Repeat(prose, 20000),
		"binary":     string(bytes.Repeat([]byte{0x1f, 0x8b, 0xa7, 'x', 'Q', '9', 0xee, 0x02, 'z', 0xc3}, 300000)),
		"base64":     strings.Repeat("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83v\n", 30000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				tally := indicator.NewTally(10000)
				if err := indicator.Scan(strings.NewReader(text), tally.Add); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
