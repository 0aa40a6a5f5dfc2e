package indicator_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples are texts and what is in them, for any container.
func samples() [][2]string {
	return [][2]string{
		{"203.0.113.71", "ipv4 203.0.113.71"},
		{"2001:db8::71", "ipv6 2001:db8::71"},
		{"https://drop.example.com/gate/in.php?id=7&k=v", "url https://drop.example.com/gate/in.php?id=7&k=v"},
		{"paymaster@mail.example.org", "email paymaster@mail.example.org"},
		{"cdn.example.net", "domain cdn.example.net"},
		{"5e8ff9bf55ba3508199d22e984129be6", "md5 5e8ff9bf55ba3508199d22e984129be6"},
		{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bitcoin-address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bitcoin-address bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
		{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "ethereum-address 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		{"CVE-2024-12345", "cve CVE-2024-12345"},
		{"DE89370400440532013000", "iban DE89370400440532013000"},
		{"jürgen@example.com", "email jürgen@example.com"},
	}
}

// container writes text in a form, and reads such a form again.
type container struct {
	write func(text string) []byte
	read  func(raw []byte) string // what is at a match; nil: compare with the text
}

func containers() map[string]container {
	escaped := func(text string) []byte {
		raw, _ := json.Marshal(map[string]any{"a": []string{"see " + text + "\nnext"}, "n": 1})
		return raw
	}
	unescape := func(raw []byte) string {
		var text string
		_ = json.Unmarshal([]byte(`"`+string(raw)+`"`), &text)
		return text
	}
	wide := func(order binary.ByteOrder, before, after string) func(string) []byte {
		return func(text string) []byte {
			return slices.Concat([]byte(before), encode(text, order, false), []byte(after))
		}
	}
	narrow := func(order binary.ByteOrder) func([]byte) string {
		return func(raw []byte) string {
			var out []rune
			for i := 0; i+1 < len(raw); i += 2 {
				out = append(out, rune(order.Uint16(raw[i:])))
			}
			return string(out)
		}
	}
	quoted := func(text string) []byte {
		var b bytes.Buffer
		b.WriteString("From: ida@example.org\r\nTo: emil@example.org\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
		w := quotedprintable.NewWriter(&b)
		fmt.Fprintf(w, "%s see %s now\r\n", strings.Repeat("q", 58), text)
		_ = w.Close()
		return b.Bytes()
	}
	unquote := func(raw []byte) string {
		var b bytes.Buffer
		_, _ = b.ReadFrom(quotedprintable.NewReader(bytes.NewReader(raw)))
		return b.String()
	}
	reference := func(text string) []byte {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, "&#%d;", r)
		}
		return []byte("<p>" + b.String() + "</p>")
	}
	return map[string]container{
		"as it is":                 {func(t string) []byte { return []byte("see " + t + ", now") }, nil},
		"JSON":                     {escaped, unescape},
		"JSON with slashes":        {func(t string) []byte { return bytes.ReplaceAll(escaped(t), []byte("/"), []byte(`\/`)) }, unescape},
		"JSON in a string of JSON": {func(t string) []byte { return escaped(string(escaped(t))) }, func(raw []byte) string { return unescape([]byte(unescape(raw))) }},
		"HTML":                     {func(t string) []byte { return []byte("<p>see " + html.EscapeString(t) + "</p>") }, func(b []byte) string { return html.UnescapeString(string(b)) }},
		"references":               {reference, func(b []byte) string { return html.UnescapeString(string(b)) }},
		"percent":                  {func(t string) []byte { return []byte("GET /x?u=" + url.QueryEscape(t) + " HTTP/1.1") }, func(b []byte) string { s, _ := url.QueryUnescape(string(b)); return s }},
		"quoted-printable":         {quoted, unquote},
		"base64": {func(t string) []byte {
			return []byte("see " + base64.StdEncoding.EncodeToString([]byte("it is at "+t+" now")))
		}, func([]byte) string { return "" }},
		"base64 of UTF-16": {func(t string) []byte {
			return []byte("powershell -enc " + base64.StdEncoding.EncodeToString(encode("iwr -Uri '"+t+"' -o x", binary.LittleEndian, false)))
		}, func([]byte) string { return "" }},
		"wide":                     {wide(binary.LittleEndian, "\xff\xfe", ""), narrow(binary.LittleEndian)},
		"wide, big-endian":         {wide(binary.BigEndian, "\xfe\xff", ""), narrow(binary.BigEndian)},
		"wide in binary":           {wide(binary.LittleEndian, "MZ\x90\x01\x02\x00\x00", "\x00\x00\x07\x90"), narrow(binary.LittleEndian)},
		"wide in binary, odd":      {wide(binary.LittleEndian, "MZ\x90\x01\x02\x05\x9a\x00", "\x00\x00\x07\x90"), narrow(binary.LittleEndian)},
		"wide behind a letter":     {wide(binary.LittleEndian, "MZ\x90\x01\x02zz", "\x00\x00\x07\x90"), narrow(binary.LittleEndian)},
		"wide, big-endian, binary": {wide(binary.BigEndian, "MZ\x90\x01\x02\x00\x00", "\x00\x00\x07\x90"), narrow(binary.BigEndian)},
	}
}

// What is found, and where, does not depend on the form in which it is written.
func TestContainers(t *testing.T) {
	for name, c := range containers() {
		for _, sample := range samples() {
			t.Run(name+"/"+sample[0], func(t *testing.T) {
				raw := c.write(sample[0])
				for _, m := range scan(t, string(raw)) {
					if string(m.Kind)+" "+m.Value != sample[1] {
						if m.Value != "ida@example.org" && m.Value != "emil@example.org" { // the mail's own
							t.Errorf("found %s %s, which is not there", m.Kind, m.Value)
						}
						continue
					}
					at := string(raw[m.Offset : m.Offset+m.Length])
					if c.read != nil {
						at = c.read([]byte(at))
					}
					if at != sample[0] && !strings.HasPrefix(name, "base64") {
						t.Errorf("points at %q", raw[m.Offset:m.Offset+m.Length])
					}
					return
				}
				t.Errorf("not found in %q", raw)
			})
		}
	}
}

// Lines of base64 are one text, and a match in it points at the characters that
// hold it.
func TestBase64Lines(t *testing.T) {
	var text strings.Builder
	var want []string
	for i := range 3000 {
		fmt.Fprintf(&text, "line %d: https://host%d.example.com/%s and more\n", i, i, strings.Repeat("p", i%13))
		want = append(want, fmt.Sprintf("url https://host%d.example.com/%s", i, strings.Repeat("p", i%13)))
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(text.String()))
	for _, end := range []string{"\n", "\r\n"} {
		var raw strings.Builder
		raw.WriteString("--x\nContent-Transfer-Encoding: base64\n\n")
		for rest := encoded; len(rest) > 0; rest = rest[min(76, len(rest)):] {
			raw.WriteString(rest[:min(76, len(rest))] + end)
		}
		found := scan(t, raw.String())
		if diff := cmp.Diff(want, brief(found)); diff != "" {
			t.Fatalf("found (-want +got):\n%s", diff)
		}
		for _, m := range found {
			at := strings.NewReplacer("\n", "", "\r", "").Replace(raw.String()[m.Offset : m.Offset+m.Length])
			if n := len(at) * 3 / 4; n < len(m.Value) || n > len(m.Value)+4 {
				t.Fatalf("%s: %d characters at %d", m.Value, len(at), m.Offset)
			}
		}
	}
}

// A name is whole or not there: whatever letter, mark, symbol, dash or invisible
// character stands in it or in front of it, what is found is never the rest
// behind that character.
func TestWholeOrNotThere(t *testing.T) {
	found := map[string]bool{}
	for _, r := range "éßøłœđñçıжяφשبกあ漢字한’❤\u00ad\u200b\u200d\u2060‑–_&!#$%^~}" {
		for _, form := range [][2]string{{"bj", "rn@example.org"}, {"", "mueller@example.org"}, {"k", "ln.example.org"}, {"", "uecher.example.org"},
			{"mail@b", "cher.example.org"}, {"http://b", "cher.example.org/x"}} {
			if form[0] == "" && strings.ContainsRune("❤’\u00ad\u200b\u200d\u2060‑–", r) {
				continue // stands in front of names as a sign of its own
			}
			text := "to " + form[0] + string(r) + form[1] + " now"
			for _, encoded := range []string{text, string(encode(text, binary.LittleEndian, true)), string(encode(text, binary.BigEndian, true))} {
				for _, m := range scan(t, encoded) {
					if strings.HasSuffix(form[1], m.Value) || strings.HasSuffix(form[1], m.Value+"/x") {
						t.Errorf("%q: found %s %s", text, m.Kind, m.Value)
					}
					found[form[1]] = true
				}
			}
		}
	}
	if len(found) < 6 {
		t.Errorf("found only in %v", found)
	}
}
