package custody_test

import (
	"testing"

	"golang.org/x/sync/errgroup"
)

// While people bring files in one by one, the worker puts hundreds of seals on
// record at a time, from another process.
func TestLargeBatchesAndSinglesOnTwoServices(t *testing.T) {
	l := newLab(t)
	one, two := l.service(), l.service()
	c := l.openCase(one)
	before := l.checkLog(two, c.ID)
	const batches, batch, each = 4, 250, 60
	group, ctx := errgroup.WithContext(t.Context())
	for range 2 {
		group.Go(func() error {
			for range each {
				if _, err := one.Append(ctx, verifiedEntry(c.ID)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		for range batches {
			if _, err := two.Append(ctx, entriesOf(c.ID, batch)...); err != nil {
				return err
			}
		}
		return nil
	})
	l.check(group.Wait())
	want := before + 2*each + batches*batch
	for name, s := range map[string]*process{"one": one, "two": two, "a new one": l.service()} {
		if got := l.checkLog(s, c.ID); got != want {
			t.Errorf("service %s has %d entries, want %d", name, got, want)
		}
	}
}
