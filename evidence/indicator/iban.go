package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
	"github.com/sealcase/sealcase/evidence/indicator/internal/grouped"
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
	if want == 0 || grouped.Joined(b, at) {
		return
	}
	var text [34]byte
	n, end := grouped.Signs(b, at, want, lower, &text)
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
