package bundle

import (
	"bytes"
	"fmt"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Names of details of entries that a bundle is checked by, where they are.
const (
	DetailSeal      = "seal_sha256" // of "sealed": the digest of the seal's envelope
	DetailClock     = "clock"       // of any act: how far behind the recording machine's clock was
	DetailTitle     = "title"       // of "disclosure-requested"
	DetailRecipient = "recipient"   // of "disclosure-requested"
	DetailWithheld  = "withheld"    // of "disclosure-requested": exhibits to withhold, and why
	DetailExhibits  = "exhibits"    // of "disclosure-requested": how many there were
	// DetailWithheldEntries is of "disclosure-requested": single entries to withhold, and why.
	DetailWithheldEntries = "withheld_entries"
	// DetailWithheldWith is of "disclosure-requested": the entries about exhibits to withhold.
	DetailWithheldWith = "withheld_with"
	detailNumber       = "number" // of "opened": the case's number
	detailTitle        = "title"  // of "opened": the case's title then
)

// clockTolerance is how far back the time of an entry may go before a reader is
// told: clocks of several machines are never quite the same.
const clockTolerance = time.Minute

// fault is something wrong with what a log says, before it has a place.
type fault struct {
	code evidence.Code
	what string
}

func faultf(code evidence.Code, format string, args ...any) fault {
	return fault{code, fmt.Sprintf(format, args...)}
}

// logView is a case's log as a bundle needs it: its tree, who signed, and what
// it says of each item. Writer and verifier read entries through it, so that
// nothing is written that would be refused.
type logView struct {
	of       cover // what the bundle says of itself; at least the case
	tree     ledger.Tree
	checker  *attest.Checker
	ids      map[evidence.EntryID]struct{}
	items    map[evidence.ItemID]*logItem
	order    []evidence.ItemID // as received
	shown    int64             // entries that are not withheld
	withheld withheldEntries
	acts     acts
	unknown  unknownActs
	rules    rules
	earlier  []disclosed // in their order
	request  request     // that the bundle answers

	rostered bool // the log begins with a roster
	opened   int
	number   string // of the case, as the entry "opened" has it
	title    string

	last      evidence.Instant // of the entry shown before
	backwards int64            // entries that bear an earlier time by more than clockTolerance
	clocks    int64            // entries whose details say that a clock was behind
}

// disclosed is what the log says of an earlier disclosure.
type disclosed struct {
	id    evidence.DisclosureID
	index int64
	size  string // of the log that it stands on, decimal
}

// newLogView returns the empty view of the log of the case of c, believed by trust.
func newLogView(c cover, trust *attest.Trust) *logView {
	return &logView{
		of: c, checker: attest.NewChecker(trust), ids: map[evidence.EntryID]struct{}{},
		items: map[evidence.ItemID]*logItem{}, acts: newActs(),
	}
}

// add reads the next line of a log and returns what is wrong with it: with what
// it says, and with who did it. e is nil for a withheld entry, and for a line
// that is none.
func (l *logView) add(line []byte) (e *evidence.Entry, faults []fault, actor *fault) {
	index := l.tree.Size()
	if bytes.HasPrefix(line, []byte(leafStart)) {
		return nil, l.addLeaf(line), nil
	}
	l.tree.Append(ledger.LeafHash(line))
	e, f := readEntry(line)
	if f != nil {
		l.rules.said.Pass()
		return nil, []fault{*f}, nil
	}
	l.shown++
	faults = l.take(index, e)
	err := l.checker.Check(index, *e, line)
	actor = l.rules.judge(e, err == nil, len(faults) == 0)
	if err != nil {
		actor = &fault{codeOf(err), evidence.MessageOf(err)}
	}
	l.acts.add(index, e, actor == nil)
	return e, faults, actor
}

// addLeaf reads a line that stands for a withheld entry.
func (l *logView) addLeaf(line []byte) []fault {
	l.rules.said.Pass()
	var leaf leafLine
	err := canon.Unmarshal(line, &leaf)
	if err != nil || leaf.Reason == "" {
		l.tree.Append(ledger.LeafHash(line))
		return []fault{faultf(evidence.Malformed, "the line is neither an entry nor a leaf hash with a reason")}
	}
	l.withheld.add(l.tree.Size(), leaf.Reason)
	l.tree.Append(leaf.Leaf)
	return nil
}

// withhold adds an entry of which the bundle shows the leaf only. It returns the
// line of the log, and what keeps the entry from being withheld.
func (l *logView) withhold(raw []byte, reason string, hidden map[evidence.ItemID]bool) ([]byte, *fault) {
	e, f := readEntry(raw)
	if f != nil {
		return nil, f
	}
	switch rule, _ := act.RuleOf(e.Act); {
	case rule.Structural():
		f := faultf(evidence.Invalid, "an entry %q cannot be withheld: nobody could say who signed what follows, and whether they were allowed to", e.Act)
		return nil, &f
	case rule.Withheld == act.WithExhibit && !hidden[e.Item]:
		f := faultf(evidence.Invalid, "an entry %q cannot be withheld by itself; withhold the exhibit", e.Act)
		return nil, &f
	}
	if err := l.checker.Check(l.tree.Size(), *e, raw); err != nil {
		return nil, &fault{codeOf(err), evidence.MessageOf(err)}
	}
	return l.withholdLeaf(ledger.LeafHash(raw), reason)
}

// withholdLeaf adds an entry of which nothing but the leaf is at hand.
func (l *logView) withholdLeaf(leaf ledger.Hash, reason string) ([]byte, *fault) {
	line, err := canon.Marshal(leafLine{Leaf: leaf, Reason: reason})
	if err != nil {
		return nil, &fault{evidence.Invalid, "the reason to withhold it cannot be written"}
	}
	if faults := l.addLeaf(line); len(faults) > 0 {
		return nil, &faults[0]
	}
	return line, nil
}

func readEntry(raw []byte) (*evidence.Entry, *fault) {
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		f := faultf(evidence.Malformed, "the entry is not in canonical form: %s", evidence.MessageOf(err))
		return nil, &f
	}
	if err := e.CheckForm(); err != nil {
		f := faultf(evidence.Malformed, "%s", evidence.MessageOf(err))
		return nil, &f
	}
	return &e, nil
}

// take takes in what an entry says, and returns what contradicts the case, the
// bundle or earlier entries.
func (l *logView) take(index int64, e *evidence.Entry) []fault {
	var faults []fault
	if e.Case != l.of.Case {
		faults = append(faults, faultf(evidence.Tampered, "the entry belongs to another case, %s", e.Case))
	}
	if _, twice := l.ids[e.ID]; twice {
		faults = append(faults, faultf(evidence.Tampered, "the entry %s is in the log twice", e.ID))
	}
	l.ids[e.ID] = struct{}{}
	l.clock(e)
	l.unknown.add(e.Act)
	if what := l.about(index, e); what != "" {
		faults = append(faults, faultf(evidence.Tampered, "%s", what))
	}
	switch e.Act {
	case evidence.ActRoster:
		l.rostered = l.rostered || index == 0
	case evidence.ActOpened:
		l.opened++
		l.number, l.title = e.Details[detailNumber], e.Details[detailTitle]
	case evidence.ActRequested:
		faults = append(faults, l.checkRequest(index, e)...)
	case evidence.ActDisclosed:
		l.earlier = append(l.earlier, disclosed{evidence.DisclosureID(e.Details[DetailDisclosure]), index, e.Details[DetailLogSize]})
	}
	return faults
}

func (l *logView) clock(e *evidence.Entry) {
	if e.At.Time().Add(clockTolerance).Before(l.last.Time()) {
		l.backwards++
	}
	if e.Details[DetailClock] != "" {
		l.clocks++
	}
	l.last = e.At
}

// faults returns what is wrong with the log as a whole.
func (l *logView) faults() []fault {
	var faults []fault
	if !l.rostered {
		faults = append(faults, faultf(evidence.Incomplete, "the log does not begin with a roster: who signs with which key is not said"))
	}
	switch {
	case l.opened == 0:
		faults = append(faults, faultf(evidence.Incomplete, "no entry records that the case was opened"))
	case l.opened > 1:
		faults = append(faults, faultf(evidence.Tampered, "the case was opened %d times", l.opened))
	}
	if l.opened > 0 && l.number != l.of.CaseNumber {
		faults = append(faults, faultf(evidence.Tampered, "the log has the case's number as %s", quoted(l.number)))
	}
	return append(faults, l.requestFaults()...)
}

// quoted returns untrusted text for people, in quotation marks.
func quoted(s string) string { return `"` + evidence.FileName(s).Display() + `"` }
