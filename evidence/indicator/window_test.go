package indicator

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func allBy(t *testing.T, raw []byte, size int) (found []Match) {
	t.Helper()
	err := scanBy(bytes.NewReader(raw), size, func(m Match) error {
		found = append(found, m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// generated writes text of all forms, without any order, from a seed.
func generated(seed uint64, length int) []byte {
	random := rand.New(rand.NewPCG(seed, 7))
	wide := func(text string) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune(text)) {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
		return b.String()
	}
	pieces := []func() string{
		func() string { return fmt.Sprintf("203.0.113.%d", random.IntN(256)) },
		func() string {
			return fmt.Sprintf("https://h%d.example.com/%d?a=b&c=d", random.IntN(99), random.IntN(999))
		},
		func() string { return fmt.Sprintf("ida%d@mail.example.org", random.IntN(99)) },
		func() string { return "bj\u00f6rn@example.org" },
		func() string { return wide(" http://wide.example.com/a and 198.51.100.7\x00") },
		func() string { return "DE89 3704 0044 0532 0130 00" },
		func() string { return "version 1.2.3.4" },
		func() string { return "aHR0cHM6Ly9kcm9wLmV4YW1wbGUuY29tL2dhdGUgYW5kIG1vcmUgdGV4dA==" },
		func() string { return strings.Repeat("x", random.IntN(5000)) },
		func() string { return strings.Repeat("\x00", random.IntN(50)) },
		func() string { return `https:\/\/esc.example.com\/x` },
		func() string { return "hxxp://bad[.]example[.]com/x" },
		func() string { return "HKLM\\Software\\Some Key\\Run" },
		func() string { return "evil DOT example DOT com" },
		func() string { return "+49 30 901820" },
		func() string { return "4111 1111 1111 1111" },
	}
	separators := []string{" ", "\n", ", ", "\"", "\t", ";", "|", "<", "\x00\x00", "\xff", ") (", "= ", ": "}
	var b bytes.Buffer
	for b.Len() < length {
		b.WriteString(pieces[random.IntN(len(pieces))]())
		b.WriteString(separators[random.IntN(len(separators))])
	}
	return b.Bytes()
}

// What is found does not depend on how the input falls into windows.
func TestWindows(t *testing.T) {
	for seed := range uint64(4) {
		raw := generated(seed, 100<<10)
		want := allBy(t, raw, 1<<20)
		if len(want) < 200 {
			t.Fatalf("only %d", len(want))
		}
		for _, size := range []int{313, 777, 4096, 9973, 65536} {
			if diff := cmp.Diff(want, allBy(t, raw, size)); diff != "" {
				t.Fatalf("seed %d, windows of %d (-one +many):\n%s", seed, size, diff)
			}
		}
	}
}

// A file that is cut off anywhere is read to where it ends, and what stands
// whole before the cut, with something behind it, is found.
func TestCutOff(t *testing.T) {
	for name, raw := range map[string][]byte{
		"text":   generated(3, 3000),
		"mail":   []byte("From: ida@example.org\nTo: emil@example.org\nContent-Transfer-Encoding: quoted-printable\n\nhttps://a.exam=\nple.com/=3D bj=C3=B6rn@example.org\n"),
		"JSON":   []byte(`{"a":"https:\/\/x.example.com\/\u00fc","b":["\ud83d\ude00 ida\u0040example.org\n203.0.113.7"]}`),
		"UTF-16": append([]byte("\xff\xfe"), "h\x00t\x00t\x00p\x00:\x00/\x00/\x00a\x00.\x00b\x00e\x00/\x00 \x00\xfc\x00"...),
	} {
		t.Run(name, func(t *testing.T) {
			whole := allBy(t, raw, 4096)
			for n := range raw {
				cut := allBy(t, raw[:n], 4096)
				for i, m := range whole {
					if m.Offset+m.Length+64 > int64(n) {
						break
					}
					if i >= len(cut) || cut[i].Value != m.Value {
						t.Fatalf("cut at %d of %d: %+v is missing", n, len(raw), m)
					}
				}
			}
		})
	}
}

// Memory does not grow with the input, and what is no indicator takes none.
func TestMemory(t *testing.T) {
	for name, line := range map[string]string{
		"log":     `host app[77]: GET /static/app.3f2a.js?v=1.2.3 HTTP/1.1 200 Chrome/131.0.0.0 module.rs a.b.c 12:34:56 x=y` + "\n",
		"base64":  "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83v\n",
		"numbers": "1771234567123456 0x00007ffd12345678 550e8400-e29b-41d4-a716-446655440000\n",
	} {
		t.Run(name, func(t *testing.T) {
			run := func(lines int) float64 {
				text := strings.Repeat(line, lines)
				return testing.AllocsPerRun(3, func() {
					if err := Scan(strings.NewReader(text), func(m Match) error { return fmt.Errorf("found %+v", m) }); err != nil {
						t.Fatal(err)
					}
				})
			}
			if few, many := run(100), run(20000); many > few+8 {
				t.Errorf("%.0f allocations for 100 lines, %.0f for 20,000", few, many)
			}
		})
	}
}
