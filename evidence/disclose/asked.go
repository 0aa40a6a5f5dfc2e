package disclose

import (
	"context"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// asked is what the log says of a disclosure, up to the head that the disclosure
// stands on. The registry's record of it is not signed; it only says what is in
// the entry with which a person asked, and whatever differs is Tampered.
type asked struct {
	d       evidence.Disclosure // as the registry has it
	request evidence.LogEntry
	said    state.Disclosure // what request says
	reasons act.Reasons      // of the exhibits that it withholds
	checker *attest.Checker
	head    ledger.Checkpoint

	tree        ledger.Tree // of the entries so far
	highest     int         // exhibit number received
	named       map[evidence.ItemID]string
	quarantined []evidence.ItemID
	entries     map[evidence.ItemID][]int64 // about each exhibit that the request withholds
	single      map[int64]bool              // entries that it withholds by themselves
}

// asked finds the entry with which a disclosure was asked for. Hand it the
// entries of the log up to the disclosure's head, then ask agrees.
func (s *Service) asked(ctx context.Context, d evidence.Disclosure) (*asked, error) {
	a := &asked{
		d: d, named: map[evidence.ItemID]string{}, entries: map[evidence.ItemID][]int64{}, single: map[int64]bool{},
	}
	l := s.book.Log(d.Case)
	known, err := l.Head(ctx, 0)
	if err != nil {
		return nil, err
	}
	if a.request, err = l.Entry(ctx, act.RequestedEntry(d.ID)); err != nil {
		if evidence.CodeOf(err) == evidence.NotFound {
			err = evidence.Errorf(evidence.Tampered, "no entry of the log asks for the disclosure %s; no bundle is made of it, tell the supervisor", d.ID)
		}
		return nil, err
	}
	if e := a.request.Entry; e.Act != evidence.ActRequested || e.Actor.Service {
		return nil, evidence.Errorf(evidence.Tampered, "the entry that asks for the disclosure %s is not the one that was recorded; no bundle is made, tell the supervisor", d.ID)
	}
	if d.LogSize <= a.request.Index || d.LogSize > known.Size {
		return nil, a.differs("head of the log")
	}
	note, err := s.checkpointAt(ctx, d.Case, d.LogSize)
	if err != nil {
		return nil, err
	}
	if a.head, err = l.Open(ctx, note); err != nil {
		return nil, err
	}
	trust, err := s.clerk.Trust(ctx)
	if err != nil {
		return nil, err
	}
	a.checker = attest.NewChecker(trust)
	return a, a.read(known.Said.Highest)
}

// read takes in what the request says, of a case with so many exhibits at most.
func (a *asked) read(highest int) error {
	var c state.Case
	c.Add(a.request.Entry)
	a.said = c.Disclosures[0]
	for _, w := range a.said.Entries {
		a.single[w.Index] = true
	}
	if a.said.Exhibits > highest {
		return a.differs("number of exhibits")
	}
	a.reasons, _ = act.NewReasons(a.said.Withhold) // none is named twice, or the request could not be read
	return nil
}

// take takes in the next entry of the log.
func (a *asked) take(e evidence.LogEntry) error {
	a.tree.Append(ledger.LeafHash(e.Raw))
	a.about(e)
	switch e.Entry.Act {
	case evidence.ActRoster, evidence.ActKey, evidence.ActKeysStated:
		return a.checker.Check(e.Index, e.Entry, e.Raw)
	case evidence.ActReceived:
		a.highest = max(a.highest, e.Entry.Exhibit)
		if reason, ok := a.reasons.Find(int64(e.Entry.Exhibit)); ok {
			a.named[e.Entry.Item] = reason
		}
	case evidence.ActQuarantined:
		a.quarantined = append(a.quarantined, e.Entry.Item)
	case evidence.ActRequested:
		if e.Index == a.request.Index {
			return a.checker.Check(e.Index, e.Entry, e.Raw) // by this person's key, which a roster before it names
		}
	}
	return nil
}

// about takes in which entries are about exhibits that the request withholds.
func (a *asked) about(e evidence.LogEntry) {
	if e.Index >= a.said.Known {
		return
	}
	if e.Entry.Act == evidence.ActReceived {
		if _, ok := a.reasons.Find(int64(e.Entry.Exhibit)); ok {
			a.entries[e.Entry.Item] = nil
		}
	}
	if list, ok := a.entries[e.Entry.Item]; ok && !a.single[e.Index] {
		a.entries[e.Entry.Item] = append(list, e.Index)
	}
}

// with returns which entries are withheld with an exhibit.
func (a *asked) with() evidence.Runs {
	for _, it := range a.quarantined {
		if !state.Hidden(true, a.named[it]) {
			delete(a.entries, it)
		}
	}
	var list []int64
	for _, entries := range a.entries {
		list = append(list, entries...)
	}
	slices.Sort(list)
	return evidence.RunsOf(list)
}

// agrees returns nil when the registry's record of the disclosure says what was
// asked for.
func (a *asked) agrees() error {
	if a.tree.Size() != a.head.Size || a.tree.Root() != a.head.Root || a.head.Size != a.d.LogSize {
		return evidence.Errorf(evidence.Tampered, "the head of %d entries is not that of this log; no bundle is made, tell the supervisor", a.d.LogSize)
	}
	d, said := a.d, a.said
	withheld := make(map[evidence.ItemID]string, len(d.Withheld))
	for _, w := range d.Withheld {
		withheld[w.Item] = w.Reason
	}
	for _, f := range []struct {
		what    string
		differs bool
	}{
		{"identifier", said.ID != d.ID}, {"case", said.Case != d.Case}, {"person who asked", a.request.Entry.Actor.ID != d.By || said.By != d.By},
		{"recipient", said.Recipient != d.Recipient}, {"title", said.Title != d.Title}, {"purpose", said.Purpose != d.Purpose},
		{"time", said.RequestedAt != d.RequestedAt},
		{"withheld entries", !slices.Equal(said.Entries, d.Entries) || !slices.Equal(said.With, a.with())},
		{"withheld exhibits", len(withheld) != len(d.Withheld) || !maps.Equal(withheld, a.withheld())},
		{"number of exhibits", a.highest != said.Exhibits || d.Items+len(d.Withheld) != a.highest},
	} {
		if f.differs {
			return a.differs(f.what)
		}
	}
	return nil
}

// withheld returns what is left out and why: what the request names, and what was
// quarantined.
func (a *asked) withheld() map[evidence.ItemID]string {
	for _, it := range a.quarantined {
		if _, ok := a.named[it]; !ok {
			a.named[it] = reasonQuarantined
		}
	}
	return a.named
}

func (a *asked) differs(what string) error {
	return evidence.Errorf(evidence.Tampered, "the registry says something else of the %s of the disclosure %s than entry %d, with which %s asked for it; no bundle is made, tell the supervisor",
		what, a.d.ID, a.request.Index, a.request.Entry.Actor.Name)
}

// toMake returns a disclosure that is to be made, or was.
func (s *Service) toMake(ctx context.Context, id evidence.DisclosureID) (evidence.Disclosure, error) {
	d, err := s.store.Disclosure(ctx, id)
	if err != nil {
		return evidence.Disclosure{}, evidence.Hide(err, "disclosure")
	}
	if d.ID != id {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Tampered, "the registry has another disclosure in the place of %s; no bundle is made, tell the supervisor", id)
	}
	return d, nil
}

// checkAsked holds a disclosure, as the registry has it, against the log.
func (s *Service) checkAsked(ctx context.Context, d evidence.Disclosure) error {
	a, err := s.asked(ctx, d)
	if err != nil {
		return err
	}
	for e, err := range s.logUpTo(ctx, d.Case, d.LogSize) {
		if err == nil {
			err = a.take(e)
		}
		if err != nil {
			return err
		}
	}
	return a.agrees()
}
