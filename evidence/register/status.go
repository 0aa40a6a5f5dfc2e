package register

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Status is how the register stands to those outside who watch it. It grows
// with every head of every case's log, sealed ones too: what tells how far is for
// those who watch it as the outsiders do (act.SeeRegister). Others see who vouches
// for it, and who has been behind for longer than behindFor.
type Status struct {
	Origin  string     `json:"origin"`
	Anchors []Anchor   `json:"anchors"` // what each outsider vouched for last
	Waiting []Outsider `json:"waiting"` // outsiders that have not vouched for the newest head
	Numbers *Numbers   `json:"numbers,omitempty"`
}

// Numbers say how far the register is.
type Numbers struct {
	Size         int64                `json:"size"`       // entries
	Checkpoint   string               `json:"checkpoint"` // its newest signed head; "" while there is none
	SignedAt     evidence.Instant     `json:"signed_at"`  // of its last entry
	HeadsWaiting int                  `json:"heads_waiting"`
	Mirror       logbook.MirrorStatus `json:"mirror"` // how far the mirror of all logs is behind, as this process knows it
}

// behindFor is for how long an outsider may be behind before all are told. It is
// longer than outsiders take as a rule, whatever happens in which case.
const behindFor = time.Hour

// Anchor is what an outsider vouched for last.
type Anchor struct {
	Kind evidence.AnchorKind `json:"kind"`
	By   string              `json:"by"`
	Size int64               `json:"size,omitempty"` // where Numbers are told
	At   evidence.Instant    `json:"at,omitzero"`    // the same
}

// Outsider is an outsider that is behind.
type Outsider struct {
	Kind   evidence.AnchorKind `json:"kind"`
	By     string              `json:"by"`
	Since  evidence.Instant    `json:"since,omitzero"`   // when the first entry came that it has not vouched for; where Numbers are told
	Behind int64               `json:"behind,omitempty"` // entries; the same
}

// RegisterStatus says how the register stands, as far as actor may know: everybody who is
// signed in may see who vouches for it.
func (r *Register) RegisterStatus(ctx context.Context, actor evidence.Actor) (Status, error) {
	if actor.ID == "" {
		return Status{}, evidence.Errorf(evidence.Forbidden, "only somebody who is signed in may do this")
	}
	l := r.book.Log(evidence.RegisterID())
	h, err := l.Head(ctx, logbook.WatchEvery)
	if err != nil {
		return Status{}, err
	}
	note, err := l.Newest(ctx) // the worker signs: the one that this process holds may be old
	if err != nil {
		return Status{}, err
	}
	status := Status{
		Origin: ledger.CaseOrigin(r.origin, evidence.RegisterID()), Anchors: []Anchor{}, Waiting: []Outsider{},
	}
	for _, o := range r.outsiders() {
		if err := r.addOutsider(ctx, &status, o, h.Size); err != nil {
			return Status{}, err
		}
	}
	waiting, err := r.headsWaiting(ctx, h)
	status.Numbers = &Numbers{
		Size: h.Size, Checkpoint: string(note), SignedAt: h.Said.LastAt, HeadsWaiting: waiting, Mirror: r.book.MirrorStatus(),
	}
	if !act.SeeRegister.AllowsRole(actor.Roles...) {
		status.reduce(r.clock().Add(-behindFor))
	}
	return status, err
}

// reduce leaves of a status what tells nothing about what happens in any case.
func (r *Status) reduce(behindSince time.Time) {
	r.Numbers = nil
	for i, a := range r.Anchors {
		r.Anchors[i] = Anchor{Kind: a.Kind, By: a.By}
	}
	var behind []Outsider
	for _, w := range r.Waiting {
		if w.Since.Time().Before(behindSince) {
			behind = append(behind, Outsider{Kind: w.Kind, By: w.By})
		} else if !slices.ContainsFunc(r.Anchors, func(a Anchor) bool { return a.Kind == w.Kind && a.By == w.By }) {
			r.Anchors = append(r.Anchors, Anchor{Kind: w.Kind, By: w.By}) // it begins
		}
	}
	r.Waiting = append([]Outsider{}, behind...)
}

func (r *Register) addOutsider(ctx context.Context, status *Status, o outsider, size int64) error {
	last, ok, err := r.lastAnchor(ctx, o.kind, o.by, size)
	if err != nil {
		return err
	}
	if ok {
		status.Anchors = append(status.Anchors, Anchor{o.kind, o.by, last.Size, last.At})
	}
	if last.Size >= size {
		return nil
	}
	first, _, err := r.store.EntryAt(ctx, evidence.RegisterID(), last.Size)
	status.Waiting = append(status.Waiting, Outsider{o.kind, o.by, first.Entry.At, size - last.Size})
	return err
}

// headsWaiting counts the logs that have signed heads which the register has
// not. It looks back as far as the register is behind, and lookBackFar at most.
func (r *Register) headsWaiting(ctx context.Context, h logbook.Head) (int, error) {
	now := r.clock()
	from := h.Said.LastAt.Time().Add(-lookBack)
	if now.Sub(from) > lookBackFar {
		from = now.Add(-lookBackFar)
	}
	sizes, err := r.headsSince(ctx, from, now)
	if err != nil {
		return 0, err
	}
	waiting := 0
	for c, size := range sizes {
		there, err := r.isRegistered(ctx, c, size)
		if err != nil {
			return 0, fmt.Errorf("looking for the head at %s entries: %w", strconv.FormatInt(size, 10), err)
		}
		if !there {
			waiting++
		}
	}
	return waiting, nil
}

// farthest is how many tiles of 256 sizes are looked through, from the newest
// backwards, for what an outsider gave last: some eleven days of a busy agency.
const farthest = 64

// lastAnchor returns what an outsider gave last, for a head of at most farthest
// tiles before size. Anchors beyond size are found too: a rolled back register
// has such.
func (r *Register) lastAnchor(ctx context.Context, kind evidence.AnchorKind, by string, size int64) (evidence.Anchor, bool, error) {
	newest := size/ledger.TileSize + 1
	for tile := newest; tile >= max(0, newest-farthest); tile-- {
		list, err := r.store.Anchors(ctx, tile)
		if err != nil {
			return evidence.Anchor{}, false, err
		}
		for _, a := range slices.Backward(list) {
			if a.Kind == kind && a.By == by {
				return a, true, nil
			}
		}
	}
	return evidence.Anchor{}, false, nil
}
