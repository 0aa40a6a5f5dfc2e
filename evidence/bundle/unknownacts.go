package bundle

import (
	"fmt"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// unknownActs counts the entries whose act a later program added. They are
// signed as any other, and none of the checks reads what they say: acts that a
// verifier must read are a closed list (FORMAT.md section 5.2).
type unknownActs struct {
	total int64
	names []evidence.Act // as they first occur
	by    map[evidence.Act]int64
}

// maxUnknown is how many acts the report names.
const maxUnknown = 12

// add takes in the act of an entry that is shown.
func (u *unknownActs) add(a evidence.Act) {
	if a.Valid() {
		return
	}
	if u.by == nil {
		u.by = map[evidence.Act]int64{}
	}
	if u.by[a] == 0 {
		u.names = append(u.names, a)
	}
	u.total++
	u.by[a]++
}

// notice returns the sentence for the report, or "".
func (u *unknownActs) notice() string {
	if u.total == 0 {
		return ""
	}
	var list []string
	for _, a := range u.names[:min(len(u.names), maxUnknown)] {
		list = append(list, fmt.Sprintf("%s (%d)", a, u.by[a]))
	}
	if more := len(u.names) - len(list); more > 0 {
		list = append(list, fmt.Sprintf("and %d more kinds", more))
	}
	return fmt.Sprintf("%s that this verifier does not know: %s. Who signed was checked; what they say was not.",
		plural(u.total, "entry of a kind", "entries of kinds"), strings.Join(list, ", "))
}
