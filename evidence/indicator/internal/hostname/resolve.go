// Package hostname tells names of hosts from names of files, of things in
// programs, of apps and of what virus scanners find, by the name itself and the
// list of public suffixes. What stands around a name is for others to look at.
package hostname

import (
	"crypto/sha3"
	"encoding/base32"
	"hash/maphash"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Resolver remembers what names it was asked of last, so that those that occur
// again and again cost no memory. Its size is fixed; its zero value is ready.
type Resolver struct {
	names     []Entry
	suffixes  map[string]Rank
	countries [26][26]Rank // and one; 0 is not known yet
	seed      maphash.Seed
}

const remembered = 2048 // a power of two

// resolve normalises a name and finds out whether it is one under a public
// suffix (publicsuffix.org).
func (r *Resolver) resolve(raw string) Entry {
	e := Entry{raw: raw}
	name, unicodeName := bothForms(strings.ToLower(raw))
	if !validName(name) {
		return e
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	private := !icann && strings.Contains(suffix, ".")
	if !icann && !private || suffix == name || len(suffix) == len(name)-1 {
		return e
	}
	registered := name[:len(name)-len(suffix)-1]
	registered = registered[strings.LastIndexByte(registered, '.')+1:]
	if strings.ContainsRune(registered, '_') || strings.ContainsRune(suffix, '_') {
		return e
	}
	if suffix == "onion" && !onion(registered) {
		return e
	}
	e.Name = name
	e.Rank = r.Suffix([]byte(name[strings.LastIndexByte(name, '.')+1:]))
	if e.Private = private; private {
		e.Rank = PlainRank
	}
	if e.Rank == NoSuffix {
		e.Name = ""
		return e
	}
	e.Host = map[string]string{"host": name}
	if unicodeName != "" {
		e.Details = map[string]string{"unicode": unicodeName}
		e.Host["unicode"] = unicodeName
	}
	return e
}

// bothForms returns a name in ASCII, "" where it has no such form, and in letters
// beyond it, "" where it has none (RFC 5890 section 2.3.2.1).
func bothForms(name string) (ascii, letters string) {
	if char.ASCII(name) {
		if strings.Contains(name, "xn--") {
			if u, err := idna.Lookup.ToUnicode(name); err == nil && u != name {
				letters = u
			}
		}
		return name, letters
	}
	if strings.ContainsRune(name, '�') || mixesIdeographs(name) {
		return "", ""
	}
	ascii, err := idna.Lookup.ToASCII(name)
	if err != nil {
		return "", ""
	}
	return ascii, name
}

// mixesIdeographs reports whether a label has both ideographs and letters of
// ASCII: text without blanks before or behind a name.
func mixesIdeographs(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		ideographs, plain := false, false
		for _, r := range label {
			plain = plain || r < 0x80
			ideographs = ideographs || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
		}
		if ideographs && plain {
			return true
		}
	}
	return false
}

// validName reports whether the labels of a name are those of hosts, and of
// services with an underscore (RFC 1123 section 2.1, RFC 8552).
func validName(name string) bool {
	if len(name) < 4 || len(name) > 253 {
		return false
	}
	label := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '.':
			if label == 0 || name[i-1] == '-' {
				return false
			}
			label = 0
			continue
		case c == '-' && label == 0, !char.Alnum(c) && c != '-' && c != '_', label == 63:
			return false
		}
		label++
	}
	return label > 0 && name[len(name)-1] != '-'
}

// onion reports whether a label is a service of Tor: of version 3 with a valid
// checksum (rend-spec-v3), or one of the 16 characters of version 2.
func onion(label string) bool {
	raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(label))
	if err != nil || len(raw) == 10 {
		return err == nil
	}
	if len(raw) != 35 || raw[34] != 3 {
		return false
	}
	sum := sha3.Sum256(append(append([]byte(".onion checksum"), raw[:32]...), 3))
	return sum[0] == raw[32] && sum[1] == raw[33]
}

// Entry is what is known of a word that may be the name of a host.
type Entry struct {
	raw     string
	Name    string // normalised; "" when it is none
	Rank    Rank
	Private bool              // under a suffix that a service gives its customers
	Details map[string]string // of the name alone
	Host    map[string]string // of a URL with that host
}

// Resolve returns what is known of a word.
func (r *Resolver) Resolve(raw []byte) *Entry {
	if r.names == nil {
		r.names, r.seed = make([]Entry, remembered), maphash.MakeSeed()
	}
	e := &r.names[maphash.Bytes(r.seed, raw)%remembered]
	if e.raw != string(raw) {
		*e = r.resolve(string(raw))
	}
	return e
}
