package audit

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/seal"
	"github.com/sealcase/sealcase/evidence/state"
)

// maxSeal is the longest seal that is read, in bytes.
const maxSeal = 64 << 10

// itemObjects compares the stored bytes and the seal of an item with what its
// entries say. The bytes themselves are hashed again by the fixity schedule.
func (r *run) itemObjects(ctx context.Context, it evidence.Item, said state.Case, f *findings) error {
	until := said.Locks.Until(it.Exhibit, it.Locked)
	if err := r.itemObject(ctx, it, "the bytes of ", it.Data, it.Length, until, f); err != nil {
		return err
	}
	if it.Seal.IsZero() {
		return nil
	}
	if err := r.itemObject(ctx, it, "the seal of ", it.Seal, -1, until, f); err != nil {
		return err
	}
	return r.seal(ctx, it, f)
}

// itemObject compares one object of an item, which its entries say is locked until
// then.
func (r *run) itemObject(ctx context.Context, it evidence.Item, what string, ref evidence.ObjectRef, length int64, until evidence.Instant, f *findings) error {
	what += exhibit(it)
	stored, err := r.object(ctx, it.ID, what, ref, length, f)
	if err != nil || stored.Ref.IsZero() {
		return err
	}
	if stored.Lock.Until.Time().Add(seconds).Before(until.Time()) {
		f.addItem(evidence.AlarmLock, it.ID, ref.Key+" until", "%s: storage keeps it locked until %s, the log says until %s", what, stored.Lock.Until, until)
	}
	return nil
}

// object compares a stored object with what it should be: that version is there,
// is the newest one under its key, has that length (-1: any) and is held. It
// returns what storage says of it, a zero Stored when it does not have it.
func (r *run) object(ctx context.Context, it evidence.ItemID, what string, ref evidence.ObjectRef, length int64, f *findings) (stored evidence.Stored, err error) {
	newest := ref
	newest.Version = ""
	stored, err = r.config.Objects.Stat(ctx, newest)
	switch code := evidence.CodeOf(err); {
	case code == evidence.NotFound:
		f.addItem(evidence.AlarmObject, it, ref.Key+" hidden", "a delete marker hides %s", what)
	case code != "" && code != evidence.Tampered:
		return evidence.Stored{}, err
	case err == nil && stored.Ref.Version != ref.Version:
		f.addItem(evidence.AlarmObject, it, ref.Key+" newest "+stored.Ref.Version, "another version was put over %s", what)
	}
	if err != nil || stored.Ref.Version != ref.Version {
		if stored, err = r.config.Objects.Stat(ctx, ref); isLoss(err) {
			f.addItem(evidence.AlarmObject, it, ref.Key+" "+ref.Version, "storage does not give %s any more", what)
			return evidence.Stored{}, nil
		} else if err != nil {
			return evidence.Stored{}, err
		}
	}
	if length >= 0 && stored.Length != length {
		f.addItem(evidence.AlarmObject, it, ref.Key+" length", "%s: storage has %d, the log says %d bytes", what, stored.Length, length)
	}
	if !stored.Lock.Hold {
		f.addItem(evidence.AlarmLock, it, ref.Key+" hold", "the legal hold of %s was lifted", what)
	}
	return stored, nil
}

// isLoss reports whether storage does not have what it is asked for.
func isLoss(err error) bool {
	code := evidence.CodeOf(err)
	return code == evidence.NotFound || code == evidence.Tampered
}

// seal checks the stored seal of an item: signed by a seal key of ours, and of
// this item as the log has it.
func (r *run) seal(ctx context.Context, it evidence.Item, f *findings) error {
	body, err := r.config.Objects.Open(ctx, it.Seal, 0, -1)
	if isLoss(err) {
		return nil // said already
	}
	if err != nil {
		return err
	}
	defer body.Close()
	envelope, err := io.ReadAll(io.LimitReader(body, maxSeal))
	if err != nil && !isLoss(err) {
		return fmt.Errorf("reading the seal of %s: %w", exhibit(it), evidence.WrapError(evidence.Unavailable, err, "storage broke off"))
	}
	statement, _, err := seal.OpenBy(envelope, r.trust(), 0) // the log names it by its digest
	if err != nil {
		f.addItem(evidence.AlarmObject, it.ID, it.Seal.Key+" seal", "the seal of %s is not good: %s", exhibit(it), evidence.MessageOf(err))
		return nil
	}
	for _, differs := range statement.Check(it) {
		what, _, _ := strings.Cut(differs, " was ") // the values are for members of the case
		f.differs(evidence.AlarmObject, it.ID, it.Seal.Key+" "+what, differs, "the seal of %s says something else of %s than the log", exhibit(it), what)
	}
	return nil
}
