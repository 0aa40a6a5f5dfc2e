package bundle_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// oneOf returns one of a list at random.
func oneOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// awkwardNames returns the names that each run of the whole suite has at least
// once: every control and bidirectional character, every byte that is not UTF-8,
// every device of Windows in several forms, and whatever else broke archives.
func awkwardNames() []string {
	var names []string
	for c := rune(0); c < 0xa0; c++ {
		if c < 0x20 || c >= 0x7f {
			names = append(names, "a"+string(c)+"b", string(c))
		}
	}
	for _, c := range "\u061c\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff\ufffd\U000e0041\U0010ffff" {
		names = append(names, "invoice"+string(c)+"fdp.exe")
	}
	for c := 0x80; c < 0x100; c++ {
		names = append(names, "a"+string([]byte{byte(c)})+".b")
	}
	devices := []string{"con", "prn", "aux", "nul", "com\u00b9", "lpt\u00b2", "conin$", "conout$", "clock$"}
	for i := range 10 {
		devices = append(devices, fmt.Sprintf("com%d", i), fmt.Sprintf("LPT%d", i))
	}
	for i, d := range devices {
		names = append(names, d, strings.ToUpper(d)+".txt", d+".tar.gz", d+".", d+" ", d+" .h", "."+d, "x/"+d,
			d+"."+strings.Repeat("x", 90+i%12), d+strings.Repeat(".", 95)+"y")
	}
	for i := 1; i < 8; i++ {
		names = append(names, strings.Repeat(".", i), strings.Repeat(" ", i), "report"+strings.Repeat(".", i), "report"+strings.Repeat(" ", i))
	}
	for _, n := range []int{98, 99, 100, 101, 102, 255, 1000, 1024} {
		for _, ending := range []string{"", ".", ".txt", ".twelvebytes", ".thirteenbyte", ".." + strings.Repeat("z", 9)} {
			names = append(names, strings.Repeat("n", n-len(ending))+ending)
		}
	}
	return append(names,
		strings.Repeat(".", 1024), strings.Repeat("/", 1024), strings.Repeat("\u00e9", 512), strings.Repeat("\xff", 1024), strings.Repeat("\x00", 255),
		"\u00e9.txt", "e\u0301.txt", "\u212b", "\u00c5", "A\u030a", "\uac00", "\u1100\u1161", "\ufb01le", "\uff23\uff2f\uff2e", "\u0130", "\u0131",
		"../../etc/passwd", "/", "a/", "a//", `C:\Windows\nul`, `\\server\share\x.`, "C:", "nul:stream", "~/.ssh/id_rsa", "file:///etc/passwd", "a/../b",
		"base64:", "base64:YQ==", "base64:?", "Base64:YQ==", "bagit.txt", "manifest-sha256.txt", "fetch.txt", "verify.html", "E-00001", "a%0Ab", "a%2Fb",
		"=cmd|' /C calc'!A0", "-rf", "--help", "@echo", "$(id)", "`id`", "'; drop table", "<script>alert(1)</script>", `"quoted"`, `back\slash`, `\u0000`, `"signature":{`, `,"signature":{"key"`,
		"desktop.ini", "Thumbs.db", ".DS_Store", "a\tb", "a\r\nb", "\xc0\xaf", "\xed\xa0\x80\xed\xb0\x80", "\xe2\x82", "\xf4\x90\x80\x80", "\U0001f600\U0001f468\u200d\U0001f469",
	)
}

// hostileName returns a name by a grammar of pieces that are awkward each.
func hostileName(r *rand.Rand, awkward []string) evidence.FileName {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		switch r.IntN(6) {
		case 0, 1:
			b.WriteString(awkward[r.IntN(len(awkward))])
		case 2:
			b.WriteString(oneOf(r, ".", "..", " ", "/", `\`, ":", "_", "-", "\u0301", "\x80", "con", "NUL", "com1", "."+strings.Repeat("e", r.IntN(14))))
		case 3:
			b.WriteByte(byte(r.IntN(256)))
		case 4:
			b.WriteRune(rune(r.IntN(0x110000))) // a surrogate is written as U+FFFD
		default:
			b.WriteString(strings.Repeat(oneOf(r, "x", ".", "\u00fc", "\xff"), r.IntN(120)))
		}
	}
	name := b.String()
	return evidence.FileName(name[:min(len(name), evidence.MaxNameBytes)] + strings.Repeat("x", max(0, 1-len(name))))
}

// hostileText returns text that JSON can say, of at least so many characters.
func hostileText(r *rand.Rand, least int) string {
	var b strings.Builder
	for range least + r.IntN(12) {
		b.WriteString(oneOf(r, "a", "Z", "7", " ", "\n", "\r", "\x00", "\x1f", "\x7f", "\u0085", `"`, `\`, "/", "<", "&", "\u2028", "\u202e", "\ufeff", "\uffff",
			"\ufffd", "\u00e9", "e\u0301", "\U0001f600", "\U0010ffff", "null", `\u0000`, `,"signature":{`, "{}", "base64:", string(rune(r.IntN(0xd800)))))
	}
	return b.String()
}

// hostileDetails returns details that no verifier reads, with keys that sort
// otherwise as UTF-8 than as UTF-16.
func hostileDetails(r *rand.Rand) map[string]string {
	details := map[string]string{}
	for range r.IntN(4) {
		details[oneOf(r, "", "note", "\ufb33", "\U0001f600", "\x00", `"`, "\u20ac", "leaf", hostileText(r, 1))] = hostileText(r, 0)
	}
	for _, read := range []string{"clock", "disclosure"} {
		delete(details, read)
	}
	return details
}

// shuffled returns a list in another order.
func shuffled[T any](r *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
