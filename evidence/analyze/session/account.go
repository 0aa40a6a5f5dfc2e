package session

// Account is what became of each record of a log: read, other or bad.
type Account struct {
	Read  int
	Other map[string]int // by reason
	Bad   int
	Bads  []BadRecord // the first of them
}

// BadRecord is a record that could not be read.
type BadRecord struct {
	Place  Place
	Reason string
}

// Records returns how many records the log has.
func (a Account) Records() int { return a.Read + a.Others() + a.Bad }

// Others returns how many records are known and not of interest.
func (a Account) Others() (n int) {
	for _, c := range a.Other {
		n += c
	}
	return n
}

// Verdict is what a format says of one record.
type Verdict struct {
	status status
	reason string
}

type status uint8

const (
	unsaid status = iota
	read
	other
	bad
)

// Read is the verdict on a record that was read.
func Read() Verdict { return Verdict{status: read} }

// Other is the verdict on a record that is known, or new, and not of interest. The
// reason names its kind.
func Other(reason string) Verdict { return Verdict{other, reason} }

// Bad is the verdict on a record that cannot be read.
func Bad(reason string) Verdict { return Verdict{bad, reason} }

// Account notes the verdict on the record at a place.
func (b *Builder) Account(v Verdict, at Place) {
	a := &b.log.Account
	switch v.status {
	case read:
		a.Read++
	case bad:
		a.Bad++
		if len(a.Bads) < maxBad {
			a.Bads = append(a.Bads, BadRecord{at, v.reason})
		}
	default:
		reason := v.reason
		if reason == "" {
			reason = "of a kind that is not known"
		}
		if _, ok := a.Other[reason]; !ok && len(a.Other) >= maxKinds {
			reason = "of further kinds"
		}
		a.Other[reason]++
	}
}
