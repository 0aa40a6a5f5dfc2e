package intake

import (
	"context"
	"log/slog"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/seal"
	"github.com/sealcase/sealcase/evidence/state"
)

// sealType is the media type of a stored seal.
const sealType = "application/vnd.dsse.envelope.v1+json"

// sealing is an item on its way to being sealed.
type sealing struct {
	item     evidence.Item
	received bool               // the log says so
	refused  error              // why it is not sealed: the log says something else of it
	entry    *evidence.LogEntry // the `sealed` entry, when it is on record
	envelope []byte             // its seal
	object   evidence.ObjectRef // the stored seal
	at       evidence.Instant   // of sealing
}

// SealItems seals items of one case that were read back and are equal: one
// signature request for all, the seals stored and locked beside the data, an
// entry each. It returns the items as they are now, in the order given.
// Idempotent; only a service may. A quarantined item is a Conflict.
func (s *Sealing) SealItems(ctx context.Context, actor evidence.Actor, items []evidence.Item) ([]evidence.Item, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, nil
	}
	c, _, err := s.clerk.CaseNow(ctx, items[0].Case)
	if err != nil {
		return nil, err
	}
	current, err := s.exhibits.Current(ctx, items)
	if err != nil {
		return nil, err
	}
	var work []*sealing
	for _, it := range current {
		switch it.State {
		case evidence.ItemReceived:
			work = append(work, &sealing{item: it})
		case evidence.ItemQuarantined:
			return nil, evidence.Errorf(evidence.Conflict, "%s is quarantined and cannot be sealed", evidence.ExhibitNumber(c.Number, it.Exhibit))
		}
	}
	if err := s.sealAll(ctx, actor, c, work); err != nil {
		return nil, err
	}
	return s.exhibits.Current(ctx, items)
}

func (s *Sealing) sealAll(ctx context.Context, actor evidence.Actor, c evidence.Case, work []*sealing) error {
	if err := parallel.Each(ctx, len(work), func(ctx context.Context, i int) error { return s.lookUp(ctx, work[i]) }); err != nil {
		return err
	}
	work, err := s.completable(ctx, work)
	if err != nil {
		return err
	}
	// An upload that was cut off between item and receipt: the receipt first.
	if err := s.recordReceipts(ctx, actor, work); err != nil {
		return err
	}
	open := slices.DeleteFunc(slices.Clone(work), func(w *sealing) bool { return w.entry != nil })
	if err := parallel.Each(ctx, len(open), func(ctx context.Context, i int) error { return s.wasRead(ctx, open[i].item) }); err != nil {
		return err
	}
	if err := s.signSeals(ctx, c, open); err != nil {
		return err
	}
	if err := s.introduceSealKey(ctx, c.ID, open); err != nil {
		return err
	}
	if err := parallel.Each(ctx, len(open), func(ctx context.Context, i int) error { return s.storeSeal(ctx, open[i]) }); err != nil {
		return err
	}
	if err := s.recordSealed(ctx, actor, open); err != nil {
		return err
	}
	return s.addSealed(ctx, work)
}

// lookUp reads what the log and storage say of an item already.
func (s *Sealing) lookUp(ctx context.Context, w *sealing) error {
	entries, err := s.exhibits.EntriesOf(ctx, w.item) // what the item is made of must be in the log
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch e.Entry.Act {
		case evidence.ActReceived:
			was, err := exhibit.AsReceived(w.item, e.Entry)
			w.received, w.refused, w.item.Locked = true, err, was.Locked
		case evidence.ActSealed:
			w.entry = &e
		}
	}
	if w.entry != nil { // an earlier try
		return nil
	}
	return s.findSeal(ctx, w)
}

// findSeal takes a seal that an earlier try stored and did not get on record.
func (s *Sealing) findSeal(ctx context.Context, w *sealing) error {
	ref := evidence.ObjectRef{Bucket: w.item.Data.Bucket, Key: evidence.SealKey(w.item.Case, w.item.ID)}
	stored, err := s.objects.Stat(ctx, ref)
	if evidence.CodeOf(err) == evidence.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := s.objects.Open(ctx, stored.Ref, 0, -1)
	if err != nil {
		return err
	}
	envelope, err := exhibit.ReadSeal(r)
	if err != nil {
		return err
	}
	by, err := s.clerk.Trust(ctx)
	if err != nil {
		return err
	}
	statement, _, err := seal.OpenBy(envelope, by, 0)
	if err != nil || len(statement.Check(w.item)) > 0 {
		return nil //nolint:nilerr // not a seal of this item: another one is put over it
	}
	w.envelope, w.object, w.at = envelope, stored.Ref, statement.SealedAt
	return nil
}

func (s *Sealing) recordReceipts(ctx context.Context, actor evidence.Actor, work []*sealing) error {
	var missing []evidence.Entry
	for _, w := range work {
		if w.received {
			continue
		}
		e, err := s.uploads.receipt(ctx, actor, w.item)
		if err != nil {
			return err
		}
		missing = append(missing, e)
	}
	_, err := s.clerk.PutOnRecord(ctx, actor, missing...)
	return err
}

// signSeals makes the envelopes of those that have none, with one request.
func (s *Sealing) signSeals(ctx context.Context, c evidence.Case, work []*sealing) error {
	var statements []seal.Statement
	var unsigned []*sealing
	now := s.now()
	for _, w := range work {
		if w.envelope != nil {
			continue
		}
		in, err := s.intakes.intakeOf(ctx, w.item)
		if err != nil {
			return err
		}
		w.at = now
		statements = append(statements, seal.NewStatement(c, w.item, in.Authority, now))
		unsigned = append(unsigned, w)
	}
	if len(statements) == 0 {
		return nil
	}
	envelopes, err := seal.Sign(ctx, s.sealKey, statements...)
	if err != nil {
		return err
	}
	for i, w := range unsigned {
		w.envelope = envelopes[i]
	}
	return nil
}

// introduceSealKey sees to it that the log knows the key of new seals before they
// are stored.
func (s *Sealing) introduceSealKey(ctx context.Context, c evidence.CaseID, work []*sealing) error {
	if len(work) == 0 {
		return nil
	}
	by, err := s.clerk.Trust(ctx)
	if err != nil {
		return err
	}
	_, key, err := seal.OpenBy(work[len(work)-1].envelope, by, 0) // all were signed at once
	if err != nil || s.book.Log(c).Known().Begun(key.ID()) {
		return err
	}
	return s.clerk.Introduce(ctx, c)
}

func (s *Sealing) storeSeal(ctx context.Context, w *sealing) error {
	if !w.object.IsZero() {
		return nil
	}
	ref := evidence.ObjectRef{Bucket: w.item.Data.Bucket, Key: evidence.SealKey(w.item.Case, w.item.ID)}
	stored, err := s.objects.Put(ctx, ref, w.envelope, sealType, evidence.Lock{Until: w.item.Locked, Hold: true})
	w.object = stored.Ref
	return err
}

func (s *Sealing) recordSealed(ctx context.Context, actor evidence.Actor, work []*sealing) error {
	list := make([]evidence.Entry, len(work))
	for i, w := range work {
		var err error
		if list[i], err = act.New(w.item.Case, act.Sealed{
			Intake: w.item.Intake, Locked: w.item.Locked, Bucket: w.object.Bucket, Object: w.object.Key, Version: w.object.Version,
			Digest: evidence.Sum(w.envelope),
		}, s.now(), actor, s.random, func(e *evidence.Entry) {
			e.AboutItem(w.item)
			e.At = w.at
		}); err != nil {
			return err
		}
	}
	recorded, err := s.clerk.PutOnRecord(ctx, actor, list...)
	if err != nil {
		return err
	}
	for i := range recorded {
		work[i].entry = &recorded[i]
	}
	return nil
}

// addSealed adds the items' next versions, as the log has them sealed.
func (s *Sealing) addSealed(ctx context.Context, work []*sealing) error {
	versions := make([]evidence.Item, len(work))
	for i, w := range work {
		versions[i], _ = state.Item(w.item, w.entry.Entry)
	}
	return s.exhibits.AddVersions(ctx, versions, func(now *evidence.Item, wanted evidence.Item) bool {
		if now.State != evidence.ItemReceived {
			return false
		}
		now.State, now.SealedAt, now.Seal, now.At = wanted.State, wanted.SealedAt, wanted.Seal, wanted.At
		return true
	})
}

// completable returns those of the items that are on record as they are, or that
// an upload brought whose receipt was cut off. Another one was put into the
// registry, or changed there, by nobody who uploaded anything of the kind: it is
// left alone and logged, and the audit reports it.
func (s *Sealing) completable(ctx context.Context, work []*sealing) ([]*sealing, error) {
	var kept []*sealing
	for _, w := range work {
		err := w.refused
		if !w.received {
			err = s.uploads.wasUploaded(ctx, w.item)
		}
		switch evidence.CodeOf(err) {
		case "":
			kept = append(kept, w)
		case evidence.Tampered:
			s.logger.ErrorContext(ctx, "an item is not sealed", slog.String("item", string(w.item.ID)), slog.Any("error", err))
		default:
			return nil, err
		}
	}
	return kept, nil
}
