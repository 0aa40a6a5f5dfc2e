package bundle

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
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

// Details returns the details of the entry.
func (r Request) Details() (map[string]string, error) {
	details := map[string]string{
		DetailDisclosure: string(r.Disclosure), DetailTitle: r.Title, DetailRecipient: r.Recipient,
		DetailExhibits: strconv.FormatInt(r.Highest, 10), DetailLogSize: strconv.FormatInt(r.LogSize, 10),
	}
	if len(r.With) > 0 {
		details[DetailWithheldWith] = r.With.String()
	}
	for name, list := range map[string][]Withholding{DetailWithheld: r.Exhibits, DetailWithheldEntries: r.Entries} {
		if len(list) == 0 {
			continue
		}
		lines := make([]withholdingLine, len(list))
		for i, w := range list {
			lines[i] = withholdingLine{w.Numbers.String(), w.Reason}
		}
		text, err := canon.Marshal(lines)
		if err != nil {
			return nil, err
		}
		details[name] = string(text)
	}
	return details, nil
}

// withholdingLine is a Withholding as it is written.
type withholdingLine struct {
	Numbers string `json:"numbers"`
	Reason  string `json:"reason"`
}

// ReadRequest reads the details of an entry "disclosure-requested". What they
// withhold is in the order in which they say it. It fails with Malformed.
func ReadRequest(details map[string]string) (Request, error) {
	r := Request{Disclosure: evidence.DisclosureID(details[DetailDisclosure]), Title: details[DetailTitle], Recipient: details[DetailRecipient]}
	var err error
	for _, to := range []struct {
		name string
		list *[]Withholding
	}{{DetailWithheld, &r.Exhibits}, {DetailWithheldEntries, &r.Entries}} {
		if *to.list, err = readWithholdings(details, to.name); err != nil {
			return Request{}, unreadable(to.name, err)
		}
	}
	if text, there := details[DetailWithheldWith]; there {
		if r.With, err = evidence.ParseRuns(text); err != nil {
			return Request{}, unreadable(DetailWithheldWith, err)
		}
	}
	for _, to := range []struct {
		name   string
		number *int64
	}{{DetailExhibits, &r.Highest}, {DetailLogSize, &r.LogSize}} {
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
	if _, ok := newReasons(list); !ok {
		return nil, errors.New("it names something twice")
	}
	return list, nil
}

// reasonRun are numbers that are withheld for one reason.
type reasonRun struct {
	evidence.Run
	reason string
}

// reasons says why numbers are withheld; it is in their order.
type reasons []reasonRun

// newReasons reports false when a number is in two Withholdings.
func newReasons(list []Withholding) (r reasons, ok bool) {
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

// find returns why a number is withheld.
func (r reasons) find(number int64) (reason string, ok bool) {
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

// count returns how many numbers are withheld.
func (r reasons) count() (n int64) {
	for _, run := range r {
		n += run.Last - run.First + 1
	}
	return n
}
