package indicator_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence/indicator"
)

func scan(t testing.TB, text string) []indicator.Match {
	t.Helper()
	var found []indicator.Match
	err := indicator.Scan(strings.NewReader(text), func(m indicator.Match) error {
		found = append(found, m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// brief writes matches as "kind value".
func brief(found []indicator.Match) []string {
	var out []string
	for _, m := range found {
		out = append(out, string(m.Kind)+" "+m.Value)
	}
	return out
}

func TestFound(t *testing.T) {
	tests := []struct{ line, want string }{
		{`203.0.113.77 - - [12/Mar/2026:04:11:09 +0000] "POST /api/v2/payroll/export HTTP/1.1" 200 48121 "-" "curl/8.5.0"`, "ipv4 203.0.113.77"},
		{`connect to 10.20.30.40:8443 failed`, "ipv4 10.20.30.40"},
		{`from [2001:db8:0:0::1]:443, then fe80::1%eth0`, "ipv6 2001:db8::1; ipv6 fe80::1"},
		{`C2 at hxxps://evil-payroll[.]example[.]com/a/b?x=1.`, "url https://evil-payroll.example.com/a/b?x=1"},
		{`hXXp://198[.]51[.]100[.]7/x`, "url http://198.51.100.7/x; ipv4 198.51.100.7"},
		{`beacon 198[.]51[.]100[.]7 and evil[dot]ru and bad(.)co`, "ipv4 198.51.100.7; domain evil.ru; domain bad.co"},
		{`See (https://Example.COM/Path_(x)), please.`, "url https://example.com/Path_(x)"},
		{`url=https://a.example.org/r?u=https://b.example.org/`, "url https://a.example.org/r?u=https://b.example.org/; url https://b.example.org/"},
		{`From: "Payroll" <Payroll.Team+x@Mail.Example.COM>, cc: ops@example.org;`, "email Payroll.Team+x@mail.example.com; email ops@example.org"},
		{`mailto:jane[at]example[.]net`, "email jane@example.net"},
		{`DNS query: update.paypa1-secure.me A`, "domain update.paypa1-secure.me"},
		{`xn--e1afmkfd.xn--p1ai`, "domain xn--e1afmkfd.xn--p1ai"},
		{`md5=d41d8cd98f00b204e9800998ecf8427e sha1:DA39A3EE5E6B4B0D3255BFEF95601890AFD80709`,
			"md5 d41d8cd98f00b204e9800998ecf8427e; sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709"},
		{`e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty`,
			"sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{`send 0.5 BTC to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`, "bitcoin-address 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{`3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy`, "bitcoin-address 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"},
		{`bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq`, "bitcoin-address bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"},
		{`BC1P0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQZK5JJ0`, "bitcoin-address bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
		{`0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed`, "ethereum-address 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		{`0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed`, "ethereum-address 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		{`888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H`,
			"monero-address 888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H"},
		{`IBAN: DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819`, "iban DE89370400440532013000; iban GB29NWBK60161331926819"},
		{`card 4111 1111 1111 1111 exp 12/29; 5500-0000-0000-0004; 378282246310005`,
			"payment-card 411111******1111; payment-card 550000******0004; payment-card 378282*****0005"},
		{`exploited cve-2021-44228 (Log4Shell)`, "cve CVE-2021-44228"},
		{`T1059.001 under TA0002, also T1566`, "attack-technique T1059.001; attack-technique TA0002; attack-technique T1566"},
		{`aws_access_key_id = AKIAIOSFODNN7EXAMPLE`, "aws-key-id AKIA************MPLE"},
		{`set HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Run to x`, `registry-path HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Run`},
	}
	for _, tc := range tests {
		t.Run(tc.line, func(t *testing.T) {
			found := scan(t, tc.line)
			if got := strings.Join(brief(found), "; "); got != tc.want {
				t.Errorf("found %s\nwant  %s", got, tc.want)
			}
			for _, m := range found {
				raw := tc.line[m.Offset : m.Offset+m.Length]
				if m.Raw != "" && m.Raw != raw || m.Raw == "" && m.Kind != indicator.Card && m.Kind != indicator.AWSKey && m.Value != raw {
					t.Errorf("%+v points at %q", m, raw)
				}
			}
		})
	}
}

func TestNotFound(t *testing.T) {
	for _, line := range []string{
		`version 1.2.3, release v10.20.30.40, build 1.2.3.4.5`,
		`300.1.2.3 and 0.0.0.0`,
		`12:34:56 00:1a:2b:3c:4d:5e std::vector abc::def Foo::Bar`,
		`main.py run.sh README.md lib.rs archive.zip movie.mov index.html server.log a.out libc.so`,
		`self.name obj.id os.open(path) array.map user.is System.Net.Http console.log(x)`,
		`node_modules/pkg.io /home/user/www.example.com.txt`,
		`foo@bar user@localhost @decorator git@host a@b..com`,
		`1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb`,         // base58check wrong
		`bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdr`, // bech32 wrong
		`0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD`, // EIP-55 wrong
		`DE89 3704 0044 0532 0130 01`,                // mod 97 wrong
		`4111 1111 1111 1112 and 1234567890123456`,   // Luhn wrong, no issuer
		`order 4111111111111111222`,                  // longer
		`550e8400-e29b-41d4-a716-446655440000`,       // UUID
		`CVE-2021-1 CVE-20210-44228 T1000 T9999 TA9999`,
		`AKIAIOSFODNN7EXAMPL AKIA0000000000000000`,
		`ffffffffffffffffffffffffffffffff 00000000000000000000000000000000`,
		`deadbeefDEADBEEFdeadbeefDEADBEEF`, // mixed case
		`http:// http://x file:///etc/passwd`,
		``,
		"\x00\xff\xfe",
	} {
		t.Run(line, func(t *testing.T) {
			if got := brief(scan(t, line)); got != nil {
				t.Errorf("found %q", got)
			}
		})
	}
}

// encode writes text as UTF-16.
func encode(text string, order binary.ByteOrder, mark bool) []byte {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xFEFF}, units...)
	}
	var b bytes.Buffer
	_ = binary.Write(&b, order, units)
	return b.Bytes()
}

func TestUTF16(t *testing.T) {
	const text = "Überweisung an 203.0.113.77, Konto DE89 3704 0044 0532 0130 00, evil[.]example[.]com … 中文\r\n"
	for name, raw := range map[string][]byte{
		"little endian":              encode(text, binary.LittleEndian, true),
		"big endian":                 encode(text, binary.BigEndian, true),
		"little endian without mark": encode(text, binary.LittleEndian, false),
		"big endian without mark":    encode(text, binary.BigEndian, false),
	} {
		t.Run(name, func(t *testing.T) {
			found := scan(t, string(raw))
			want := []string{"ipv4 203.0.113.77", "iban DE89370400440532013000", "domain evil.example.com"}
			if diff := cmp.Diff(want, brief(found)); diff != "" {
				t.Fatalf("found (-want +got):\n%s", diff)
			}
			at := bytes.Index(raw, encode("203.0", map[bool]binary.ByteOrder{true: binary.BigEndian, false: binary.LittleEndian}[strings.HasPrefix(name, "big")], false))
			if found[0].Offset != int64(at) || found[0].Length != 2*12 {
				t.Errorf("offset %d length %d, want %d and 24", found[0].Offset, found[0].Length, at)
			}
		})
	}
}

// Wherever a match lies, also across the edges of windows, it is found once
// and in its place; and it does not matter in which pieces the input comes.
func TestAcrossWindows(t *testing.T) {
	const line = "198[.]51[.]100[.]7 IBAN DE89 3704 0044 0532 0130 00 https://example.com/x?y=z 4111-1111-1111-1111\n"
	var text strings.Builder
	for i := 0; text.Len() < 1<<20; i++ {
		text.WriteString(line)
		text.WriteString(strings.Repeat("x", i%97))
		text.WriteByte(' ')
	}
	lines := strings.Count(text.String(), "\n")
	found := scan(t, text.String())
	if len(found) != 4*lines {
		t.Fatalf("found %d, want %d", len(found), 4*lines)
	}
	from := 0
	for i := 0; i < len(found); i += 4 {
		at := from + strings.Index(text.String()[from:], "198[.]")
		if found[i].Offset != int64(at) {
			t.Fatalf("match %d is at %d, want %d", i, found[i].Offset, at)
		}
		from = at + 1
	}
	var again []indicator.Match
	err := indicator.Scan(iotest.HalfReader(strings.NewReader(text.String())), func(m indicator.Match) error {
		again = append(again, m)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(found, again); diff != "" {
		t.Errorf("in pieces (-whole +pieces):\n%s", diff)
	}
}

// Text made to be slow is not: each of these took minutes a megabyte if any
// step looked at a whole token for each of its parts.
func TestHostileTextTakesLinearTime(t *testing.T) {
	for name, piece := range map[string]string{
		"beginnings of URLs": strings.Repeat("http://a/", 220) + strings.Repeat(")", 2000),
		"dots":               strings.Repeat("a.b", 1300),
		"colons":             strings.Repeat("::1", 1300),
		"at signs":           strings.Repeat("@a", 2000),
		"brackets":           strings.Repeat("[.", 2000),
		"registry":           strings.Repeat(`HKLM\ `, 600),
		"no break at all":    strings.Repeat("1", 4000),
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(piece+" ", (2<<20)/len(piece))
			start := time.Now()
			scan(t, text)
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("2 MiB took %s", took)
			}
		})
	}
}

func TestScanStops(t *testing.T) {
	stop := fmt.Errorf("enough")
	n := 0
	err := indicator.Scan(strings.NewReader(strings.Repeat("203.0.113.77 ", 100)), func(indicator.Match) error {
		n++
		return stop
	})
	if err != stop || n != 1 {
		t.Errorf("stopped after %d with %v", n, err)
	}
	if err := indicator.Scan(iotest.ErrReader(stop), func(indicator.Match) error { return nil }); err != stop {
		t.Errorf("the reader's error came back as %v", err)
	}
}

func TestTally(t *testing.T) {
	tally := indicator.NewTally(2)
	text := "203.0.113.7 203.0.113.8 203.0.113.7 203[.]0[.]113[.]7 203.0.113.9"
	if err := indicator.Scan(strings.NewReader(text), tally.Add); err != nil {
		t.Fatal(err)
	}
	counted, more := tally.Sorted()
	if !more || len(counted) != 2 || counted[0].Count != 3 || counted[0].Offset != 0 || counted[1].Count != 1 {
		t.Errorf("counted %+v, more %v", counted, more)
	}
}
