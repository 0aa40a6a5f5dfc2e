package form

import (
	"unicode"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// StandsFor returns what a character is taken for; 0 for a letter.
func StandsFor(r rune, size int) byte {
	switch {
	case r == utf8.RuneError && size == 1:
		return char.Unknown
	case r == '。', r == '．', r == '｡', r == '․', r == '…':
		return '.'
	case r == '§':
		return '#' // before the number of a section
	case r >= 0xFF01 && r <= 0xFF5E:
		return byte(r - 0xFF01 + '!')
	case r >= 0x2010 && r <= 0x2013, r == 0x2212, r == 0xFE63:
		return char.Hyphen
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
		return 0
	case r == '‘', r == '’', unicode.Is(unicode.Cf, r), unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r):
		return char.Joiner
	default:
		return ' '
	}
}
