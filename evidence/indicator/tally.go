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
	last  [tallyMemo]int32 // where in first a value may be, by a part of it
}

type key struct {
	kind  Kind
	value string
}

const tallyMemo = 4096 // a power of two

// partOf returns a number below tallyMemo from the length and the end of a
// value.
func partOf(value string) uint32 {
	hash := uint32(len(value))
	for i := max(0, len(value)-8); i < len(value); i++ {
		hash = hash*31 + uint32(value[i])
	}
	return (hash ^ hash>>12) % tallyMemo
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
	last := &t.last[partOf(m.Value)]
	if i := int(*last); i < len(t.first) && t.first[i].Kind == m.Kind && t.first[i].Value == m.Value {
		t.first[i].Count++
		return nil
	}
	k := key{m.Kind, m.Value}
	if i, ok := t.index[k]; ok {
		*last = int32(i)
		t.first[i].Count++
		return nil
	}
	if len(t.first) == t.max {
		t.more = true
		return nil
	}
	t.index[k], *last = len(t.first), int32(len(t.first))
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
