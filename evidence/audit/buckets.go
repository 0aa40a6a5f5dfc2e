package audit

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// buckets compares how buckets are configured with how they were made.
func (r *run) buckets(ctx context.Context, f *findings) error {
	b := r.config.Objects.Buckets()
	for _, name := range []string{b.Evidence, b.Bundles, b.Ledger} {
		state, err := r.config.Objects.BucketState(ctx, name)
		if err != nil {
			return err
		}
		if !state.Locked {
			f.add(evidence.AlarmBucket, name+" lock", "the bucket %s has no Object Lock any more: what is written there can be deleted", name)
		}
		if !state.Versioned {
			f.add(evidence.AlarmBucket, name+" versions", "the bucket %s does not keep versions any more: what is overwritten there is lost", name)
		}
		for _, words := range state.Expiry {
			f.add(evidence.AlarmBucket, name+" "+words, "in the bucket %s, %s", name, words)
		}
	}
	return nil
}

// odd makes what is odd in the mirror an alarm.
func (r *run) odd(f *findings) func(mirror.Oddity) {
	return func(o mirror.Oddity) {
		f.add(evidence.AlarmObject, safeKey(o.Key), "the mirror's %s: %s", safeKey(o.Key), o.What)
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
