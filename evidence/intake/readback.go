package intake

import (
	"context"
	"log/slog"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
)

// ReadBack hashes what is stored for an item, and returns the digest and the number
// of bytes that storage gave. Bytes that are gone are 0 bytes and a zero digest,
// and no error: that is what storage gives. Bytes that are not the collection that
// was received are a zero digest. progress may be nil. Only a service
// may. What this process read itself, SealItems need not read again.
func (s *Sealing) ReadBack(ctx context.Context, actor evidence.Actor, item evidence.Item, progress exhibit.ReadProgress) (evidence.Digest, int64, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return evidence.Digest{}, 0, err
	}
	if err := s.exhibits.OwnData(item); err != nil { // storage has nothing of it
		s.logger.ErrorContext(ctx, "an item is not read back", slog.String("item", string(item.ID)), slog.Any("error", err))
		return evidence.Digest{}, 0, nil
	}
	digest, read, err := s.rehash(ctx, item, progress)
	if exhibit.IsLoss(err) {
		return evidence.Digest{}, read, nil
	}
	if err == nil {
		s.readBack.add(item.Data, digest)
	}
	return digest, read, err
}

// rehash hashes an item. A collection is held against its manifest, and that
// against its receipt, in the same pass.
func (s *Sealing) rehash(ctx context.Context, item evidence.Item, progress exhibit.ReadProgress) (evidence.Digest, int64, error) {
	if item.Collection.IsZero() {
		return s.exhibits.Rehash(ctx, item.Data, progress)
	}
	checked, fault := s.exhibits.CheckCollection(ctx, item, progress)
	if fault == nil {
		return checked.Digest, item.Length, nil
	}
	if !exhibit.IsLoss(fault) {
		return evidence.Digest{}, 0, fault
	}
	digest, read, err := s.exhibits.Rehash(ctx, item.Data, progress)
	if err == nil && digest == item.Digest {
		s.logger.ErrorContext(ctx, "an item is not the collection that was received", slog.String("item", string(item.ID)), slog.Any("error", fault))
		return evidence.Digest{}, read, nil
	}
	return digest, read, err
}

// readMost is how many objects a process remembers as read.
const readMost = 1 << 14

// readObjects keeps the digests of objects that this process read to their end.
type readObjects struct {
	mu      sync.Mutex
	digests map[evidence.ObjectRef]evidence.Digest
}

func (r *readObjects) add(ref evidence.ObjectRef, d evidence.Digest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.digests == nil || len(r.digests) >= readMost {
		r.digests = map[evidence.ObjectRef]evidence.Digest{}
	}
	r.digests[ref] = d
}

func (r *readObjects) has(ref evidence.ObjectRef, d evidence.Digest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.digests[ref] == d && !d.IsZero()
}

// wasRead returns nil when the stored bytes of an item are what was received, as
// this process read them: now, unless it did before. Who asks for a seal is not
// believed. It fails with Conflict for bytes that differ or are gone.
func (s *Sealing) wasRead(ctx context.Context, it evidence.Item) error {
	if s.readBack.has(it.Data, it.Digest) {
		return nil
	}
	digest, read, err := s.ReadBack(ctx, machine(), it, nil)
	if err != nil {
		return err
	}
	if digest != it.Digest || read != it.Length {
		return evidence.Errorf(evidence.Conflict, "storage does not give back what was received as exhibit %d: it is not sealed; set it apart", it.Exhibit)
	}
	return nil
}
