package bundle

import (
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// What the name of a key says that it is for, before its version:
// "agency.example/log/v1" (FORMAT.md section 5.2).
const (
	forHeads = "log"
	forSeals = "seal"
)

// keysFor returns the keys that may sign what role names: all but those whose
// names set them aside for something else. A process that may use one of an
// agency's keys cannot thereby do what the other is for.
func keysFor(role string, keys []evidence.PublicKey) []evidence.PublicKey {
	var fit []evidence.PublicKey
	for _, k := range keys {
		if is := roleOf(k.Name); is == "" || is == role {
			fit = append(fit, k)
		}
	}
	return fit
}

// roleOf returns the role that the name of a key says, "" when it says none.
func roleOf(name string) string {
	rest, version, ok := cutLast(name, "/v")
	if !ok || version == "" || strings.Trim(version, "0123456789") != "" {
		return ""
	}
	_, role, ok := cutLast(rest, "/")
	if !ok || role != forHeads && role != forSeals {
		return ""
	}
	return role
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
