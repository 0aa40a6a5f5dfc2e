package indicator

import (
	"cmp"
	"slices"
)

// Tally counts matches by kind and value. It keeps the first occurrence of
// each.
type Tally struct {
	max   int
	index map[key]int
	first []Counted
	more  bool
}

type key struct {
	kind  Kind
	value string
}

// Counted is the first occurrence of an indicator, and how often it occurs.
type Counted struct {
	Match
	Count int
}

// NewTally returns a Tally of at most max different indicators.
func NewTally(max int) *Tally { return &Tally{max: max, index: map[key]int{}} }

// Add counts a match. It never fails; its form is that of Scan's found.
func (t *Tally) Add(m Match) error {
	k := key{m.Kind, m.Value}
	if i, ok := t.index[k]; ok {
		t.first[i].Count++
		return nil
	}
	if len(t.first) == t.max {
		t.more = true
		return nil
	}
	t.index[k] = len(t.first)
	t.first = append(t.first, Counted{Match: m, Count: 1})
	return nil
}

// Sorted returns what was counted, by the place of the first occurrence. more
// says that there were further indicators.
func (t *Tally) Sorted() (counted []Counted, more bool) {
	out := slices.Clone(t.first)
	slices.SortStableFunc(out, func(a, b Counted) int { return cmp.Compare(a.Offset, b.Offset) })
	return out, t.more
}
