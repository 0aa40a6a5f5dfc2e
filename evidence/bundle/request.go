package bundle

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// exhibitGroup is one reason in a request, and the exhibits that are withheld
// for it.
type exhibitGroup struct {
	Exhibits string `json:"exhibits"` // numbers and ranges: "1-200,205"
	Reason   string `json:"reason"`
}

// entryGroup is one reason in a request, and the single entries that are
// withheld for it.
type entryGroup struct {
	Entries string `json:"entries"` // indexes and ranges
	Reason  string `json:"reason"`
}

// span is a run of numbers, both ends included, that a request withholds.
type span struct {
	from, to int64
	reason   string
}

// request is what the entry asks for with which a person asked for the bundle,
// and how far the bundle does that.
type request struct {
	count    int    // of such entries; one
	readable bool   // and so what follows can be compared
	exhibits []span // to withhold, in order
	entries  []span // to withhold, in order
	highest  *int64 // exhibit number then, where the entry has it
	lines    int64  // of the list so far
	matched  int64  // lines so far that it asks to withhold
}

// readRequest reads the details of a request, or says what is wrong with them.
func readRequest(details map[string]string) (request, *fault) {
	r := request{readable: true}
	var exhibits []exhibitGroup
	var entries []entryGroup
	ok := readGroups(details, DetailWithheld, &exhibits) && readGroups(details, DetailWithheldEntries, &entries)
	for _, g := range exhibits {
		ok = ok && appendSpans(&r.exhibits, g.Exhibits, g.Reason)
	}
	for _, g := range entries {
		ok = ok && appendSpans(&r.entries, g.Entries, g.Reason)
	}
	ok = ok && inOrder(r.exhibits) && inOrder(r.entries)
	if text, there := details[DetailExhibits]; there && ok {
		var n int64
		n, ok = number(text)
		r.highest = &n
	}
	if !ok {
		f := faultf(evidence.Malformed, "what the bundle's request asks to withhold cannot be read")
		return request{}, &f
	}
	return r, nil
}

// readGroups reads a detail that may be absent, and is else an array.
func readGroups(details map[string]string, name string, to any) bool {
	text, there := details[name]
	return !there || strings.HasPrefix(text, "[") && canon.Unmarshal([]byte(text), to) == nil
}

// appendSpans reads numbers and ranges, such as "1-200,205".
func appendSpans(list *[]span, text, reason string) bool {
	for part := range strings.SplitSeq(text, ",") {
		first, last, run := strings.Cut(part, "-")
		from, ok := number(first)
		to := from
		if run && ok {
			to, ok = number(last)
			ok = ok && to > from
		}
		if !ok || reason == "" {
			return false
		}
		*list = append(*list, span{from, to, reason})
	}
	return true
}

// number reads a decimal number of at most fifteen digits.
func number(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && len(text) <= 15 && strconv.FormatInt(n, 10) == text
}

// inOrder sorts spans and reports whether no number is in two of them.
func inOrder(list []span) bool {
	slices.SortFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(list); i++ {
		if list[i].from <= list[i-1].to {
			return false
		}
	}
	return true
}

// find returns the span that holds a number.
func find(list []span, number int64) (span, bool) {
	i, found := slices.BinarySearchFunc(list, number, func(s span, n int64) int {
		switch {
		case s.to < n:
			return -1
		case s.from > n:
			return 1
		default:
			return 0
		}
	})
	if !found {
		return span{}, false
	}
	return list[i], true
}

// total returns how many numbers are in the spans.
func total(list []span) (n int64) {
	for _, s := range list {
		n += s.to - s.from + 1
	}
	return n
}

// checkRequest compares the entry with which somebody asked for this very
// bundle with what the bundle says of itself, and takes in what it asks for.
func (l *logView) checkRequest(e *evidence.Entry) []fault {
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
	r, f := readRequest(e.Details)
	if f != nil {
		faults = append(faults, *f)
	}
	r.count = l.request.count
	l.request = r
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
	for _, s := range l.request.exhibits {
		ofExhibits[s.reason] = true
	}
	var faults []fault
	matched := int64(0)
	for _, w := range l.withheld.list {
		for _, run := range w.Ranges {
			for i := run.From; i <= run.To; i++ {
				s, asked := find(l.request.entries, i)
				switch {
				case asked && s.reason == w.Reason:
					matched++
				case asked || !ofExhibits[w.Reason]:
					faults = append(faults, faultf(evidence.Tampered, "entry %d is withheld, and nobody asked for that: %s", i, quoted(w.Reason)))
				}
			}
		}
	}
	if asked := total(l.request.entries); matched != asked {
		faults = append(faults, faultf(evidence.Tampered, "of %d entries that should be withheld single, %d are", asked, matched))
	}
	return faults
}

// checkAsked compares a line of the list with the request.
func (l *logView) checkAsked(line itemLine) []fault {
	if !l.request.readable {
		return nil
	}
	l.request.lines++
	s, asked := find(l.request.exhibits, int64(line.number()))
	if asked {
		l.request.matched++
	}
	switch {
	case asked && line.Withheld != s.reason:
		return []fault{faultf(evidence.Tampered, "whoever asked for the bundle wanted it withheld, for the reason %s, and that is not so", quoted(s.reason))}
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
	if n := total(r.exhibits); r.matched < n {
		faults = append(faults, faultf(evidence.Incomplete, "of %d exhibits that should be withheld, %d are listed", n, r.matched))
	}
	if r.highest != nil && r.lines != *r.highest {
		code := evidence.Tampered
		if r.lines < *r.highest {
			code = evidence.Incomplete
		}
		faults = append(faults, fault{code, fmt.Sprintf("%d exhibits are listed; there were %d when somebody asked for the bundle", r.lines, *r.highest)})
	}
	return faults
}
