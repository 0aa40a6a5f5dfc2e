package bundle

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// Event is an act on record, as a timeline shows it.
type Event struct {
	Index    int64             `json:"index"` // in the log
	At       evidence.Instant  `json:"at"`
	Act      evidence.Act      `json:"act"`
	Person   evidence.PersonID `json:"person"`
	Who      string            `json:"who"`               // the name that the roster gives them; untrusted text
	Key      string            `json:"key"`               // that it is signed with, "name+hash"
	Machine  bool              `json:"machine,omitempty"` // the agency's program did it, no person
	Verified bool              `json:"verified"`          // the signature is good, and by somebody who may
	Item     evidence.ItemID   `json:"item,omitempty"`
}

// Signer is a key that entries of a log are signed with.
type Signer struct {
	Key     string            `json:"key"` // "name+hash"
	Person  evidence.PersonID `json:"person"`
	Name    string            `json:"name"` // as the roster or, of a machine, the entry says; untrusted text
	Machine bool              `json:"machine,omitempty"`
	Acts    int64             `json:"acts"` // with a good signature by this key
}

// acts keeps who did what in a log.
type acts struct {
	names     map[evidence.PersonID]string // from rosters
	signers   map[string]*Signer           // by key
	order     []*Signer                    // as they first signed
	timelines map[evidence.ItemID][]Event
}

func newActs() acts {
	return acts{names: map[evidence.PersonID]string{}, signers: map[string]*Signer{}, timelines: map[evidence.ItemID][]Event{}}
}

// add takes in an entry; verified says whether its signature is good.
func (a *acts) add(index int64, e *evidence.Entry, verified bool) {
	if verified && e.Act == evidence.ActRoster {
		if people, _, err := attest.ReadRoster(e.Details); err == nil {
			for _, p := range people {
				a.names[p.ID] = p.Name
			}
		}
	}
	if verified {
		s, ok := a.signers[e.Signature.Key]
		if !ok {
			s = &Signer{Key: e.Signature.Key, Person: e.Actor.ID, Machine: e.Actor.Service}
			a.signers[s.Key] = s
			a.order = append(a.order, s)
		}
		s.Name = a.name(e)
		s.Acts++
	}
	if e.Item != "" {
		a.timelines[e.Item] = append(a.timelines[e.Item], a.event(index, e, verified))
	}
}

func (a *acts) event(index int64, e *evidence.Entry, verified bool) Event {
	ev := Event{Index: index, At: e.At, Act: e.Act, Person: e.Actor.ID, Who: a.name(e), Machine: e.Actor.Service, Verified: verified, Item: e.Item}
	if s := e.Signature; s != nil {
		ev.Key = s.Key
		if known := a.signers[s.Key]; known != nil {
			ev.Key = known.Key // one text for all
		}
	}
	return ev
}

// name returns the name of whoever did e: that of the roster, where it has one.
func (a *acts) name(e *evidence.Entry) string {
	if n, ok := a.names[e.Actor.ID]; ok {
		return n
	}
	return e.Actor.Name
}

// of returns the timeline of an item, nil when no entry about it is shown.
func (a *acts) of(id evidence.ItemID) []Event { return a.timelines[id] }

// list returns the signers, in the order in which they first signed.
func (a *acts) list() []Signer {
	list := make([]Signer, len(a.order))
	for i, s := range a.order {
		list[i] = *s
	}
	return list
}

// WithheldEntries are the entries that a bundle withholds for one reason.
type WithheldEntries struct {
	Reason string  `json:"reason"` // untrusted text
	Count  int64   `json:"count"`
	Ranges []Range `json:"ranges"` // of their indexes in the log
}

// Range is a run of indexes, both ends included.
type Range struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

// withheldEntries collects which entries are withheld, and why.
type withheldEntries struct {
	count int64
	list  []*WithheldEntries
	by    map[string]*WithheldEntries
	items map[evidence.ItemID]bool // that are withheld with all their entries
}

func (w *withheldEntries) add(index int64, reason string) {
	if w.by == nil {
		w.by = map[string]*WithheldEntries{}
	}
	same := w.by[reason]
	if same == nil {
		same = &WithheldEntries{Reason: reason}
		w.by[reason], w.list = same, append(w.list, same)
	}
	w.count++
	same.Count++
	if n := len(same.Ranges); n > 0 && same.Ranges[n-1].To == index-1 {
		same.Ranges[n-1].To = index
	} else {
		same.Ranges = append(same.Ranges, Range{index, index})
	}
}

// all returns what was collected, in the order in which the reasons first occur.
func (w *withheldEntries) all() []WithheldEntries {
	list := make([]WithheldEntries, len(w.list))
	for i, e := range w.list {
		list[i] = *e
	}
	return list
}

// has reports whether the entry with that index is withheld.
func (w WithheldEntries) has(index int64) bool {
	i, found := slices.BinarySearchFunc(w.Ranges, index, func(r Range, index int64) int {
		switch {
		case r.To < index:
			return -1
		case r.From > index:
			return 1
		default:
			return 0
		}
	})
	return found && i < len(w.Ranges)
}
