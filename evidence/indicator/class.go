package indicator

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

// Two control characters stand for what a name must not touch, see normalise.
const (
	hyphenByte  = 0x16 // a hyphen or dash beyond ASCII
	joinerByte  = 0x17 // invisible, or a symbol
	unknownByte = 0xFF // a byte that is no text in UTF-8
)

// classes returns the class of every byte.
func classes() (c [256]class) {
	for i := range c {
		b := byte(i)
		switch {
		case b == hyphenByte, b == joinerByte:
		case b <= ' ' || b == 0x7F, b == '"', b == '\'', b == '<', b == '>', b == '`', b == ',', b == '|':
			c[i] = isBreak | isStop
		case b >= 0x80:
			c[i] = isHigh | isWord
		case digit(b):
			c[i] = isDigit | isWord
		case letter(b):
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

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }
func alnum(b byte) bool  { return digit(b) || letter(b) }

// lower appends b in small letters of ASCII to buffer, as far as there is room.
func lower(buffer, b []byte) []byte {
	for _, c := range b[:min(len(b), cap(buffer)-len(buffer))] {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buffer = append(buffer, c)
	}
	return buffer
}

// hexValue returns the value of a hexadecimal digit, 0xFF of anything else.
func hexValue(b byte) byte {
	switch {
	case digit(b):
		return b - '0'
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return b | 0x20 - 'a' + 10
	default:
		return 0xFF
	}
}

// hexByte returns the byte that two hexadecimal digits stand for.
func hexByte(b []byte) (byte, bool) {
	if len(b) < 2 {
		return 0, false
	}
	high, low := hexValue(b[0]), hexValue(b[1])
	return high<<4 | low, high != 0xFF && low != 0xFF
}
