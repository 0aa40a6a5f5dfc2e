package state

import (
	"maps"

	"github.com/sealcase/sealcase/evidence"
)

// Tally counts, of each exhibit, the entries that say what the item is (Tells), so
// that whoever is given entries about it knows whether one is kept back. Counts
// beyond 255 are 255. It takes a byte of memory for each exhibit, in pages that
// are never changed: a copy shares them.
type Tally map[int][]byte

// tallyPage is how many exhibits a page counts for.
const tallyPage = 256

// Tells reports whether an entry may change what an item is (Item).
func Tells(e evidence.Entry) bool {
	switch e.Act {
	case evidence.ActReceived, evidence.ActSealed, evidence.ActQuarantined, evidence.ActAnalysed:
		return e.Item != "" && e.Exhibit > 0
	}
	return false
}

// Of returns how many entries tell of an exhibit.
func (t Tally) Of(exhibit int) int {
	page := t[(exhibit-1)/tallyPage]
	if exhibit < 1 || page == nil {
		return 0
	}
	return int(page[(exhibit-1)%tallyPage])
}

// Short reports whether n entries about an exhibit are fewer than there are.
func (t Tally) Short(exhibit, n int) bool { return n < t.Of(exhibit) }

// add returns the tally with an entry more of an exhibit.
func (t Tally) add(exhibit int) Tally {
	if t == nil {
		t = Tally{}
	}
	at := exhibit - 1
	page := make([]byte, tallyPage)
	copy(page, t[at/tallyPage])
	if page[at%tallyPage] < 255 {
		page[at%tallyPage]++
	}
	t[at/tallyPage] = page
	return t
}

// tally takes in that an entry tells of an item.
func (c *Case) tally(e evidence.Entry) {
	if Tells(e) {
		c.Told = c.Told.add(e.Exhibit)
	}
}

func (t Tally) clone() Tally { return maps.Clone(t) }
