package bundle

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// request is what a log says of how the bundle was asked for, and how far the
// bundle does that.
type request struct {
	act.Request
	count             int  // of entries that ask for the bundle; one
	readable          bool // and so what follows can be compared
	exhibits, entries act.Reasons
	lines             int64 // of the list so far
	matched           int64 // lines so far that it asks to withhold
	later             int64 // withheld entries that came after the list of those to withhold
}

// checkRequest compares the entry with which somebody asked for this very
// bundle with what the bundle says of itself, and takes in what it asks for.
func (l *logView) checkRequest(index int64, e *evidence.Entry) []fault {
	if l.of.ID == "" || e.Details[DetailDisclosure] != string(l.of.ID) {
		return nil
	}
	if l.request.count++; l.request.count > 1 {
		return []fault{faultf(evidence.Tampered, "the bundle was asked for twice")}
	}
	var faults []fault
	same := e.Actor.ID == l.of.By && !e.Actor.Service && e.Purpose == l.of.Purpose &&
		e.Details[DetailTitle] == l.of.Title && e.Details[DetailRecipient] == l.of.Recipient
	if !same {
		faults = append(faults, faultf(evidence.Tampered, "%s asked for another bundle than this: by, title, recipient or purpose differ", quoted(e.Actor.Name)))
	}
	r, err := act.ReadRequest(e.Details)
	if err != nil {
		return append(faults, fault{codeOf(err), evidence.MessageOf(err)})
	}
	l.request.Request, l.request.readable = r, true
	l.request.exhibits, _ = act.NewReasons(r.Exhibits)
	l.request.entries, _ = act.NewReasons(r.Entries)
	if r.LogSize > index {
		faults = append(faults, faultf(evidence.Tampered, "the bundle's request speaks of %d entries, and there were %d", r.LogSize, index))
	}
	return faults
}

// requestFaults compares the entries that are withheld with the request, once
// all entries were read.
func (l *logView) requestFaults() []fault {
	switch {
	case l.of.ID == "":
		return nil
	case l.request.count == 0:
		return []fault{faultf(evidence.Incomplete, "the entry with which somebody asked for this bundle is not shown: who wanted it, and what was to be withheld, is not said")}
	case !l.request.readable:
		return nil
	}
	ofExhibits := map[string]bool{} // reasons
	for _, w := range l.request.Exhibits {
		ofExhibits[w.Reason] = true
	}
	var faults []fault
	single, with := int64(0), int64(0)
	for _, w := range l.withheld.list {
		for _, run := range w.Ranges {
			for i := run.From; i <= run.To; i++ {
				reason, asked := l.request.entries.Find(i)
				switch {
				case asked && reason == w.Reason:
					single++
				case !asked && ofExhibits[w.Reason] && l.request.With.Has(i):
					with++
				case asked || !ofExhibits[w.Reason] || i < l.request.LogSize:
					faults = append(faults, faultf(evidence.Tampered, "entry %d is withheld, and nobody asked for that: %s", i, quoted(w.Reason)))
				default:
					l.request.later++
				}
			}
		}
	}
	if asked := l.request.entries.Count(); single != asked {
		faults = append(faults, faultf(evidence.Tampered, "of %d entries that should be withheld single, %d are", asked, single))
	}
	if asked := l.request.With.Count(); with != asked {
		faults = append(faults, faultf(evidence.Tampered, "of %d entries that should be withheld with exhibits, %d are", asked, with))
	}
	return faults
}

// checkAsked compares a line of the list with the request.
func (l *logView) checkAsked(line itemLine) []fault {
	if !l.request.readable {
		return nil
	}
	l.request.lines++
	reason, asked := l.request.exhibits.Find(int64(line.number()))
	if asked {
		l.request.matched++
	}
	switch {
	case asked && line.Withheld != reason:
		return []fault{faultf(evidence.Tampered, "whoever asked for the bundle wanted it withheld, for the reason %s, and that is not so", quoted(reason))}
	case !asked && line.Item == nil:
		return []fault{faultf(evidence.Tampered, "it is withheld, and whoever asked for the bundle did not want that")}
	default:
		return nil
	}
}

// listFaults compares the whole of the list with the request.
func (l *logView) listFaults() []fault {
	r := l.request
	if !r.readable {
		return nil
	}
	var faults []fault
	if n := r.exhibits.Count(); r.matched < n {
		faults = append(faults, faultf(evidence.Incomplete, "of %d exhibits that should be withheld, %d are listed", n, r.matched))
	}
	if r.lines != r.Highest {
		code := evidence.Tampered
		if r.lines < r.Highest {
			code = evidence.Incomplete
		}
		faults = append(faults, fault{code, fmt.Sprintf("%d exhibits are listed; there were %d when somebody asked for the bundle", r.lines, r.Highest)})
	}
	return faults
}
