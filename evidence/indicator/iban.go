package indicator

import "bytes"

// iban takes an account number of ISO 13616, together or in groups of four, in
// small letters only where it is called so. The word is its beginning.
func (s *scanner) iban(w word) {
	b, at := w.v.b, w.from
	lower := b[at] >= 'a'
	var country [2]byte
	for i := range country {
		c := b[at+i]
		if !letter(c) || c >= 'a' != lower {
			return
		}
		country[i] = c &^ 0x20
	}
	want := ibanLength(country)
	if want == 0 || joined(b, w.start, at) {
		return
	}
	var text [34]byte
	n, end := 0, at
	for end < len(b) && n < want {
		c := b[end]
		switch {
		case digit(c):
			text[n] = c
			n++
		case letter(c) && c >= 'a' == lower:
			text[n] = c &^ 0x20
			n++
		case c == ' ' && n%4 == 0 && n > 0 && b[end-1] != ' ':
		default:
			return
		}
		end++
	}
	if n < want || end < len(b) && (alnum(b[end]) || b[end] >= 0x80) || !mod97(text[:n]) {
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

// mod97 checks the two digits behind the country (ISO/IEC 7064).
func mod97(text []byte) bool {
	if !digit(text[2]) || !digit(text[3]) {
		return false
	}
	rest := 0
	for i := range text {
		c := text[(i+4)%len(text)]
		if digit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}

// ibanLength returns the length of a country's account numbers (the SWIFT
// registry); 0 for what is no country of it.
func ibanLength(country [2]byte) int {
	const table = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22" +
		"GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30" +
		"NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20"
	for i := 0; i < len(table); i += 4 {
		if table[i] == country[0] && table[i+1] == country[1] {
			return int(table[i+2]-'0')*10 + int(table[i+3]-'0')
		}
	}
	return 0
}
