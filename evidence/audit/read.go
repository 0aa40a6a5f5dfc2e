package audit

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// caseRead is what was read of the log of a case: of entries only that passed
// every check.
type caseRead struct {
	said     state.Case
	leaves   []leaf        // by index; zero for an entry that is not good
	received evidence.Runs // exhibit numbers
	heads    []int64       // sizes of which the mirror has a head
	checker  *attest.Checker

	numbers []int // of received, as they came
}

// leaf is the beginning of the hash of an entry: enough to know it again.
type leaf [16]byte

func leafOf(raw []byte) leaf {
	h := ledger.LeafHash(raw)
	return leaf(h[:16])
}

// good takes in an entry that passed every check.
func (c *caseRead) good(e evidence.LogEntry) {
	c.leaves = append(c.leaves, leafOf(e.Raw))
	c.said.Add(e.Entry)
	if e.Entry.Act == evidence.ActReceived && e.Entry.Exhibit > 0 {
		c.numbers = append(c.numbers, e.Entry.Exhibit)
	}
}

// bad counts an entry that did not.
func (c *caseRead) bad() {
	c.leaves = append(c.leaves, leaf{})
	c.said.Pass()
}

// end ends the reading.
func (c *caseRead) end() {
	slices.Sort(c.numbers)
	c.received, c.numbers = evidence.RunsOf(c.numbers), nil
}

// has reports whether what the registry gives is an entry of the log that passed
// every check.
func (c *caseRead) has(e evidence.LogEntry) bool {
	return e.Index >= 0 && e.Index < int64(len(c.leaves)) && c.leaves[e.Index] == leafOf(e.Raw)
}

// signedSince reports whether an entry came behind those that were read, and is
// its actor's. Where it stands is for the next audit to see.
func (c *caseRead) signedSince(e evidence.LogEntry) bool {
	return e.Index >= int64(len(c.leaves)) && e.Entry.Check() == nil && c.checker.Check(e.Index, e.Entry, e.Raw) == nil
}
