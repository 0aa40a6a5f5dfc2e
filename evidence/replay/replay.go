// Package replay reads a case out of its log: what entries say of the case, its
// members, its intakes, its items and its disclosures. The registry keeps the
// same as records of its own, for those who look things up; an audit holds them
// against what is read here, and a rebuild writes them anew from it.
//
// It believes what it is given: whoever gives it entries has checked who signed
// them. It performs no input or output.
package replay

import (
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
)

// Case is what the entries of one case's log say so far, items apart (Item).
// Its memory grows with the people, intakes, disclosures and quarantined items of
// the case.
type Case struct {
	Versions    []evidence.Case // by version
	Members     []evidence.Member
	Intakes     []evidence.Intake
	Disclosures []Disclosure // as they stand, the one requested first first
	Highest     int          // exhibit number received
	Locks       Locks
	Quarantined map[evidence.ItemID]int // exhibit numbers

	entries int64 // taken in
	closed  int   // disclosures of which End is known
}

// Now returns the case at its highest version; ok is false before it was opened.
func (c *Case) Now() (now evidence.Case, ok bool) {
	if len(c.Versions) == 0 {
		return evidence.Case{}, false
	}
	return c.Versions[len(c.Versions)-1], true
}

// Add takes in the next entry. What it does not know says nothing of the case.
func (c *Case) Add(e evidence.Entry) {
	defer func() { c.entries++ }()
	switch e.Act {
	case evidence.ActOpened:
		c.open(e)
	case evidence.ActMemberAdded:
		c.member(evidence.Member{
			Case: e.Case, Person: evidence.PersonID(e.Details["person"]), Login: e.Details["login"], Name: e.Details["name"],
			AddedAt: e.At, AddedBy: e.Actor.ID,
		})
	case evidence.ActTransitioned:
		if now, ok := c.Now(); ok {
			now.Version, now.State, now.At, now.By = now.Version+1, evidence.CaseState(e.Details["to"]), e.At, e.Actor.ID
			c.Versions = append(c.Versions, now)
		}
	case evidence.ActIntakeOpened:
		c.intake(e)
	case evidence.ActReceived:
		c.Highest = max(c.Highest, e.Exhibit)
		for ; c.closed < len(c.Disclosures); c.closed++ {
			c.Disclosures[c.closed].End = c.entries
		}
	case evidence.ActQuarantined:
		if c.Quarantined == nil {
			c.Quarantined = map[evidence.ItemID]int{}
		}
		c.Quarantined[e.Item] = e.Exhibit
	case evidence.ActExtended:
		c.Locks.Take(e.Details)
	case evidence.ActRequested, evidence.ActDisclosed:
		c.disclosure(e)
	}
}

// Skip counts an entry that is not taken in, because somebody put it there.
func (c *Case) Skip() { c.entries++ }

func (c *Case) open(e evidence.Entry) {
	if len(c.Versions) > 0 {
		return
	}
	d := e.Details
	c.Versions = []evidence.Case{{
		ID: e.Case, Number: d["number"], Version: 1, Title: d["title"], Summary: d["summary"], State: evidence.StateIntake,
		TimeZone: d["time_zone"], OpenedAt: e.At, OpenedBy: e.Actor.ID, At: e.At, By: e.Actor.ID,
	}}
	c.member(evidence.Member{
		Case: e.Case, Person: e.Actor.ID, Login: d["login"], Name: e.Actor.Name, AddedAt: e.At, AddedBy: e.Actor.ID,
	})
}

func (c *Case) member(m evidence.Member) {
	for _, known := range c.Members {
		if known.Person == m.Person {
			return
		}
	}
	c.Members = append(c.Members, m)
}

func (c *Case) intake(e evidence.Entry) {
	first, err := strconv.Atoi(e.Details["first_exhibit"])
	if err != nil {
		first = c.Highest + 1
	}
	c.Intakes = append(c.Intakes, evidence.Intake{
		ID: evidence.IntakeID(e.Details["intake"]), Case: e.Case, Source: e.Details["source"], Authority: e.Authority,
		OpenedAt: e.At, OpenedBy: e.Actor.ID, FirstExhibit: first,
	})
}

// Item returns the item that an entry makes of it as it was before, at its next
// version; changed is false when the entry says nothing of the item. before is
// the zero Item for one that is not received yet.
func Item(before evidence.Item, e evidence.Entry) (after evidence.Item, changed bool) {
	d := e.Details
	after = before
	switch {
	case e.Act == evidence.ActReceived && before.Version == 0:
		after = received(e)
	case before.Version == 0:
		return before, false
	case e.Act == evidence.ActSealed && before.State == evidence.ItemReceived:
		after.State, after.SealedAt = evidence.ItemSealed, e.At
		after.Seal = evidence.ObjectRef{Bucket: bucketOf(d, before.Data.Bucket), Key: d["seal_object"], Version: d["seal_version"]}
	case e.Act == evidence.ActQuarantined && before.State == evidence.ItemReceived:
		after.State = evidence.ItemQuarantined
		_ = after.Observed.UnmarshalText([]byte(d["observed_sha256"])) // zero when nothing could be read
	case e.Act == evidence.ActAnalysed && d["media_type"] != "" && d["media_type"] != before.MediaType:
		after.MediaType = d["media_type"]
	default:
		return before, false
	}
	after.Version, after.At = before.Version+1, e.At
	return after, true
}

func bucketOf(details map[string]string, otherwise string) string {
	if b := details["bucket"]; b != "" {
		return b
	}
	return otherwise
}

func received(e evidence.Entry) evidence.Item {
	d := e.Details
	it := evidence.Item{
		ID: e.Item, Case: e.Case, Exhibit: e.Exhibit, Intake: evidence.IntakeID(d["intake"]), Name: e.Name,
		Digest: e.Digest, State: evidence.ItemReceived, MediaType: d["media_type"], Custodian: e.Actor.ID,
		ReceivedAt: e.At, ReceivedBy: e.Actor.ID,
		Data: evidence.ObjectRef{Bucket: d["bucket"], Key: d["object"], Version: d["object_version"]},
	}
	if e.Length != nil {
		it.Length = *e.Length
	}
	if by := d["received_by"]; by != "" { // the program completed what a person had sent
		it.ReceivedBy, it.Custodian = evidence.PersonID(by), evidence.PersonID(by)
	}
	_ = it.Path.UnmarshalText([]byte(d["path"])) // an entry that says nothing readable says nothing
	_ = it.ModifiedAt.UnmarshalText([]byte(d["modified_at"]))
	_ = it.Locked.UnmarshalText([]byte(d["locked_until"]))
	return it
}

// Locks is until when exhibits are locked, as `extended` entries say.
type Locks []LockSpan

// LockSpan says that the exhibits First to Last are locked until then.
type LockSpan struct {
	First, Last int
	Until       evidence.Instant
}

// Take takes in the details of an `extended` entry.
func (l *Locks) Take(details map[string]string) {
	var until evidence.Instant
	if until.UnmarshalText([]byte(details["locked_until"])) != nil || until.IsZero() {
		return
	}
	exhibits, _ := evidence.ParseRuns(details["exhibits"]) // what cannot be read says nothing
	for _, run := range exhibits {
		l.add(LockSpan{int(run.First), int(run.Last), until})
	}
}

// add adds a span and drops those that it makes superfluous.
func (l *Locks) add(s LockSpan) {
	*l = slices.DeleteFunc(*l, func(o LockSpan) bool {
		return o.First >= s.First && o.Last <= s.Last && !o.Until.Time().After(s.Until.Time())
	})
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
