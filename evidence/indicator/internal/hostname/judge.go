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
	if dots > 4 {
		return false // "a.b.c.d.e.f" is a name in a program
	}
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
	return len(tld) == 2 || dots > 1 || string(tld) != "com" && string(tld) != "org"
}

// NotHost reports whether what stands before the top-level domain says that a
// name is none of a host.
func NotHost(t, tld []byte, dots int) bool {
	first, rest, _ := bytes.Cut(t, []byte("."))
	country := len(tld) == 2
	if country && tld[0] < 'a' && !upper(t) || country && MixedLabels(t) {
		return true // "Trojan.Agent.BE"
	}
	if product(t) || allX(t) || len(tld) > 3 && MixedLabels(t) && !Common(tld) {
		return true
	}
	if familyName(first) && (dots > 1 || country) {
		return true
	}
	if (dots > 1 || string(first) == "java") && reversed(first) && !Common(tld) {
		return true // "com.instagram.android"
	}
	if CodeName(first) && !Common(tld) {
		return true
	}
	return hasFileLabel(rest[:max(0, len(rest)-len(tld))])
}

// hasFileLabel reports whether a label says that a name is that of a file, as in
// "app.min.map" and "NOTEPAD.EXE-D8414F97.pf".
func hasFileLabel(name []byte) bool {
	for label := range bytes.SplitSeq(name, []byte(".")) {
		if fileLabel(label) {
			return true
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

// Common reports whether names under a top-level domain are hosts whatever they
// begin with.
func Common(tld []byte) bool {
	switch string(tld) {
	case "com", "org", "net", "COM", "ORG", "NET", "edu", "gov":
		return true
	default:
		return false
	}
}

// Mnemonic reports whether a name may be an instruction of a processor with its
// conditions and types: "BL.GE", "amoadd.d.aq", "vdiv.hu".
func Mnemonic(t, tld []byte) bool {
	var buffer [4]byte
	switch string(char.Lower(buffer[:0], tld)) {
	case "ge", "hu", "aq", "lu", "ls", "vc", "cc", "pl", "gt", "lt", "ne", "al", "lo", "mi", "le", "hi", "ro", "sk", "cw":
	default:
		return false
	}
	longest, n := 0, 0
	for label := range bytes.SplitSeq(t[:len(t)-len(tld)-1], []byte(".")) {
		if n++; n > 1 && len(label) > 2 || bytes.IndexByte(label, '-') >= 0 {
			return false
		}
		longest = max(longest, len(label))
	}
	return n > 1 || longest <= 5 || upper(t) && longest <= 8
}

// product reports whether a name is that of software.
func product(t []byte) bool {
	var buffer [12]byte
	switch string(char.Lower(buffer[:0], t)) {
	case "asp.net", "vb.net", "ado.net", "ml.net", "java.net", "javax.net", "lcov.info", "socket.io", "node.js":
		return true
	default:
		return false
	}
}

// allX reports whether a name is made of the letter that stands for any.
func allX(t []byte) bool { return len(bytes.Trim(t, "xX.")) == 0 }

// Likely reports whether a name that nothing stands around may be a host's.
func Likely(t []byte) bool {
	dot := bytes.LastIndexByte(t, '.')
	return dot > 0 && !MixedCase(t[dot+1:]) && !NotHost(t, t[dot+1:], bytes.Count(t, []byte(".")))
}
