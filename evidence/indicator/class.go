package indicator

import (
	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
)

// class is what a byte may mean in a token.
type class uint32

const (
	isDigit class = 1 << iota
	isLetter
	isDot
	isAt
	isColon
	isBackslash
	isOpen // a bracket that defanging may have put there
	isHigh // part of a character beyond ASCII
	isPercent
	isAmp
	isEquals
	isPlus
	isHyphen
	isUnderscore
	isWord   // may be in a word
	isBreak  // never in a token
	isStop   // breaks, and what may end a token
	isBase64 // a character of base64, in either alphabet
)

// classes returns the class of every byte.
func classes() (c [256]class) {
	for i := range c {
		b := byte(i)
		switch {
		case b == char.Hyphen, b == char.Joiner:
		case b <= ' ' || b == 0x7F, b == '"', b == '\'', b == '<', b == '>', b == '`', b == ',', b == '|':
			c[i] = isBreak | isStop
		case b >= 0x80:
			c[i] = isHigh | isWord
		case char.Digit(b):
			c[i] = isDigit | isWord
		case char.Letter(b):
			c[i] = isLetter | isWord
		}
	}
	for i := range c {
		if form.Base64Value(byte(i)) <= 63 {
			c[i] |= isBase64
		}
	}
	c['.'], c['@'], c['%'], c['+'] = isDot|isWord, isAt|isWord, isPercent|isWord, isPlus|isWord|isBase64
	c['-'], c['_'] = isHyphen|isWord|isBase64, isUnderscore|isWord|isBase64
	c[':'], c['='], c['&'] = isColon, isEquals, isAmp
	c['\\'], c[';'] = isBackslash|isStop, isBreak|isStop
	c['['], c['('], c['{'], c[']'] = isOpen, isOpen, isOpen, isOpen
	return c
}
