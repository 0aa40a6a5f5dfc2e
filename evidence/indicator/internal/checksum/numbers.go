package checksum

import (
	"hash/crc32"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Mod97 checks the two digits behind the country (ISO/IEC 7064).
func Mod97(text []byte) bool {
	if !char.Digit(text[2]) || !char.Digit(text[3]) {
		return false
	}
	rest := 0
	for i := range text {
		c := text[(i+4)%len(text)]
		if char.Digit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c-'A') + 10) % 97
		}
	}
	return rest == 1
}

// IBANLength returns the length of a country's account numbers (the SWIFT
// registry); 0 for what is no country of it.
func IBANLength(country [2]byte) int {
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

// Issuer reports whether the digits begin and count as an issuer's cards do
// (ISO/IEC 7812).
func Issuer(d []byte) bool {
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

// Luhn reports whether the last of the digits is right (ISO/IEC 7812 annex B).
func Luhn(digits []byte) bool {
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

// CRC62 reports whether the last six characters of b are the CRC-32 of those
// before them, in base 62, as GitHub and npm write it.
func CRC62(b []byte) bool {
	const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	body, sum := b[:len(b)-6], b[len(b)-6:]
	value := crc32.ChecksumIEEE(body)
	for i := 5; i >= 0; i-- {
		if sum[i] != digits[value%62] {
			return false
		}
		value /= 62
	}
	return true
}
