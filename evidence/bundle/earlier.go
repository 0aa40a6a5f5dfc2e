package bundle

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// earlierHead is the head of the log that an earlier disclosure stands on.
type earlierHead struct {
	id   evidence.DisclosureID
	size int64
	root ledger.Hash
	text []byte      // its line
	got  ledger.Hash // the root of so many lines of this log
}

// compareEarlier is the order of lines of custody/earlier.jsonl.
func compareEarlier(a, b earlierHead) int {
	return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.id, b.id))
}

// prepareEarlier reads the heads of earlier disclosures and brings them into
// their order.
func (b *writer) prepareEarlier() error {
	for _, e := range b.facts.Earlier {
		cp, err := ledger.ParseCheckpoint(e.Checkpoint)
		if err != nil {
			return err
		}
		if _, _, err := ledger.OpenCheckpoint(e.Checkpoint, b.trust.For(attest.RoleLog, cp.Size)); err != nil {
			return err
		}
		h := earlierHead{id: e.Disclosure, size: cp.Size, root: cp.Root}
		if cp.Origin != b.checkpoint.Origin || cp.Size < 1 || cp.Size > b.checkpoint.Size {
			return evidence.Errorf(evidence.Tampered, "the earlier disclosure %s stands on another log than this one: on %d entries of %s", h.id, cp.Size, cp.Origin)
		}
		if h.text, err = canon.Marshal(earlierLine{Checkpoint: string(e.Checkpoint), Disclosure: h.id, Size: h.size}); err != nil {
			return err
		}
		b.earlier = append(b.earlier, h)
	}
	slices.SortFunc(b.earlier, compareEarlier)
	return nil
}

// noteRoot remembers the root of the log so far where an earlier disclosure
// stands on it.
func (b *writer) noteRoot() {
	noteRoot(b.earlier, &b.log.tree)
}

// noteRoot puts the root of the tree as it stands into those of the heads, which
// are in order of their sizes, that have its size.
func noteRoot(heads []earlierHead, tree *ledger.Tree) {
	size := tree.Size()
	i, found := slices.BinarySearchFunc(heads, size, func(h earlierHead, size int64) int { return cmp.Compare(h.size, size) })
	if !found {
		return
	}
	for root := tree.Root(); i < len(heads) && heads[i].size == size; i++ {
		heads[i].got = root
	}
}

// writeEarlier writes custody/earlier.jsonl, when there is something to write.
func (b *writer) writeEarlier(context.Context) error {
	var text bytes.Buffer
	listed := map[evidence.DisclosureID]bool{b.cover.ID: true}
	for _, h := range b.earlier {
		if listed[h.id] {
			return evidence.Errorf(evidence.Invalid, "the earlier disclosure %s is this one, or there twice", h.id)
		}
		listed[h.id] = true
		text.Write(h.text)
		text.WriteByte('\n')
	}
	if faults := b.log.checkEarlier(b.earlier); len(faults) > 0 {
		return evidence.Errorf(faults[0].code, "%s", faults[0].what)
	}
	if len(b.earlier) == 0 {
		return nil
	}
	_, err := b.zip.add(b.base+earlierName, int64(text.Len()), func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	})
	return err
}

// checkEarlier compares the heads that earlier disclosures stand on with the
// log: what it was then, and what it says of them.
func (l *logView) checkEarlier(heads []earlierHead) []fault {
	var faults []fault
	recorded := map[evidence.DisclosureID]bool{}
	for _, d := range l.earlier {
		recorded[d.id] = true
	}
	byID := map[evidence.DisclosureID]earlierHead{}
	silent := int64(0) // lines whose entry is not shown
	for _, h := range heads {
		byID[h.id] = h
		if h.got != h.root {
			faults = append(faults, faultf(evidence.Tampered, "the log does not continue the one of the earlier disclosure %s: its first %d entries have the root %s, the agency signed %s then", h.id, h.size, h.got, h.root))
		}
		if !recorded[h.id] {
			silent++
		}
	}
	if silent > l.withheld.count {
		faults = append(faults, faultf(evidence.Tampered, "%d earlier disclosures are listed that the log does not record, and only %d entries are withheld", silent, l.withheld.count))
	}
	for _, d := range l.earlier {
		h, there := byID[d.id]
		switch {
		case !there:
			faults = append(faults, faultf(evidence.Incomplete, "entry %d records the disclosure %s, whose head of the log is not listed", d.index, quoted(string(d.id))))
		case d.size != strconv.FormatInt(h.size, 10):
			faults = append(faults, faultf(evidence.Tampered, "entry %d records that the disclosure %s stands on %s entries, the list says %d", d.index, d.id, quoted(d.size), h.size))
		}
	}
	return faults
}
