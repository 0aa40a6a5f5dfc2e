package indicator_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence/indicator"
)

// FuzzScan looks for crashes, for places outside the input, and for matches
// that overlap.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"203.0.113.7 hxxp://a[.]com/x fe80::1 a@b.com", "\xff\xfea\x00.\x00c\x00o\x00m\x00", "DE89 3704 0044 0532 0130 00",
		"4111-1111-1111-1111", `HKLM\a\b c\d`, "[[.](.){.}[://]", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "bc1qqqqqqqqqqqqqqq", "CVE-2021-44228",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		covered := map[int64]bool{}
		err := indicator.Scan(bytes.NewReader(data), func(m indicator.Match) error {
			if m.Offset < 0 || m.Length <= 0 || m.Offset+m.Length > int64(len(data)) || m.Value == "" {
				t.Fatalf("%+v in %d bytes", m, len(data))
			}
			for i := m.Offset; i < m.Offset+m.Length; i++ {
				if covered[i] {
					t.Fatalf("%+v overlaps another match", m)
				}
				covered[i] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
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
