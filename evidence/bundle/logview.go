package bundle

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Names of details of entries that a bundle is checked by, where they are.
const (
	DetailSeal   = "seal_sha256" // of "sealed": the digest of the seal's envelope
	detailNumber = "number"      // of "opened": the case's number
	detailTitle  = "title"       // of "opened": the case's title then
)

// fault is something wrong with what a log says, before it has a place.
type fault struct {
	code evidence.Code
	what string
}

func faultf(code evidence.Code, format string, args ...any) fault {
	return fault{code, fmt.Sprintf(format, args...)}
}

// logItem is what a log says of one item.
type logItem struct {
	exhibit     int
	name        evidence.FileName
	digest      evidence.Digest
	length      int64
	sealed      bool
	seal        evidence.Digest // of its envelope, where the log says it
	quarantined bool
	listed      bool // the bundle shows it, or says why not
}

// logView is a case's log as a bundle needs it: its tree, and what it says of
// each item. Writer and verifier read entries through it, so that nothing is
// written that would be refused.
type logView struct {
	of        evidence.CaseID
	tree      ledger.Tree
	ids       map[evidence.EntryID]struct{}
	items     map[evidence.ItemID]*logItem
	order     []evidence.ItemID // as received
	last      evidence.Instant
	backwards int64  // entries that bear an earlier time than the one before
	number    string // of the case, as the entry "opened" has it
	title     string
}

func newLogView(of evidence.CaseID) *logView {
	return &logView{of: of, ids: map[evidence.EntryID]struct{}{}, items: map[evidence.ItemID]*logItem{}}
}

// add reads the next entry and returns what is wrong with it.
func (l *logView) add(raw []byte) []fault {
	l.tree.Append(ledger.LeafHash(raw))
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		return []fault{faultf(evidence.Malformed, "the entry is not in canonical form: %s", evidence.MessageOf(err))}
	}
	if err := e.Check(); err != nil {
		return []fault{faultf(evidence.Malformed, "%s", evidence.MessageOf(err))}
	}
	var faults []fault
	if e.Case != l.of {
		faults = append(faults, faultf(evidence.Tampered, "the entry belongs to another case, %s", e.Case))
	}
	if _, twice := l.ids[e.ID]; twice {
		faults = append(faults, faultf(evidence.Tampered, "the entry %s is in the log twice", e.ID))
	}
	l.ids[e.ID] = struct{}{}
	if e.At.Time().Before(l.last.Time()) {
		l.backwards++
	}
	l.last = e.At
	if what := l.about(e); what != "" {
		faults = append(faults, faultf(evidence.Tampered, "%s", what))
	}
	return faults
}

// about takes in what e says of an item and returns what contradicts earlier
// entries, or "".
func (l *logView) about(e evidence.Entry) string {
	switch e.Act {
	case evidence.ActReceived, evidence.ActSealed, evidence.ActQuarantined:
	case evidence.ActOpened:
		l.number, l.title = e.Details[detailNumber], e.Details[detailTitle]
		return ""
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
		l.items[e.Item] = &logItem{exhibit: e.Exhibit, name: e.Name, digest: e.Digest, length: *e.Length}
		l.order = append(l.order, e.Item)
		return ""
	}
	if it == nil {
		return fmt.Sprintf("E-%05d was %s without having been received", e.Exhibit, e.Act)
	}
	if e.Act == evidence.ActQuarantined {
		it.quarantined = true
		return ""
	}
	it.sealed = true
	if text := e.Details[DetailSeal]; text != "" {
		sum, err := evidence.ParseDigest(text)
		if err != nil {
			return fmt.Sprintf("the seal of E-%05d is recorded with something that is not a SHA-256", e.Exhibit)
		}
		it.seal = sum
	}
	if e.Digest != it.digest || *e.Length != it.length || e.Exhibit != it.exhibit || e.Name != it.name {
		return fmt.Sprintf("E-%05d was sealed with another SHA-256, length, name or number than it was received with", e.Exhibit)
	}
	return ""
}

// checkItem returns what differs between the log and an item that the bundle
// lists. Disclosed items must have been sealed.
func (l *logView) checkItem(it evidence.Item, disclosed bool) []fault {
	seen := l.items[it.ID]
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
	if !disclosed {
		return faults
	}
	if seen.quarantined {
		faults = append(faults, faultf(evidence.Tampered, "the log says that it is quarantined: what was stored was not what was received"))
	}
	if !seen.sealed {
		faults = append(faults, faultf(evidence.Incomplete, "the log does not say that it was sealed"))
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

// quoted returns untrusted text for people, in quotation marks.
func quoted(s string) string { return `"` + evidence.FileName(s).Display() + `"` }
