// Package workflowtest is what the tests of the workflows share: a custody in
// memory, a worker on the test's Temporal server, and the replay of stored
// histories.
//
// The custody in memory stands in where custody is not the point: it fails on
// demand at any step, holds a reading in its middle, and counts every act, none
// of which the real one can be made to do.
package workflowtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/state"
	"github.com/sealcase/sealcase/workflows/worker"
)

// Custody keeps a case, its intakes, items and disclosures in memory, and the
// acts on record. It is safe for concurrent use.
type Custody struct {
	// Before is called before each operation, with its name and what it is
	// about; its error is the operation's. It may block. Set it before use.
	Before func(ctx context.Context, operation, about string) error
	// After is called when an operation has taken effect; its error is what
	// the caller sees, as when an answer is lost.
	After func(ctx context.Context, operation, about string) error

	mu      sync.Mutex
	cases   map[evidence.CaseID]*state.Case
	entries map[evidence.EntryID]evidence.PersonID // on record, by whom
	items   []evidence.Item                        // by exhibit number, all in one case
	content map[evidence.ItemID][]byte
	closed  map[evidence.IntakeID]state.Counts
	bundles map[evidence.DisclosureID]evidence.Disclosure
	record  []string
	verify  int
	heads   int64 // in the register
}

// NewCustody returns an empty one.
func NewCustody() *Custody {
	return &Custody{
		cases: map[evidence.CaseID]*state.Case{}, entries: map[evidence.EntryID]evidence.PersonID{}, content: map[evidence.ItemID][]byte{},
		closed: map[evidence.IntakeID]state.Counts{}, bundles: map[evidence.DisclosureID]evidence.Disclosure{},
	}
}

// Receive stores an item as an upload does, state received.
func (c *Custody) Receive(cs evidence.CaseID, in evidence.IntakeID, name string, content []byte) evidence.Item {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, _ := evidence.NewID[evidence.ItemID](rand.Reader)
	it := evidence.Item{
		ID: id, Case: cs, Intake: in, Exhibit: len(c.items) + 1, Version: 1, Name: evidence.FileName(name),
		Length: int64(len(content)), Digest: evidence.Sum(content), State: evidence.ItemReceived,
		ReceivedAt: evidence.At(time.Now()), Locked: evidence.At(time.Now().Add(30 * 24 * time.Hour)),
	}
	c.items = append(c.items, it)
	c.content[id] = bytes.Clone(content)
	return it
}

// Tamper changes what is stored for an item; nil removes it.
func (c *Custody) Tamper(id evidence.ItemID, content []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.content[id] = content
}

// Lock sets until when an item is locked.
func (c *Custody) Lock(id evidence.ItemID, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.find(id).Locked = evidence.At(until)
}

// Request stores a disclosure as requested.
func (c *Custody) Request(d evidence.Disclosure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bundles[d.ID] = d
}

// Count returns how often an act on something is on record; "" counts the act
// on anything.
func (c *Custody) Count(act, about string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, r := range c.record {
		if r == act+" "+about || about == "" && len(r) > len(act) && r[:len(act)+1] == act+" " {
			n++
		}
	}
	return n
}

func (c *Custody) before(ctx context.Context, operation, about string) error {
	if c.Before == nil {
		return nil
	}
	return c.Before(ctx, operation, about)
}

func (c *Custody) after(ctx context.Context, operation, about string) error {
	if c.After == nil {
		return nil
	}
	return c.After(ctx, operation, about)
}

// once puts an act on record unless it is there.
func (c *Custody) once(act, about string) {
	if r := act + " " + about; !slices.Contains(c.record, r) {
		c.record = append(c.record, r)
	}
}

func (c *Custody) find(id evidence.ItemID) *evidence.Item {
	for i := range c.items {
		if c.items[i].ID == id {
			return &c.items[i]
		}
	}
	return nil
}

// Record implements casefile.Custody: it folds what the entries say, as custody
// does, and asks nobody who signed them.
func (c *Custody) Record(ctx context.Context, _ evidence.Actor, id evidence.CaseID, signed [][]byte) (custody.Outcome, error) {
	entries := make([]evidence.Entry, len(signed))
	for i, raw := range signed {
		if err := json.Unmarshal(raw, &entries[i]); err != nil {
			return custody.Outcome{}, evidence.WrapError(evidence.Invalid, err, "a signed act cannot be read")
		}
	}
	about := string(entries[0].Act)
	if err := c.before(ctx, "Record", about); err != nil {
		return custody.Outcome{}, err
	}
	out, err := c.fold(id, entries)
	if err != nil {
		return custody.Outcome{}, err
	}
	return out, c.after(ctx, "Record", about)
}

func (c *Custody) fold(id evidence.CaseID, entries []evidence.Entry) (out custody.Outcome, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.cases[id]
	if said == nil {
		said = &state.Case{}
		c.cases[id] = said
	}
	for _, e := range entries {
		out.Entries = append(out.Entries, e.ID)
		if e.Case != id {
			return custody.Outcome{}, evidence.Errorf(evidence.Invalid, "these acts are not of one case")
		}
		if known, ok := c.entries[e.ID]; ok && known == e.Actor.ID {
			continue
		} else if ok && e.Act == evidence.ActOpened {
			return custody.Outcome{}, evidence.Errorf(evidence.NotFound, "there is no such case")
		}
		if err := said.Possible(e); err != nil {
			return custody.Outcome{}, err
		}
		said.Add(e)
		c.entries[e.ID] = e.Actor.ID
		c.record = append(c.record, string(e.Act)+" "+string(e.Case))
	}
	out.Case, _ = said.Now()
	return out, nil
}

// RecordRoster implements roster.Custody.
func (c *Custody) RecordRoster(ctx context.Context, _ evidence.Actor, log evidence.CaseID, p evidence.PersonID) error {
	about := string(log) + "/" + string(p)
	if err := c.before(ctx, "RecordRoster", about); err != nil {
		return err
	}
	c.mu.Lock()
	c.once("roster", about)
	c.mu.Unlock()
	return c.after(ctx, "RecordRoster", about)
}

// Item implements intake.Custody.
func (c *Custody) Item(ctx context.Context, _ evidence.Actor, id evidence.ItemID) (evidence.Item, error) {
	if err := c.before(ctx, "Item", string(id)); err != nil {
		return evidence.Item{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if it := c.find(id); it != nil {
		return *it, nil
	}
	return evidence.Item{}, evidence.Errorf(evidence.NotFound, "there is no such item")
}

// Items implements fixity.Custody.
func (c *Custody) Items(ctx context.Context, _ evidence.Actor, _ evidence.CaseID, cursor string, limit int) (evidence.Page[evidence.Item], error) {
	if err := c.before(ctx, "Items", cursor); err != nil {
		return evidence.Page[evidence.Item]{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	from, _ := strconv.Atoi(cursor)
	from = max(from, 1)
	page := evidence.Page[evidence.Item]{Total: int64(len(c.items))}
	for i := from - 1; i < len(c.items) && len(page.Items) < limit; i++ {
		page.Items = append(page.Items, c.items[i])
	}
	return page, nil
}

// Summary implements fixity.Custody.
func (c *Custody) Summary(ctx context.Context, _ evidence.Actor, _ evidence.CaseID) (custody.CaseSummary, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return custody.CaseSummary{Items: len(c.items)}, nil
}

// OpenForAnalysis implements analysis.Custody.
func (c *Custody) OpenForAnalysis(ctx context.Context, _ evidence.Actor, it evidence.Item) (io.ReadCloser, error) {
	if err := c.before(ctx, "OpenForAnalysis", string(it.ID)); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return io.NopCloser(bytes.NewReader(c.content[it.ID])), nil
}

// RecordAnalysis implements analysis.Custody.
func (c *Custody) RecordAnalysis(ctx context.Context, _ evidence.Actor, analyses []exhibit.Analysis) error {
	if err := c.before(ctx, "RecordAnalysis", strconv.Itoa(len(analyses))); err != nil {
		return err
	}
	c.mu.Lock()
	for _, a := range analyses {
		c.once("analysed", string(a.Item.ID))
	}
	c.mu.Unlock()
	return c.after(ctx, "RecordAnalysis", strconv.Itoa(len(analyses)))
}

// Rooms returns the custody as what every workflow needs.
func (c *Custody) Rooms() worker.Rooms {
	return worker.Rooms{
		Casefile: c, Intakes: c, Sealing: c, Exhibits: c, Analysis: c, Cases: c, Disclosure: c, Audit: c, Roster: c, Register: c, Mirroring: c,
	}
}
