package state

import (
	"cmp"
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

// Locks is until when exhibits are locked, as `extended` entries say: spans by
// exhibit, none of which is in two, and of two that meet the times differ.
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

// add takes in a span: each exhibit of it is locked until the later of two times.
func (l *Locks) add(s LockSpan) {
	list := *l
	first, _ := slices.BinarySearchFunc(list, s.First, func(o LockSpan, n int) int { return cmp.Compare(o.Last, n-1) }) // that may join
	behind, _ := slices.BinarySearchFunc(list, s.Last+1, func(o LockSpan, n int) int { return cmp.Compare(o.First, n+1) })
	var spans Locks
	next := s.First // exhibit of s that no span has yet
	for _, o := range list[first:behind] {
		from, to := max(o.First, s.First), min(o.Last, s.Last)
		if from > to { // it only meets s
			if o.First > s.Last {
				spans.join(LockSpan{next, s.Last, s.Until})
				next = s.Last + 1
			}
			spans.join(o)
			continue
		}
		spans.join(LockSpan{o.First, from - 1, o.Until})
		spans.join(LockSpan{next, from - 1, s.Until})
		spans.join(LockSpan{from, to, later(o.Until, s.Until)})
		spans.join(LockSpan{to + 1, o.Last, o.Until})
		next = to + 1
	}
	spans.join(LockSpan{next, s.Last, s.Until})
	*l = slices.Replace(list, first, behind, spans...)
}

// join adds a span behind those that there are, unless it is empty.
func (l *Locks) join(s LockSpan) {
	if s.First > s.Last {
		return
	}
	if n := len(*l); n > 0 && (*l)[n-1].Until == s.Until && (*l)[n-1].Last+1 == s.First {
		(*l)[n-1].Last = s.Last
		return
	}
	*l = append(*l, s)
}

func later(a, b evidence.Instant) evidence.Instant {
	if a.Time().After(b.Time()) {
		return a
	}
	return b
}

// Until returns until when an exhibit is locked that was locked until then when
// it was received.
func (l Locks) Until(exhibit int, born evidence.Instant) evidence.Instant {
	i, found := slices.BinarySearchFunc(l, exhibit, func(o LockSpan, n int) int {
		switch {
		case o.Last < n:
			return -1
		case o.First > n:
			return 1
		}
		return 0
	})
	if !found {
		return born
	}
	return later(l[i].Until, born)
}
