package audit

import (
	"context"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/replay"
	"github.com/sealcase/sealcase/evidence/seal"
)

// maxSeal is the longest seal that is read, in bytes.
const maxSeal = 64 << 10

// itemObjects compares the stored bytes and the seal of an item with what its
// entries say. The bytes themselves are hashed again by the fixity schedule.
func (r *run) itemObjects(ctx context.Context, it evidence.Item, said replay.Case, f *findings) error {
	until := said.Locks.Until(it.Exhibit, it.Locked)
	if err := r.object(ctx, it.ID, "the bytes of "+exhibit(it), it.Data, it.Length, until, f); err != nil {
		return err
	}
	if it.Seal.IsZero() {
		return nil
	}
	if err := r.object(ctx, it.ID, "the seal of "+exhibit(it), it.Seal, -1, until, f); err != nil {
		return err
	}
	return r.seal(ctx, it, f)
}

// object compares a stored object with what it should be: that version is there,
// is the newest one under its key, has that length (-1: any), is held and is
// locked until then.
func (r *run) object(ctx context.Context, it evidence.ItemID, what string, ref evidence.ObjectRef, length int64, until evidence.Instant, f *findings) error {
	newest := ref
	newest.Version = ""
	stored, err := r.config.Objects.Stat(ctx, newest)
	switch code := evidence.CodeOf(err); {
	case code == evidence.NotFound:
		f.addItem(evidence.AlarmObject, it, ref.Key+" hidden", "a delete marker hides %s", what)
	case code != "" && code != evidence.Tampered:
		return err
	case err == nil && stored.Ref.Version != ref.Version:
		f.addItem(evidence.AlarmObject, it, ref.Key+" newest "+stored.Ref.Version, "another version was put over %s", what)
	}
	if err != nil || stored.Ref.Version != ref.Version {
		if stored, err = r.config.Objects.Stat(ctx, ref); isLoss(err) {
			f.addItem(evidence.AlarmObject, it, ref.Key+" "+ref.Version, "storage does not give %s any more", what)
			return nil
		} else if err != nil {
			return err
		}
	}
	if length >= 0 && stored.Length != length {
		f.addItem(evidence.AlarmObject, it, ref.Key+" length", "%s: storage has %d, the log says %d bytes", what, stored.Length, length)
	}
	if !stored.Lock.Hold {
		f.addItem(evidence.AlarmLock, it, ref.Key+" hold", "the legal hold of %s was lifted", what)
	}
	if stored.Lock.Until.Time().Add(seconds).Before(until.Time()) {
		f.addItem(evidence.AlarmLock, it, ref.Key+" until", "%s: storage keeps it locked until %s, the log says until %s", what, stored.Lock.Until, until)
	}
	return nil
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
	var keys []evidence.PublicKey
	for _, k := range r.keys {
		if role, _, _ := attest.RoleOf(k.Name); role == attest.RoleSeal {
			keys = append(keys, k)
		}
	}
	statement, _, err := seal.Open(envelope, keys)
	if err != nil {
		f.addItem(evidence.AlarmObject, it.ID, it.Seal.Key+" seal", "the seal of %s is not good: %s", exhibit(it), evidence.MessageOf(err))
		return nil
	}
	for _, differs := range statement.Check(it) {
		f.addItem(evidence.AlarmObject, it.ID, it.Seal.Key+" "+differs, "%s: %s", exhibit(it), differs)
	}
	return nil
}

// mirrorLocks checks that what is mirrored of a log is held and locked, and moves
// the locks on that are half through.
func (r *run) mirrorLocks(ctx context.Context, c evidence.CaseID, f *findings) error {
	bucket := r.config.Objects.Buckets().Ledger
	for v, err := range r.config.Objects.List(ctx, bucket, "logs/"+string(c)+"/", "") {
		if err != nil {
			return err
		}
		if v.Deleted {
			continue // the mirror says so itself
		}
		r.progress.Objects++
		if r.progress.Objects%256 == 0 {
			r.report(r.progress)
		}
		stored, err := r.config.Objects.Stat(ctx, v.Ref)
		if isLoss(err) {
			f.add(evidence.AlarmObject, v.Ref.Key, "storage does not give the mirror's %s any more", v.Ref.Key)
			continue
		}
		if err != nil {
			return err
		}
		now := r.config.Clock()
		switch left := stored.Lock.Until.Time().Sub(now); {
		case !stored.Lock.Hold:
			f.add(evidence.AlarmLock, v.Ref.Key+" "+v.Ref.Version, "the legal hold of the mirror's %s was lifted, or somebody else put it there", v.Ref.Key)
		case left <= 0:
			f.add(evidence.AlarmLock, v.Ref.Key+" until", "the mirror's %s is not locked any more", v.Ref.Key)
		}
		if until := stored.Lock.Until.Time().Sub(now); stored.Lock.Hold && until < r.config.Retention/2 {
			if err := r.config.Objects.Extend(ctx, v.Ref, evidence.At(now.Add(r.config.Retention))); err != nil {
				return fmt.Errorf("moving the lock of the mirror on: %w", err)
			}
		}
	}
	return nil
}
