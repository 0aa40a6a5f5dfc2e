package state

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Counts is how far items have come. Received counts those that are neither
// sealed nor quarantined yet.
type Counts struct {
	Received    int   `json:"received"`
	Sealed      int   `json:"sealed"`
	Quarantined int   `json:"quarantined"`
	Bytes       int64 `json:"bytes"` // of all of them
}

// Items returns how many items the counts cover.
func (c Counts) Items() int { return c.Received + c.Sealed + c.Quarantined }

func (c *Counts) add(d Counts) {
	c.Received += d.Received
	c.Sealed += d.Sealed
	c.Quarantined += d.Quarantined
	c.Bytes += d.Bytes
}

// Intake is an intake with what became of its items.
type Intake struct {
	evidence.Intake
	Counts Counts `json:"counts"`
	Closed bool   `json:"closed,omitempty"`
}

// Intake returns an intake; ok is false for one that the log does not open.
func (c *Case) Intake(id evidence.IntakeID) (in Intake, ok bool) {
	if i := c.intakeAt(id); i >= 0 {
		return c.Intakes[i], true
	}
	return Intake{}, false
}

func (c *Case) intakeOpened(e evidence.Entry) {
	p, err := act.Read[act.IntakeOpened](e)
	if err != nil || c.intakeAt(p.Intake) >= 0 {
		return
	}
	c.Intakes = append(c.Intakes, Intake{Intake: evidence.Intake{
		ID: p.Intake, Case: e.Case, Source: p.Source, Authority: e.Authority, OpenedAt: e.At, OpenedBy: e.Actor.ID, FirstExhibit: p.FirstExhibit,
	}})
}

func (c *Case) intakeClosed(e evidence.Entry) {
	if p, err := act.Read[act.IntakeClosed](e); err == nil {
		if i := c.intakeAt(p.Intake); i >= 0 {
			c.Intakes[i].Closed = true
		}
	}
}

func (c *Case) received(e evidence.Entry) {
	counts := Counts{Received: 1}
	if e.Length != nil {
		counts.Bytes = *e.Length
	}
	c.count(e, counts)
	c.Highest = max(c.Highest, e.Exhibit)
	for ; c.Ended < len(c.Disclosures); c.Ended++ {
		c.Disclosures[c.Ended].End = c.Size
	}
}

func (c *Case) sealed(e evidence.Entry) { c.count(e, Counts{Received: -1, Sealed: 1}) }

func (c *Case) quarantined(e evidence.Entry) {
	c.count(e, Counts{Received: -1, Quarantined: 1})
	if c.Quarantined == nil {
		c.Quarantined = map[evidence.ItemID]int{}
	}
	c.Quarantined[e.Item] = e.Exhibit
}

// count takes in what became of an item, in all and in its intake.
func (c *Case) count(e evidence.Entry, d Counts) {
	c.Counts.add(d)
	if i := c.intakeAt(evidence.IntakeID(e.Details["intake"])); i >= 0 {
		c.Intakes[i].Counts.add(d)
	}
}

// AllSealed reports whether everything that was received is sealed or quarantined.
func (c *Case) AllSealed() bool { return c.Counts.Received == 0 && c.Counts.Items() == c.Highest }

// Locks is until when exhibits are locked, as `extended` entries say.
type Locks []LockSpan

// LockSpan says that the exhibits First to Last are locked until then.
type LockSpan struct {
	First int              `json:"first"`
	Last  int              `json:"last"`
	Until evidence.Instant `json:"until"`
}

func (c *Case) extended(e evidence.Entry) {
	p, err := act.Read[act.Extended](e)
	if err != nil || p.Until.IsZero() {
		return
	}
	exhibits, _ := evidence.ParseRuns(p.Exhibits) // what cannot be read says nothing
	for _, run := range exhibits {
		c.Locks.add(LockSpan{int(run.First), int(run.Last), p.Until})
	}
}

// add adds a span, drops those that it makes superfluous, and joins it to one
// that ends where it begins; a sweep over a whole case becomes one span.
func (l *Locks) add(s LockSpan) {
	*l = slices.DeleteFunc(*l, func(o LockSpan) bool {
		return o.First >= s.First && o.Last <= s.Last && !o.Until.Time().After(s.Until.Time())
	})
	for i, o := range *l {
		if o.Until == s.Until && o.First <= s.First && o.Last+1 >= s.First {
			*l = slices.Delete(*l, i, i+1)
			l.add(LockSpan{o.First, max(o.Last, s.Last), s.Until})
			return
		}
	}
	*l = append(*l, s)
}

// Until returns until when an exhibit is locked that was locked until then when
// it was received.
func (l Locks) Until(exhibit int, born evidence.Instant) evidence.Instant {
	for _, s := range l {
		if s.First <= exhibit && exhibit <= s.Last && s.Until.Time().After(born.Time()) {
			born = s.Until
		}
	}
	return born
}
