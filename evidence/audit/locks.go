package audit

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// mirrorFolders checks what is mirrored besides logs, as mirrorLocks does.
func (r *run) mirrorFolders(ctx context.Context, f *findings) error {
	for _, folder := range []string{mirror.AlarmFolder, mirror.DisclosureFolder, mirror.AnchorFolder} {
		if err := r.unreadable(f, "the mirror's "+folder, r.mirrorLocks(ctx, folder, f)); err != nil {
			return err
		}
	}
	return nil
}

// mirrorLocks checks that what lies in a folder of the mirror is ours by its name,
// held and locked, and moves the locks on that are half through.
func (r *run) mirrorLocks(ctx context.Context, folder string, f *findings) error {
	for v, err := range r.config.Objects.List(ctx, r.config.Objects.Buckets().Ledger, folder, "") {
		if err != nil {
			return err
		}
		if v.Deleted {
			continue // the mirror says so itself
		}
		r.progress.Objects++
		if r.progress.Objects%256 == 0 {
			if err := r.step(ctx, f); err != nil {
				return err
			}
		}
		if !mirror.Named(v.Ref.Key) {
			r.odd(f)(mirror.Oddity{Key: v.Ref.Key, What: "nothing of ours has such a name"})
		}
		stored, err := r.config.Objects.Stat(ctx, v.Ref)
		if isLoss(err) {
			f.add(evidence.AlarmObject, safeKey(v.Ref.Key), "storage does not give the mirror's %s any more", safeKey(v.Ref.Key))
			continue
		}
		if err != nil {
			return err
		}
		if !stored.Lock.Hold {
			f.add(evidence.AlarmLock, safeKey(v.Ref.Key)+" "+v.Ref.Version, "the legal hold of the mirror's %s was lifted, or somebody else put it there", safeKey(v.Ref.Key))
			continue
		}
		if err := r.keepLocked(ctx, "the mirror's "+safeKey(v.Ref.Key), stored, f); err != nil {
			return err
		}
	}
	return nil
}

// keepLocked checks that an object is locked of which no entry says until when,
// and moves its lock on when less than half of the retention is left.
func (r *run) keepLocked(ctx context.Context, what string, stored evidence.Stored, f *findings) error {
	now := r.config.Clock()
	left := stored.Lock.Until.Time().Sub(now)
	if left <= 0 {
		f.add(evidence.AlarmLock, safeKey(stored.Ref.Key)+" until", "%s is not locked any more", what)
	}
	if left >= r.config.Retention/2 {
		return nil
	}
	err := r.config.Objects.Extend(ctx, stored.Ref, evidence.At(now.Add(r.config.Retention)))
	if err != nil && left > 0 { // one that has another lock than ours cannot be given ours, and is an alarm already
		return fmt.Errorf("moving the lock of %s on: %w", what, err)
	}
	return nil
}
