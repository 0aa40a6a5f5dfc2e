package indicator

import "strings"

// card takes 13 to 19 digits, together or in groups with single spaces or
// hyphens, of an issuer's range and with a valid Luhn digit.
func (s *scanner) card(buffer []byte, at int) bool {
	if !digit(buffer[at]) || joined(buffer, at) {
		return false
	}
	digits := make([]byte, 0, 20)
	end, group := at, 0
	var gap byte
	for end < len(buffer) && len(digits) < 20 {
		c := buffer[end]
		switch {
		case digit(c):
			digits = append(digits, c)
			group++
		case (c == ' ' || c == '-') && (gap == 0 || gap == c) && group >= 4 && group <= 6 && end+1 < len(buffer) && digit(buffer[end+1]):
			gap, group = c, 0
		default:
			return s.cardOf(buffer, digits, at, end)
		}
		end++
	}
	return s.cardOf(buffer, digits, at, end)
}

func (s *scanner) cardOf(buffer, digits []byte, at, end int) bool {
	n := len(digits)
	if n < 13 || n > 19 || !issuer(digits) || !luhn(digits) || end < len(buffer) && alnum(buffer[end]) {
		return false
	}
	masked := string(digits[:6]) + strings.Repeat("*", n-10) + string(digits[n-4:])
	s.emit(buffer, Card, masked, at, end, nil)
	return true
}

// joined reports whether what begins at is the rest of something longer.
func joined(buffer []byte, at int) bool {
	if at == 0 {
		return false
	}
	before := buffer[at-1]
	if alnum(before) {
		return true
	}
	if at < 2 {
		return false
	}
	return (before == '-' || before == '.' || before == '_') && alnum(buffer[at-2]) || before == ' ' && digit(buffer[at-2])
}

// issuer reports whether the digits begin and count as an issuer's cards do
// (ISO/IEC 7812).
func issuer(d []byte) bool {
	n := len(d)
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	four := two*100 + int(d[2]-'0')*10 + int(d[3]-'0')
	switch {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34, two == 37:
		return n == 15
	case four == 6011, two == 65, four >= 6440 && four <= 6499:
		return n == 16 || n == 19
	case four >= 3528 && four <= 3589:
		return n == 16
	case two == 36, four >= 3000 && four <= 3059, two == 38:
		return n == 14
	default:
		return false
	}
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		v := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// iban takes an account number of ISO 13616, together or in groups of four.
func (s *scanner) iban(buffer []byte, at int) bool {
	if at+4 > len(buffer) || joined(buffer, at) {
		return false
	}
	want := ibanLength(string(buffer[at : at+2]))
	if want == 0 {
		return false
	}
	text := make([]byte, 0, 34)
	end := at
	for end < len(buffer) && len(text) < want {
		c := buffer[end]
		switch {
		case digit(c), c >= 'A' && c <= 'Z':
			text = append(text, c)
		case c == ' ' && len(text)%4 == 0 && len(text) > 0 && buffer[end-1] != ' ':
		default:
			return false
		}
		end++
	}
	if len(text) < want || end < len(buffer) && alnum(buffer[end]) || !mod97(text) {
		return false
	}
	s.emit(buffer, IBAN, string(text), at, end, map[string]string{"country": string(text[:2])})
	return true
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
func ibanLength(country string) int {
	const table = "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22" +
		"GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30" +
		"NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20"
	for i := 0; i < len(table); i += 4 {
		if table[i:i+2] == country {
			return int(table[i+2]-'0')*10 + int(table[i+3]-'0')
		}
	}
	return 0
}
