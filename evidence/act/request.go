package act

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Withholding is what is withheld for one reason: exhibits by their numbers, or
// entries by their indexes.
type Withholding struct {
	Numbers evidence.Runs
	Reason  string
}

// Request is what the entry "disclosure-requested" says with which somebody asked
// for a bundle (FORMAT.md section 5.8).
type Request struct {
	Disclosure       evidence.DisclosureID
	Title, Recipient string
	Exhibits         []Withholding // to withhold, with all entries about them
	Entries          []Withholding // single entries to withhold
	// With are the entries about Exhibits that the log had when it was LogSize
	// entries long; those of them in Entries are not repeated.
	With    evidence.Runs
	LogSize int64
	Highest int64 // exhibit number then
}

// Payload returns what the entry says. It fails as canon.Marshal does.
func (r Request) Payload() (Requested, error) {
	p := Requested{
		Disclosure: r.Disclosure, Title: r.Title, Recipient: r.Recipient, Exhibits: r.Highest, LogSize: r.LogSize, With: r.With.String(),
	}
	var err error
	if p.Withheld, err = writeWithholdings(r.Exhibits); err == nil {
		p.Entries, err = writeWithholdings(r.Entries)
	}
	return p, err
}

// writeWithholdings returns "" for none.
func writeWithholdings(list []Withholding) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	lines := make([]withholdingLine, len(list))
	for i, w := range list {
		lines[i] = withholdingLine{w.Numbers.String(), w.Reason}
	}
	text, err := canon.Marshal(lines)
	return string(text), err
}

// withholdingLine is a Withholding as it is written.
type withholdingLine struct {
	Numbers string `json:"numbers"`
	Reason  string `json:"reason"`
}

// ReadRequest reads the details of an entry "disclosure-requested". What they
// withhold is in the order in which they say it. It fails with Malformed.
func ReadRequest(details map[string]string) (Request, error) {
	r := Request{Disclosure: evidence.DisclosureID(details["disclosure"]), Title: details["title"], Recipient: details["recipient"]}
	var err error
	for _, to := range []struct {
		name string
		list *[]Withholding
	}{{"withheld", &r.Exhibits}, {"withheld_entries", &r.Entries}} {
		if *to.list, err = readWithholdings(details, to.name); err != nil {
			return Request{}, unreadable(to.name, err)
		}
	}
	if text, there := details["withheld_with"]; there {
		if r.With, err = evidence.ParseRuns(text); err != nil {
			return Request{}, unreadable("withheld_with", err)
		}
	}
	for _, to := range []struct {
		name   string
		number *int64
	}{{"exhibits", &r.Highest}, {"log_size", &r.LogSize}} {
		n, err := evidence.ParseRuns(details[to.name])
		if err != nil || n.Count() != 1 {
			return Request{}, unreadable(to.name, errors.New("it is no number"))
		}
		*to.number = n[0].First
	}
	return r, nil
}

func unreadable(detail string, err error) error {
	return evidence.WrapError(evidence.Malformed, err, "what the bundle's request asks for cannot be read: its detail %s is not of the form that this format prescribes", detail)
}

// readWithholdings reads a detail that may be absent, and is else an array, in
// which no number stands twice.
func readWithholdings(details map[string]string, name string) ([]Withholding, error) {
	text, there := details[name]
	if !there {
		return nil, nil
	}
	var lines []withholdingLine
	if err := canon.Unmarshal([]byte(text), &lines); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(text, "[") {
		return nil, errors.New("it is no list")
	}
	list := make([]Withholding, len(lines))
	for i, line := range lines {
		numbers, err := evidence.ParseRuns(line.Numbers)
		if err != nil {
			return nil, err
		}
		if line.Reason == "" {
			return nil, errors.New("it gives no reason")
		}
		list[i] = Withholding{numbers, line.Reason}
	}
	if _, ok := NewReasons(list); !ok {
		return nil, errors.New("it names something twice")
	}
	return list, nil
}

// reasonRun are numbers that are withheld for one reason.
type reasonRun struct {
	evidence.Run
	reason string
}

// Reasons says why numbers are withheld; it is in their order.
type Reasons []reasonRun

// NewReasons reports false when a number is in two Withholdings.
func NewReasons(list []Withholding) (r Reasons, ok bool) {
	for _, w := range list {
		for _, run := range w.Numbers {
			r = append(r, reasonRun{run, w.Reason})
		}
	}
	slices.SortFunc(r, func(a, b reasonRun) int { return cmp.Compare(a.First, b.First) })
	for i := 1; i < len(r); i++ {
		if r[i].First <= r[i-1].Last {
			return nil, false
		}
	}
	return r, true
}

// Find returns why a number is withheld.
func (r Reasons) Find(number int64) (reason string, ok bool) {
	i, found := slices.BinarySearchFunc(r, number, func(run reasonRun, n int64) int {
		switch {
		case run.Last < n:
			return -1
		case run.First > n:
			return 1
		default:
			return 0
		}
	})
	if !found {
		return "", false
	}
	return r[i].reason, true
}

// Count returns how many numbers are withheld.
func (r Reasons) Count() (n int64) {
	for _, run := range r {
		n += run.Last - run.First + 1
	}
	return n
}
