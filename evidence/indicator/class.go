package indicator

import "github.com/sealcase/sealcase/evidence/indicator/internal/char"

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
	isWord  // may be in a word
	isBreak // never in a token
	isStop  // breaks, and what may end a token
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
	c['.'], c['@'], c['%'], c['+'] = isDot|isWord, isAt|isWord, isPercent|isWord, isPlus|isWord
	c['-'], c['_'] = isHyphen|isWord, isUnderscore|isWord
	c[':'], c['='], c['&'] = isColon, isEquals, isAmp
	c['\\'], c[';'] = isBackslash|isStop, isBreak|isStop
	c['['], c['('], c['{'], c[']'] = isOpen, isOpen, isOpen, isOpen
	return c
}
