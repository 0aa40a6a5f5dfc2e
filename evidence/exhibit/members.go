package exhibit

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/collection"
)

// indexes remembers where in manifests their lines are. What it forgets is read
// again.
type indexes struct {
	mu    sync.Mutex
	known map[evidence.Collection]*collection.Index
}

// indexesMost is of how many collections a process remembers that: a few hundred
// bytes for each 256 files.
const indexesMost = 64

func (n *indexes) of(ctx context.Context, open collection.Open, it evidence.Item) (*collection.Index, error) {
	n.mu.Lock()
	known := n.known[it.Collection]
	n.mu.Unlock()
	if known != nil {
		return known, nil
	}
	x, err := collection.NewIndex(ctx, open, it.Length, it.Collection)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= indexesMost {
		n.known = map[evidence.Collection]*collection.Index{}
	}
	n.known[it.Collection] = x
	return x, nil
}

// scanMost is how many lines one page looks through at most for those that a filter
// lets pass; a page may have fewer, or none, and still a next one.
const scanMost = 50_000

// collectionOf returns an item that is a collection to who may read it.
func (s *Service) collectionOf(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, *collection.Index, error) {
	it, err := s.item(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return it, nil, err
	}
	if it.Collection.IsZero() {
		return it, nil, evidence.Errorf(evidence.Conflict, "this exhibit is one file and has no members")
	}
	if it.State == evidence.ItemQuarantined {
		return it, nil, evidence.Errorf(evidence.Conflict, "this exhibit is quarantined: what is stored is not what was received")
	}
	if err := s.OwnData(it); err != nil {
		return it, nil, err
	}
	x, err := s.indexes.of(ctx, s.opener(it), it)
	return it, x, err
}

// CollectionMembers returns what is in a collection by path, from cursor on ("" for the
// first): of which the shown path contains filter, in whatever case. Who looks at
// names needs to be allowed to read the evidence: they are a part of it.
func (s *Service) CollectionMembers(ctx context.Context, actor evidence.Actor, id evidence.ItemID, filter, cursor string, limit int) (evidence.Page[collection.Entry], error) {
	it, x, err := s.collectionOf(ctx, actor, id)
	if err != nil {
		return evidence.Page[collection.Entry]{}, err
	}
	from, err := strconv.ParseInt("0"+cursor, 10, 64)
	if err != nil {
		return evidence.Page[collection.Entry]{}, evidence.Errorf(evidence.Invalid, "%.20q is not a place in this list", cursor)
	}
	page := evidence.Page[collection.Entry]{Total: it.Collection.Leaves - 1, Items: []collection.Entry{}}
	if filter != "" {
		page.Total = -1
	}
	filter, limit = strings.ToLower(filter), evidence.PageLimit(limit)
	err = x.From(ctx, s.opener(it), from, func(e collection.Entry) bool {
		if len(page.Items) == limit || e.Index >= max(from, 1)+scanMost {
			page.Next = strconv.FormatInt(e.Index, 10)
			return false
		}
		if filter == "" || strings.Contains(strings.ToLower(e.Path.Display()), filter) {
			page.Items = append(page.Items, e)
		}
		return true
	})
	return page, err
}

// member returns a member of a collection by the index of its line.
func (s *Service) member(ctx context.Context, actor evidence.Actor, id evidence.ItemID, index int64) (it evidence.Item, found collection.Entry, err error) {
	it, x, err := s.collectionOf(ctx, actor, id)
	if err != nil {
		return it, found, err
	}
	if index >= 1 && index < it.Collection.Leaves {
		err = x.From(ctx, s.opener(it), index, func(e collection.Entry) bool {
			found = e
			return false
		})
	}
	if err == nil && found.Index == 0 {
		err = evidence.NoSuch("member of this exhibit")
	}
	return it, found, err
}

// RequestMember is RequestEvidence for a member of a collection: offset and length
// are of it, those of the ticket of the exhibit's bytes, and its path goes on
// record.
func (s *Service) RequestMember(ctx context.Context, actor evidence.Actor, id evidence.ItemID, index int64, purpose string, offset, length int64) (evidence.Ticket, error) {
	it, m, err := s.member(ctx, actor, id, index)
	if err != nil {
		return evidence.Ticket{}, err
	}
	if m.Member == "" {
		return evidence.Ticket{}, evidence.Errorf(evidence.Conflict, "the bytes of this member are not in the collection")
	}
	if err := evidence.CheckText("the purpose of reading evidence", purpose, evidence.MaxText, true); err != nil {
		return evidence.Ticket{}, err
	}
	p, err := evidence.SpanOf(*m.Length, offset, length)
	if err != nil {
		return evidence.Ticket{}, err
	}
	p.Offset += m.Offset
	e, err := act.New(it.Case, act.Viewed{Offset: p.Offset, Bytes: p.Length, Member: m.Path}, s.now(), actor, s.random, func(e *evidence.Entry) {
		e.AboutItem(it)
		e.Purpose = purpose
	})
	if err != nil {
		return evidence.Ticket{}, err
	}
	return s.tickets.Issue(ctx, actor, e, p)
}

// ProveMember returns the proof that a member is of a sealed collection, which
// names no other (package collection). It is not a read: it says of the member
// what the list says.
func (s *Service) ProveMember(ctx context.Context, actor evidence.Actor, id evidence.ItemID, index int64) ([]byte, error) {
	it, m, err := s.member(ctx, actor, id, index)
	if err != nil {
		return nil, err
	}
	if it.State != evidence.ItemSealed {
		return nil, evidence.Errorf(evidence.Conflict, "the item is %s and has no seal", it.State)
	}
	sealed, err := s.OpenSeal(ctx, it)
	if err != nil {
		return nil, err
	}
	return collection.Prove(ctx, s.opener(it), it.Length, it.Collection, sealed, m.Path)
}
