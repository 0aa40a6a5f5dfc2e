package audit

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// register compares the register as any log, and takes in which heads of cases
// it names, and which alarms were raised.
func (r *run) register(ctx context.Context, f *findings) error {
	if err := r.publish(ctx); err != nil {
		return err
	}
	if err := r.catchUp(ctx, evidence.RegisterID(), f); err != nil {
		return err
	}
	r.read = evidence.At(r.config.Clock())
	found := r.findings(f.id, f.now) // which of these the register knows, and which were gone, is known at its end
	_, err := r.log(ctx, evidence.RegisterID(), found, func(e evidence.Entry) {
		r.head(e)
		r.alarms.Add(e)
	})
	r.partial = r.partial || len(found.more) > 0
	f.absorb(found)
	return err
}

// head takes in a `head` entry of the register.
func (r *run) head(e evidence.Entry) {
	if e.Act != evidence.ActHead || !e.Actor.Service {
		return
	}
	h, err := act.Read[act.Head](e)
	if err != nil {
		return
	}
	c, err := evidence.ParseID[evidence.CaseID](string(h.Case))
	if err != nil {
		return
	}
	cp := ledger.Checkpoint{Origin: h.Origin, Size: h.Size}
	if cp.Root, err = ledger.ParseHash(h.Root); err == nil && cp.Size >= r.heads[c].Size {
		r.heads[c] = cp
	}
}

// publish has the register take what changed, before it is read: what it does not
// have then was not left out because nothing ran for a while. When it cannot be
// written to, because it is not used any more or nothing can be signed, that is
// said elsewhere, and no case is said to be kept out of it.
func (r *run) publish(ctx context.Context) error {
	at := r.config.Clock()
	err := r.config.Publish(ctx)
	switch code := evidence.CodeOf(err); {
	case code == "":
		r.published = at
	case code.Retryable() && code != evidence.Sealed:
		return fmt.Errorf("having the register take what changed: %w", err)
	}
	return nil
}

// keptOut reports a head that our key signed, and that was mirrored long before
// the register was read, when the register has neither it nor a later one. The
// object store tells when; whoever can only write to the database can change how
// the register finds a head, and not that.
func (k *comparison) keptOut() {
	if k.id == evidence.RegisterID() {
		return
	}
	for _, h := range k.heads { // by size
		if h.Checkpoint.Size <= k.held.Size {
			continue
		}
		if h.At.Time().Add(k.config.RegisterGrace).Before(k.published) {
			k.f.add(evidence.AlarmLog, "register after "+itoa(k.held.Size),
				"the head of %d entries, mirrored at %s, is not in the register, nor is a later one: somebody keeps the case out of it", h.Checkpoint.Size, h.At)
		}
		return // the others are younger, or belong to another log, which is said
	}
}
