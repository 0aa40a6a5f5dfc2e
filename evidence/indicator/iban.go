package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
)

// iban takes an account number of ISO 13616, together or in groups of four, in
// small letters only where it is called so. The word is its beginning.
func (s *scanner) iban(w word) {
	b, at := w.v.b, w.from
	lower := b[at] >= 'a'
	var country [2]byte
	for i := range country {
		c := b[at+i]
		if !char.Letter(c) || c >= 'a' != lower {
			return
		}
		country[i] = c &^ 0x20
	}
	want := checksum.IBANLength(country)
	if want == 0 || joined(b, at) {
		return
	}
	var text [34]byte
	n, end := accountSigns(b, at, want, lower, &text)
	if n < want || end < len(b) && (char.Alnum(b[end]) || b[end] >= 0x80) || !checksum.Mod97(text[:n]) {
		return
	}
	if lower {
		var buffer [96]byte
		if name, _ := nameBefore(w.v, at, &buffer); !bytes.HasSuffix(name, []byte("iban")) && !bytes.HasSuffix(name, []byte("account")) && !bytes.HasSuffix(name, []byte("konto")) {
			return
		}
	}
	s.emit(w.v, IBAN, string(text[:n]), at, end, map[string]string{"country": string(country[:])})
}

// accountSigns takes as many letters and digits as wanted, together or in groups
// of four; n is less where something else stands between them.
func accountSigns(b []byte, at, want int, lower bool, text *[34]byte) (n, end int) {
	for end = at; end < len(b) && n < want; end++ {
		c := b[end]
		switch {
		case char.Digit(c):
			text[n] = c
			n++
		case char.Letter(c) && c >= 'a' == lower:
			text[n] = c &^ 0x20
			n++
		case c == ' ' && n%4 == 0 && n > 0 && b[end-1] != ' ':
		default:
			return n, end
		}
	}
	return n, end
}
