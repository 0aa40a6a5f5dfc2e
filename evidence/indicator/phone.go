package indicator

import (
	"bytes"

	"github.com/nyaruka/phonenumbers"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// phone takes numbers in the international form: a plus sign, the code of a
// country, and digits in groups, together of a range that the country has
// assigned.
func (s *scanner) phone(v *view, from, to int) {
	for i := from; i < to; i++ {
		if v.b[i] == '+' && i+8 < len(v.b) && v.b[i+1] >= '1' && v.b[i+1] <= '9' && (i == from || phoneLeft(v.b[i-1])) {
			s.phoneAt(v, i)
			i = max(i, v.covered-1)
		}
	}
}

func phoneLeft(c byte) bool {
	return c == ':' || c == '=' || c == '(' || c == '/' || c == '['
}

const maxPhone = 15 // digits (ITU-T E.164)

// phoneDigits counts the digits behind a plus, and what stands between them.
func phoneDigits(b []byte, at int) (digits, gaps, end int) {
	end = at + 1
	open := false
	for i := at + 1; i < len(b) && digits <= maxPhone && i-at < 32; i++ {
		switch c := b[i]; {
		case char.Digit(c):
			digits++
			end = i + 1
		case c == '(' && !open && i+1 < len(b) && char.Digit(b[i+1]), c == ')' && open:
			open = c == '('
			gaps++
		case (c == ' ' || c == '-' || c == '.' || c == '/') && i+1 < len(b) && (char.Digit(b[i+1]) || b[i+1] == '(' || b[i-1] == ')'):
			gaps++
		default:
			return digits, gaps, end
		}
	}
	return digits, gaps, end
}

// phoneGoesOn reports whether what ends as a number goes on as something else.
func phoneGoesOn(b []byte, end int) bool {
	if end < len(b) && (char.Alnum(b[end]) || b[end] == '_' || b[end] == '@' && end+1 < len(b) && b[end+1] != 's') {
		return true
	}
	return end+1 < len(b) && (b[end] == '.' || b[end] == ':' || b[end] == '-') && char.Digit(b[end+1])
}

func (s *scanner) phoneAt(v *view, at int) {
	b := v.b
	digits, gaps, end := phoneDigits(b, at)
	if digits < 8 || digits > maxPhone || gaps > 7 || phoneGoesOn(b, end) || softBreak(v, at, end) || touches(v, at, end) {
		return
	}
	number, err := phonenumbers.Parse(string(b[at:end]), "")
	if err != nil || !phonenumbers.IsValidNumber(number) || bytes.Count(b[at:end], b[end-1:end]) == digits {
		return
	}
	details := map[string]string{}
	if region := phonenumbers.GetRegionCodeForNumber(number); region != "" {
		details["region"] = region
	}
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.MOBILE:
		details["type"] = "mobile"
	case phonenumbers.FIXED_LINE:
		details["type"] = "fixed line"
	case phonenumbers.VOIP:
		details["type"] = "voip"
	}
	s.emit(v, Phone, phonenumbers.Format(number, phonenumbers.E164), at, end, details)
}
