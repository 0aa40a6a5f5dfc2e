package register

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Witness cosigns heads of the register (package witness).
type Witness interface {
	Key() evidence.WitnessKey
	// Cosign asks for a cosignature of a signed checkpoint, given that proof
	// leads there from the size old, which the witness cosigned last. It fails
	// with Conflict and the witness's size when that was another one, with
	// evidence.ErrRolledBack or ErrForked when the witness saw another log, and
	// in any other way when there is none to be had.
	Cosign(ctx context.Context, old int64, proof []ledger.Hash, checkpoint []byte) (evidence.Cosigning, error)
}

// Authority stamps text with the time (package timestamp).
type Authority interface {
	Name() string // its address
	// Stamp returns a token of text that is good.
	Stamp(ctx context.Context, text []byte) (token []byte, at evidence.Instant, err error)
	// Check returns nil when token is a good one of text.
	Check(token, text []byte) error
}

const (
	// anchorLimit is how long whoever waits for a bundle waits for outsiders.
	anchorLimit = 15 * time.Second
	// witnessTries is how often a witness is asked in one go: once more when it
	// says which size it has, and more when others ask it at the same time.
	witnessTries = 4
)

// Anchoring is how an outsider stands to the register's newest logbook.Head.
type Anchoring struct {
	Kind    evidence.AnchorKind `json:"kind"`
	By      string              `json:"by"`
	Size    int64               `json:"size"`           // of the head
	New     bool                `json:"new"`            // it vouched for it just now
	Code    evidence.Code       `json:"code,omitempty"` // why it does not
	Message string              `json:"message,omitempty"`
}

// AnchorRegister signs the register's newest logbook.Head and asks every witness and
// every authority that has not vouched for it. An outsider that does not answer,
// or answers badly, is reported and not an error: it is asked again the next
// time. One that saw another register than ours raises an alarm at once. It
// fails when our own servers do. Only a service may.
func (r *Register) AnchorRegister(ctx context.Context, actor evidence.Actor) ([]Anchoring, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return nil, err
	}
	h, err := r.registerHead(ctx)
	if err != nil || h.Size == 0 {
		return nil, err
	}
	outsiders := r.outsiders()
	outcome, failures := make([]Anchoring, len(outsiders)), make([]error, len(outsiders))
	err = parallel.Each(ctx, len(outsiders), func(ctx context.Context, i int) error {
		outcome[i], failures[i] = r.anchor(ctx, outsiders[i], h)
		return nil
	})
	if err != nil {
		return outcome, err
	}
	var alarms []evidence.Alarm
	for i, failure := range failures {
		if d, ok := errors.AsType[*dispute](failure); ok {
			alarms = append(alarms, r.disputeAlarm(outsiders[i].by, d))
		}
	}
	if len(alarms) > 0 {
		_, err = r.alarms.RaiseAlarms(ctx, actor, alarms)
	}
	return outcome, err
}

// outsider is a witness or an authority.
type outsider struct {
	kind evidence.AnchorKind
	by   string
	ask  func(ctx context.Context, h logbook.Head) (evidence.Anchor, error)
}

func (o outsider) key() string { return string(o.kind) + " " + o.by }

func (r *Register) outsiders() []outsider {
	var all []outsider
	for _, w := range r.witnesses {
		all = append(all, outsider{evidence.AnchorWitness, w.Key().Name, func(ctx context.Context, h logbook.Head) (evidence.Anchor, error) {
			return r.askWitness(ctx, w, h)
		}})
	}
	for _, a := range r.authorities {
		all = append(all, outsider{evidence.AnchorTimestamp, a.Name(), func(ctx context.Context, h logbook.Head) (evidence.Anchor, error) {
			return askAuthority(ctx, a, h)
		}})
	}
	return all
}

// anchor has one outsider vouch for a head, and keeps what it gives.
func (r *Register) anchor(ctx context.Context, o outsider, h logbook.Head) (Anchoring, error) {
	done := Anchoring{Kind: o.kind, By: o.by, Size: h.Size}
	there, err := r.isAnchored(ctx, o, h.Size)
	if err == nil && !there {
		var a evidence.Anchor
		if a, err = o.ask(ctx, h); err == nil {
			done.Size, done.New = a.Size, true
			err = r.keepAnchor(ctx, o, a)
		}
	}
	r.tellFailing(ctx, o, err)
	done.Code = evidence.CodeOf(err)
	if err != nil {
		done.New, done.Message = false, evidence.MessageOf(err)
	}
	return done, err
}

// isAnchored reports whether an outsider vouched for a head, or a later one.
func (r *Register) isAnchored(ctx context.Context, o outsider, size int64) (bool, error) {
	r.mu.Lock()
	known := r.anchored[o.key()]
	r.mu.Unlock()
	if known >= size {
		return true, nil
	}
	list, err := r.store.Anchors(ctx, size/ledger.TileSize)
	for _, a := range list {
		if a.Kind == o.kind && a.By == o.by && a.Size >= size {
			return true, err
		}
	}
	return false, err
}

func (r *Register) keepAnchor(ctx context.Context, o outsider, a evidence.Anchor) error {
	if _, err := r.store.AddAnchor(ctx, a); err != nil {
		return err
	}
	r.book.MirrorLater(func(ctx context.Context) error { return r.mirror.AddAnchor(ctx, a) })
	r.mu.Lock()
	defer r.mu.Unlock()
	r.anchored[o.key()] = max(r.anchored[o.key()], a.Size)
	return nil
}

// tellFailing logs that an outsider fails, and that it does again, once each.
func (r *Register) tellFailing(ctx context.Context, o outsider, err error) {
	r.mu.Lock()
	before := r.failing[o.key()]
	r.failing[o.key()] = err != nil
	r.mu.Unlock()
	switch {
	case err != nil && !before:
		r.logger.WarnContext(ctx, "the register's head is not vouched for; work goes on, and it is asked again",
			slog.String("kind", string(o.kind)), slog.String("by", o.by), slog.Any("error", err))
	case err == nil && before:
		r.logger.InfoContext(ctx, "the register's head is vouched for again", slog.String("kind", string(o.kind)), slog.String("by", o.by))
	}
}

// askWitness has a witness cosign a head of the register, or a later one. A
// witness that says that it has seen a longer register is asked again with the
// newest logbook.Head: another process of ours may have shown it that.
func (r *Register) askWitness(ctx context.Context, w Witness, h logbook.Head) (evidence.Anchor, error) {
	name := w.Key().Name
	l := r.book.Log(evidence.RegisterID())
	var err error
	for range witnessTries {
		old := r.cosignedLast(name, h.Size)
		var proof []ledger.Hash
		if proof, err = l.ProveConsistency(ctx, old, h.Size); err != nil {
			return evidence.Anchor{}, err
		}
		var got evidence.Cosigning
		got, err = w.Cosign(ctx, old, proof, h.Note)
		if err == nil {
			r.rememberCosigned(name, h.Size)
			return evidence.Anchor{Size: h.Size, Kind: evidence.AnchorWitness, By: name, At: got.At, Body: got.Line}, nil
		}
		rolledBack := errors.Is(err, evidence.ErrRolledBack)
		if errors.Is(err, evidence.ErrForked) {
			return evidence.Anchor{}, &dispute{old, err}
		}
		if !rolledBack && (evidence.CodeOf(err) != evidence.Conflict || got.Size < 0) {
			return evidence.Anchor{}, err
		}
		if rolledBack {
			newest, headErr := l.Checkpoint(ctx)
			if headErr != nil {
				return evidence.Anchor{}, headErr
			}
			if newest.Size < got.Size { // ours, read anew, is shorter
				return evidence.Anchor{}, &dispute{got.Size, err}
			}
			h = newest
		}
		r.rememberCosigned(name, got.Size)
	}
	return evidence.Anchor{}, err
}

// cosignedLast returns the size that a witness cosigned last, as far as is
// known; 0 makes it say so.
func (r *Register) cosignedLast(name string, most int64) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if size := r.cosigned[name]; size <= most {
		return size
	}
	return 0
}

func (r *Register) rememberCosigned(name string, size int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cosigned[name] = size
}

func askAuthority(ctx context.Context, a Authority, h logbook.Head) (evidence.Anchor, error) {
	text, err := ledger.Text(h.Note)
	if err != nil {
		return evidence.Anchor{}, err
	}
	token, at, err := a.Stamp(ctx, text)
	if err != nil {
		return evidence.Anchor{}, err
	}
	return evidence.Anchor{Size: h.Size, Kind: evidence.AnchorTimestamp, By: a.Name(), At: at, Body: token}, nil
}
