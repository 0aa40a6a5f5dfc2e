package hostname

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Rank is how likely a word that ends with a suffix is the name of a host.
type Rank byte

// The ranks, from the least likely on.
const (
	NoSuffix  Rank = iota // no public suffix: it is none
	FileRank              // far more often the ending of a file
	WordRank              // also a usual word, or a name in program code
	PlainRank             // hardly anything else
)

const maxSuffixes = 8192

// Suffix returns the rank of a top-level domain, in any case of its letters.
func (r *Resolver) Suffix(tld []byte) Rank {
	var buffer [63]byte
	if len(tld) < 2 || len(tld) > len(buffer) {
		return NoSuffix
	}
	for i, c := range tld {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buffer[i] = c
	}
	lower := buffer[:len(tld)]
	if len(lower) == 2 && char.Letter(lower[0]) && char.Letter(lower[1]) {
		return r.country(lower)
	}
	if known, ok := r.suffixes[string(lower)]; ok {
		return known
	}
	rank := rankOf(string(lower))
	if r.suffixes == nil {
		r.suffixes = map[string]Rank{}
	}
	if len(r.suffixes) < maxSuffixes {
		r.suffixes[string(lower)] = rank
	}
	return rank
}

// country is Suffix of two small letters, by far the most.
func (r *Resolver) country(tld []byte) Rank {
	known := &r.countries[tld[0]-'a'][tld[1]-'a']
	if *known == 0 {
		*known = rankOf(string(tld)) + 1
	}
	return *known - 1
}

func rankOf(tld string) Rank {
	if suffix, icann := publicsuffix.PublicSuffix("a." + tld); !icann || suffix != tld {
		// Some countries have no names directly below them.
		if suffix, icann = publicsuffix.PublicSuffix("a.b." + tld); !icann || !strings.HasSuffix(suffix, "."+tld) {
			return NoSuffix
		}
	}
	switch {
	case isFile(tld):
		return FileRank
	case strings.HasPrefix(tld, "xn--"), isPlain(tld), len(tld) == 2 && !isWord2(tld):
		return PlainRank
	default:
		return WordRank
	}
}

// isFile reports whether files end so: scripts, sources, archives, what tools
// and Windows write, pictures.
func isFile(tld string) bool {
	switch tld {
	case "py", "sh", "md", "rs", "pl", "ps", "zip", "mov", "cc", "so", "java", "bz", "gz", "pf", "pub", "inc", "pm", "ac", "la", "mo", "tf", "ai", "do", "am",
		"as", "bat", "cab", "cfd", "cr", "dm", "ec", "gdn", "gp", "gs", "ls", "ma", "mk", "ml", "mm", "mp", "ms", "mt", "ne", "pt", "py3", "sc", "st", "sv", "sy",
		"tr", "vi", "ws", "eps", "prof", "map", "app", "dat", "bin", "log", "rip", "ink", "mil", "box", "ps1", "vc", "tc", "nc", "pn", "ph", "pw", "gl", "cf", "cl",
		"hs", "mn", "tm", "bo", "ga", "ps2", "mu", "sas", "py2", "dev", "doc", "hm", "target", "properties", "data", "zero", "read", "search", "select":
		return true
	default:
		return false
	}
}

// isWord2 reports whether a country's domain is a usual word or name in code.
func isWord2(tld string) bool {
	switch tld {
	case "id", "is", "to", "in", "it", "at", "me", "my", "no", "be", "by", "an", "us", "va", "pk", "gt", "lt", "eq", "es", "ne", "io", "ci", "im", "sr",
		"br", "tt", "td", "th", "ad", "ps", "sd", "si", "ar", "al", "cm", "mg", "kg", "re", "mw", "fm", "pr", "py", "cx", "cv", "os", "aw", "om", "ie", "ir",
		"et", "ht", "li", "fk", "fo", "sm", "sb", "cd", "np", "ax", "je", "gg", "lc", "ki", "pg", "mh", "nu", "nr", "tn", "bb", "bs", "ag", "bf", "bi",
		"bj", "bm", "bn", "bt", "bw", "cg", "ck", "dj", "dz", "er", "fj", "gd", "gf", "gh", "gi", "gm", "gn", "gq", "gu", "gw", "gy", "hn", "jm", "jo", "km",
		"kn", "kp", "kw", "ky", "lr", "ly", "mc", "mr", "mv", "mx", "mz", "na", "nf", "ni", "pa", "pf", "qa", "rw", "sl", "sn", "sz", "tg", "tj", "tl", "tv",
		"tz", "ug", "uy", "uz", "vg", "vn", "vu", "wf", "ye", "zm", "zw":
		return true
	default:
		return false
	}
}

// isPlain reports whether a top-level domain of more letters is hardly a word
// in program code or a usual one.
func isPlain(tld string) bool {
	switch tld {
	case "com", "org", "net", "edu", "gov", "info", "biz", "arpa", "aero", "asia", "coop", "mobi", "museum", "onion", "xyz", "icu", "cyou", "sbs", "club",
		"website", "wtf", "monster", "quest", "buzz", "casa", "autos", "boats", "homes", "yachts", "motorcycles", "wang", "bond", "lol", "pics", "mom",
		"hosting", "network", "email", "berlin", "london", "paris", "tokyo", "nyc", "koeln", "hamburg", "bayern", "moscow", "vegas", "istanbul", "swiss",
		"wiki", "blog", "ninja", "guru", "expert", "agency", "digital", "solutions", "technology", "company", "limited", "gmbh", "ltd", "loan", "loans",
		"casino", "poker", "bet", "porn", "sex", "xxx", "adult", "webcam", "dating", "bid", "faith", "racing", "accountant", "cricket",
		"university", "academy", "school", "foundation", "vip", "shop", "online", "tech", "int":
		return tld != "int" && tld != "email" && tld != "network"
	default:
		return false
	}
}
