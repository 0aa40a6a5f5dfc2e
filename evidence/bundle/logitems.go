package bundle

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// logItem is what a log says of one item.
type logItem struct {
	exhibit     int
	name        evidence.FileName
	digest      evidence.Digest
	length      int64
	collection  evidence.Collection
	sealed      bool
	seal        evidence.Digest // of its envelope, where the log says it
	sealedAt    int64           // index of the entry that says so
	quarantined bool
	listed      bool // the bundle shows it, or says why not
}

// about takes in what e says of an item and returns what contradicts earlier
// entries, or "".
func (l *logView) about(index int64, e *evidence.Entry) string {
	switch e.Act {
	case evidence.ActReceived, evidence.ActSealed, evidence.ActQuarantined:
	default:
		return ""
	}
	incomplete := e.Length == nil || e.Digest.IsZero() || e.Exhibit < 1
	if e.Item == "" || incomplete && e.Act != evidence.ActQuarantined {
		return fmt.Sprintf("the entry %q does not say which item it is about, with its SHA-256 and length", e.Act)
	}
	it := l.items[e.Item]
	if e.Act == evidence.ActReceived {
		if it != nil {
			return fmt.Sprintf("E-%05d was received twice", e.Exhibit)
		}
		of, whole := collectionSaid(e.Details)
		l.items[e.Item] = &logItem{exhibit: e.Exhibit, name: e.Name, digest: e.Digest, length: *e.Length, collection: of}
		l.order = append(l.order, e.Item)
		if !whole {
			return fmt.Sprintf("what was received as E-%05d is said to be a collection, and not which", e.Exhibit)
		}
		return ""
	}
	if it == nil {
		return fmt.Sprintf("E-%05d was %s without having been received", e.Exhibit, e.Act)
	}
	if e.Act == evidence.ActQuarantined {
		it.quarantined = true
		return ""
	}
	return it.seals(index, e)
}

// collectionSaid returns what the details of an entry `received` say of a
// collection; ok is false when that is not all, or of another form.
func collectionSaid(details map[string]string) (c evidence.Collection, ok bool) {
	var there [3]bool
	var root string
	root, there[0] = details["collection_root"]
	numbers := [2]int64{}
	ok = true
	for i, name := range []string{"collection_leaves", "collection_manifest"} {
		var text string
		if text, there[i+1] = details[name]; there[i+1] {
			n, err := evidence.ParseRuns(text)
			if err != nil || n.Count() != 1 {
				ok = false
				continue
			}
			numbers[i] = n[0].First
		}
	}
	if there == [3]bool{} {
		return c, true
	}
	c.Root, _ = evidence.ParseDigest(root)
	c.Leaves, c.Manifest = numbers[0], numbers[1]
	return c, ok && there == [3]bool{true, true, true} && c.Root.String() == root && c.Complete()
}

// seals takes in that the item was sealed.
func (it *logItem) seals(index int64, e *evidence.Entry) string {
	it.sealed = true
	if text, ok := e.Details[DetailSeal]; ok {
		sum, err := evidence.ParseDigest(text)
		if err != nil || sum.String() != text {
			return fmt.Sprintf("the seal of E-%05d is recorded with something that is not a SHA-256", e.Exhibit)
		}
		it.seal, it.sealedAt = sum, index
	}
	if e.Digest != it.digest || *e.Length != it.length || e.Exhibit != it.exhibit || e.Name != it.name {
		return fmt.Sprintf("E-%05d was sealed with another SHA-256, length, name or number than it was received with", e.Exhibit)
	}
	return ""
}

// checkLine returns what differs between the log and a line of the list, whose
// form is good.
func (l *logView) checkLine(line itemLine) []fault {
	return append(l.checkAsked(line), l.checkLogged(line)...)
}

// checkLogged returns what differs between the log's entries about an item and
// its line.
func (l *logView) checkLogged(line itemLine) []fault {
	if line.Item == nil {
		return l.checkHidden(line)
	}
	it, seen := line.Item, l.items[line.Item.ID]
	if seen == nil {
		return []fault{faultf(evidence.Tampered, "the log does not say that it was ever received")}
	}
	var faults []fault
	if seen.listed {
		faults = append(faults, faultf(evidence.Tampered, "it is listed twice"))
	}
	seen.listed = true
	if seen.exhibit != it.Exhibit || seen.name != it.Name {
		faults = append(faults, faultf(evidence.Tampered, "the log has it as E-%05d, %s", seen.exhibit, quoted(string(seen.name))))
	}
	if seen.digest != it.Digest {
		faults = append(faults, faultf(evidence.Tampered, "the log has the SHA-256 %s, the list %s", seen.digest, it.Digest))
	}
	if seen.length != it.Length {
		faults = append(faults, faultf(evidence.Tampered, "the log has %d bytes, the list %d", seen.length, it.Length))
	}
	if seen.collection != it.Collection {
		faults = append(faults, faultf(evidence.Tampered, "the log and the list say two things of whether it is a collection, or of which"))
	}
	switch {
	case line.Member == "" && !seen.quarantined:
		faults = append(faults, faultf(evidence.Tampered, "it is listed as quarantined, and the log does not say so"))
	case line.Member != "" && seen.quarantined:
		faults = append(faults, faultf(evidence.Tampered, "the log says that it is quarantined: what was stored was not what was received"))
	}
	if line.Member != "" && !seen.sealed {
		faults = append(faults, faultf(evidence.Incomplete, "the log does not say that it was sealed"))
	}
	return faults
}

// checkHidden checks the line of an item that is withheld with all its entries.
func (l *logView) checkHidden(line itemLine) []fault {
	if l.withheld.items == nil {
		l.withheld.items = map[evidence.ItemID]bool{}
	}
	var faults []fault
	if l.withheld.items[line.ID] {
		faults = append(faults, faultf(evidence.Tampered, "it is listed twice"))
	}
	l.withheld.items[line.ID] = true
	if l.acts.of(line.ID) != nil {
		faults = append(faults, faultf(evidence.Malformed, "it is listed as withheld with all its entries, and one of them is shown"))
	}
	return faults
}

// unlisted returns the items that were received and that the bundle neither
// shows nor says why not, in the order in which they were received.
func (l *logView) unlisted() []*logItem {
	var missing []*logItem
	for _, id := range l.order {
		if it := l.items[id]; !it.listed {
			missing = append(missing, it)
		}
	}
	return missing
}
