package hostname

import (
	"bytes"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// MixedCase reports whether b is neither all lower nor all upper case.
func MixedCase(b []byte) bool {
	upper, lower := 0, 0
	for _, c := range b {
		upper += char.Bit(c >= 'A' && c <= 'Z')
		lower += char.Bit(c >= 'a' && c <= 'z')
	}
	return upper > 0 && lower > 0
}

// Registrable reports whether the part of a name that is registered has a digit
// or a hyphen, which names in programs and usual words hardly have.
func (e *Entry) Registrable(dots int) bool {
	registered, err := publicsuffix.EffectiveTLDPlusOne(e.Name)
	if err != nil {
		return false
	}
	label, _, _ := strings.Cut(registered, ".")
	return dots >= 1 && len(label) >= 4 && strings.ContainsRune(label, '-') && !strings.HasPrefix(label, "xn--") || strings.HasPrefix(label, "xn--") ||
		dots >= 2 && len(label) >= 4 && strings.ContainsAny(label, "0123456789")
}

// Brief reports whether a name is so short that program code is full of such:
// "e.de", "t.fr".
func Brief(t, tld []byte, dots int) bool {
	for label := range bytes.SplitSeq(t[:len(t)-len(tld)-1], []byte(".")) {
		if len(label) > 2 {
			return false
		}
	}
	return len(tld) == 2 || dots > 1
}

// NotHost reports whether what stands before the top-level domain says that a
// name is none of a host.
func NotHost(t, tld []byte, dots int) bool {
	first, rest, _ := bytes.Cut(t, []byte("."))
	country := len(tld) == 2
	if country && tld[0] < 'a' && !upper(t) || country && MixedLabels(t) {
		return true // "Trojan.Agent.BE"
	}
	if familyName(first) && (dots > 1 || country) {
		return true
	}
	if (dots > 1 || string(first) == "java") && reversed(first) && !common(tld) {
		return true // "com.instagram.android"
	}
	if CodeName(first) && !common(tld) {
		return true
	}
	for label := range bytes.SplitSeq(rest[:max(0, len(rest)-len(tld))], []byte(".")) {
		if fileLabel(label) {
			return true // "app.min.map", "NOTEPAD.EXE-D8414F97.pf"
		}
	}
	return false
}

func upper(b []byte) bool { return !bytes.ContainsFunc(b, unicode.IsLower) }

// MixedLabels reports whether a label has small letters and large ones behind
// them, as names in programs have.
func MixedLabels(t []byte) bool {
	for i := 1; i < len(t); i++ {
		if t[i] >= 'A' && t[i] <= 'Z' && t[i-1] >= 'a' && t[i-1] <= 'z' {
			return true
		}
	}
	return false
}

func common(tld []byte) bool {
	switch string(tld) {
	case "com", "org", "net", "COM", "ORG", "NET", "edu", "gov":
		return true
	default:
		return false
	}
}
