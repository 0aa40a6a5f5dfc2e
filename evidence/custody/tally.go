package custody

import (
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// Names of the details of entries that this package reads again.
const (
	detailIntake   = "intake"          // the IntakeID, of entries about an item or an intake
	detailObserved = "observed_sha256" // what the bytes are instead
	detailUntil    = "locked_until"    // an Instant
	detailExhibits = "exhibits"        // numbers and ranges: "1-200,205"
	detailSealKey  = "seal_object"     // key of the seal
	detailSealVer  = "seal_version"    // version of that object
	detailSealSum  = "seal_sha256"     // digest of the seal
)

// tally is the sum of a run of entries of one log. It is a function of the
// entries alone, and tallies of runs that follow each other add up; so the
// counts of a case cost a look at each full tile's tally, never at its items.
type tally struct {
	Intakes map[evidence.IntakeID]IntakeCounts `json:"intakes,omitempty"` // what changed in each
	Closed  []evidence.IntakeID                `json:"closed,omitempty"`
	Highest int                                `json:"highest,omitempty"` // exhibit number received
	Locks   []lockSpan                         `json:"locks,omitempty"`
	LastAt  evidence.Instant                   `json:"last_at,omitzero"`
	People  map[evidence.PersonID][]string     `json:"people,omitempty"` // IDs of the keys that rosters give them
	Keys    []string                           `json:"keys,omitempty"`   // IDs of key versions that began: by the first roster, or a key entry
}

// lockSpan says that the exhibits First to Last are locked until then.
type lockSpan struct {
	First int              `json:"first"`
	Last  int              `json:"last"`
	Until evidence.Instant `json:"until"`
}

// add takes in one entry.
func (t *tally) add(e evidence.Entry) {
	t.LastAt = e.At
	in := evidence.IntakeID(e.Details[detailIntake])
	switch e.Act {
	case evidence.ActReceived:
		counts := IntakeCounts{Received: 1}
		if e.Length != nil { // what the registry gives may be anything
			counts.Bytes = *e.Length
		}
		t.count(in, counts)
		t.Highest = max(t.Highest, e.Exhibit)
	case evidence.ActSealed:
		t.count(in, IntakeCounts{Received: -1, Sealed: 1})
	case evidence.ActQuarantined:
		t.count(in, IntakeCounts{Received: -1, Quarantined: 1})
	case evidence.ActIntakeClosed:
		t.Closed = append(t.Closed, in)
	case evidence.ActExtended:
		t.lock(e.Details)
	case evidence.ActRoster, evidence.ActKey:
		t.keys(e)
	}
}

// keys takes in what an entry says about keys. That it may say so is for whoever
// appends it, and for whoever verifies the log: see caseLog.gives.
func (t *tally) keys(e evidence.Entry) {
	if e.Act == evidence.ActKey {
		if k, err := evidence.ParseVKey(e.Details[attest.DetailNew]); err == nil {
			t.begin(k.ID())
		}
		return
	}
	people, keys, err := attest.ReadRoster(e.Details)
	if err != nil {
		return // what the registry gives may be anything
	}
	for _, k := range keys {
		t.begin(k.ID())
	}
	for _, p := range people {
		t.list(p.ID)
		for _, text := range p.Keys {
			if k, err := evidence.ParseVKey(text); err == nil {
				t.list(p.ID, k.ID())
			}
		}
	}
}

func (t *tally) begin(key string) {
	if !t.begun(key) {
		t.Keys = append(t.Keys, key)
	}
}

func (t *tally) begun(key string) bool { return slices.Contains(t.Keys, key) }

func (t *tally) list(p evidence.PersonID, keys ...string) {
	if t.People == nil {
		t.People = map[evidence.PersonID][]string{}
	}
	listed := slices.Clip(t.People[p])
	for _, k := range keys {
		if !slices.Contains(listed, k) {
			listed = append(listed, k)
		}
	}
	t.People[p] = listed
}

func (t *tally) count(in evidence.IntakeID, c IntakeCounts) {
	if t.Intakes == nil {
		t.Intakes = map[evidence.IntakeID]IntakeCounts{}
	}
	t.Intakes[in] = t.Intakes[in].plus(c)
}

func (c IntakeCounts) plus(d IntakeCounts) IntakeCounts {
	return IntakeCounts{
		Received: c.Received + d.Received, Sealed: c.Sealed + d.Sealed,
		Quarantined: c.Quarantined + d.Quarantined, Bytes: c.Bytes + d.Bytes,
	}
}

// lock takes in what an `extended` entry says.
func (t *tally) lock(details map[string]string) {
	var until evidence.Instant
	if until.UnmarshalText([]byte(details[detailUntil])) != nil {
		return
	}
	exhibits, _ := evidence.ParseRuns(details[detailExhibits]) // what cannot be read says nothing
	for _, run := range exhibits {
		t.addLock(lockSpan{int(run.First), int(run.Last), until})
	}
}

// addLock adds a span, drops those that it makes superfluous, and joins it to
// one that ends where it begins; a sweep over a whole case becomes one span.
func (t *tally) addLock(l lockSpan) {
	t.Locks = slices.DeleteFunc(t.Locks, func(o lockSpan) bool {
		return o.First >= l.First && o.Last <= l.Last && !o.Until.Time().After(l.Until.Time())
	})
	for i, o := range t.Locks {
		if o.Until == l.Until && o.First <= l.First && o.Last+1 >= l.First {
			joined := lockSpan{o.First, max(o.Last, l.Last), l.Until}
			t.Locks = slices.Delete(t.Locks, i, i+1)
			t.addLock(joined)
			return
		}
	}
	t.Locks = append(t.Locks, l)
}

// join takes in the tally of the run that follows.
func (t *tally) join(next tally) {
	for _, in := range slices.Sorted(maps.Keys(next.Intakes)) {
		t.count(in, next.Intakes[in])
	}
	t.Closed = append(t.Closed, next.Closed...)
	t.Highest = max(t.Highest, next.Highest)
	for _, l := range next.Locks {
		t.addLock(l)
	}
	if !next.LastAt.IsZero() {
		t.LastAt = next.LastAt
	}
	for p, keys := range next.People {
		t.list(p, keys...)
	}
	for _, k := range next.Keys {
		t.begin(k)
	}
}

// sum returns the counts of all intakes together.
func (t *tally) sum() IntakeCounts {
	var c IntakeCounts
	for _, in := range t.Intakes {
		c = c.plus(in)
	}
	return c
}

// allSealed reports whether everything that was received is sealed or
// quarantined.
func (t *tally) allSealed() bool {
	counts := t.sum()
	return counts.Received == 0 && counts.Items() == t.Highest
}

// lockedUntil returns the later of until and what was extended since.
func (t *tally) lockedUntil(exhibit int, until evidence.Instant) evidence.Instant {
	for _, l := range t.Locks {
		if l.First <= exhibit && exhibit <= l.Last && l.Until.Time().After(until.Time()) {
			until = l.Until
		}
	}
	return until
}
