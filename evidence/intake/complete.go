package intake

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// CompleteUpload makes the upload an item. declared may be zero when it was
// declared at creation. Bytes that are not what was declared are thrown away
// before they are stored, the attempt goes on record, and the error is
// DigestMismatch; fewer bytes than declared are Incomplete, and the upload
// stays. Idempotent: an upload that is complete returns its item again.
func (s *Uploads) CompleteUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID, declared evidence.Digest) (evidence.Item, error) {
	return s.CompleteCollection(ctx, actor, id, declared, evidence.Digest{})
}

// CompleteCollection is CompleteUpload for a collection, the root of whose tree
// may be declared with the last bytes.
func (s *Uploads) CompleteCollection(ctx context.Context, actor evidence.Actor, id evidence.UploadID, declared, root evidence.Digest) (evidence.Item, error) {
	u, err := s.hold(ctx, actor, id)
	if err != nil {
		return evidence.Item{}, err
	}
	defer u.release()
	switch u.outcome {
	case completed:
		return s.completed(ctx, u)
	case rejected:
		return evidence.Item{}, mismatch(cmp.Or(declared, u.Declared), evidence.Digest(u.hash.Sum(nil)))
	case aborted:
		return evidence.Item{}, evidence.NoSuch("upload")
	}
	if declared, err = u.declared(declared); err != nil {
		return evidence.Item{}, err
	}
	if err := u.declareRoot(root); err != nil {
		return evidence.Item{}, err
	}
	if u.Offset < u.Length {
		return evidence.Item{}, evidence.Errorf(evidence.Incomplete, "%d of %d bytes are here; continue the upload at byte %d", u.Offset, u.Length, u.Offset)
	}
	if u.stored == nil { // else it is evidence already, whatever became of the case since
		if err := s.intakes.acceptsEvidence(ctx, u.Case); err != nil {
			return evidence.Item{}, err
		}
	}
	observed := evidence.Digest(u.hash.Sum(nil))
	if observed != declared {
		return evidence.Item{}, s.reject(ctx, actor, u, declared, observed)
	}
	if err := s.bring(ctx, u, observed); err != nil { // without that nothing is stored, nor becomes an item
		return evidence.Item{}, err
	}
	if err := s.keepAll(ctx, u); err != nil {
		return evidence.Item{}, err
	}
	it, err := s.receiveItem(ctx, actor, u, observed)
	if err != nil {
		return evidence.Item{}, err
	}
	if err := s.journal.take(ctx, u, uploadStep{Offset: u.Offset, Outcome: completed}); err != nil {
		return evidence.Item{}, err
	}
	s.journal.forget(id)
	return it, nil
}

// completed returns the item of an upload that is said to be complete, where the
// log says so too.
func (s *Uploads) completed(ctx context.Context, u *upload) (evidence.Item, error) {
	it, err := s.store.Item(ctx, u.Item)
	if err == nil {
		err = s.exhibits.ReceivedAs(ctx, it)
	}
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.Errorf(evidence.Tampered, "the registry says that this upload is complete, and the log has no receipt of it; tell the supervisor")
	}
	return it, err
}

// declared returns the one digest that was declared, at creation or now.
func (u *upload) declared(now evidence.Digest) (evidence.Digest, error) {
	switch {
	case now.IsZero() && u.Declared.IsZero():
		return evidence.Digest{}, evidence.Errorf(evidence.Invalid, "the SHA-256 of the file must be declared before the upload is completed")
	case now.IsZero():
		return u.Declared, nil
	case !u.Declared.IsZero() && now != u.Declared:
		return evidence.Digest{}, evidence.Errorf(evidence.Invalid, "another SHA-256 was declared when the upload began; nothing is stored: begin anew")
	default:
		return now, nil
	}
}

// declareRoot takes in the root of a collection's tree, which is declared at
// creation or now.
func (u *upload) declareRoot(now evidence.Digest) error {
	switch at := u.Collection.Root; {
	case u.Collection.IsZero():
		return nil
	case at.IsZero() && now.IsZero() && u.root.IsZero():
		return evidence.Errorf(evidence.Invalid, "the root of the collection's manifest must be declared before the upload is completed")
	case !at.IsZero() && !now.IsZero() && at != now:
		return evidence.Errorf(evidence.Invalid, "another root of the collection's manifest was declared when the upload began; nothing is stored: begin anew")
	default:
		u.root = cmp.Or(at, now, u.root)
		return nil
	}
}

func mismatch(declared, observed evidence.Digest) error {
	return evidence.Errorf(evidence.DigestMismatch, "the bytes that arrived have the SHA-256 %s, not %s as declared; nothing was stored and the attempt is on record: check the source and upload it again", observed, declared)
}

// reject throws bytes away that are not what was declared, and puts that on
// record.
func (s *Uploads) reject(ctx context.Context, actor evidence.Actor, u *upload, declared, observed evidence.Digest) error {
	if u.stored != nil { // it equals what was declared at creation, so this cannot be
		return evidence.Errorf(evidence.Internal, "an upload that is stored cannot be rejected")
	}
	in, err := s.intakes.intake(ctx, u.Intake)
	if err != nil {
		return err
	}
	e, err := act.New(u.Case, act.Rejected{Intake: u.Intake, Observed: observed, Upload: u.ID}, s.now(), actor, s.random, func(e *evidence.Entry) {
		length := u.Length
		e.Name, e.Digest, e.Length, e.Authority = u.Name, declared, &length, in.Authority
	})
	if err != nil {
		return err
	}
	if _, err := s.clerk.PutOnRecord(ctx, actor, e); err != nil {
		return err
	}
	if err := s.discard(ctx, u, rejected); err != nil {
		return err
	}
	s.journal.forget(u.ID)
	return mismatch(declared, observed)
}

// keepAll brings the bytes to their final place, locked, unless they are there.
func (s *Uploads) keepAll(ctx context.Context, u *upload) error {
	stored := u.stored
	if stored == nil {
		now, err := s.storeNow(ctx, u)
		if err != nil {
			return err
		}
		stored = &now
	}
	place := stored.Ref
	place.Version = ""
	if stored.Length != u.Length || place != u.Object {
		return evidence.Errorf(evidence.Tampered, "storage has %d bytes of this upload in %s, not %d in %s; tell the administrator", stored.Length, place.Key, u.Length, u.Object.Key)
	}
	if u.stored == nil || u.unkept {
		tail := u.tail
		if err := s.journal.take(ctx, u, uploadStep{Offset: u.Offset, Stored: stored}); err != nil {
			return err
		}
		s.removeTail(ctx, tail)
	}
	return s.extendSlow(ctx, u)
}

func (s *Uploads) storeNow(ctx context.Context, u *upload) (evidence.Stored, error) {
	if u.Multipart == "" {
		body, release, err := s.buffers.Get(ctx, u.Length)
		if err != nil {
			return evidence.Stored{}, err
		}
		defer release()
		if _, err := s.readTail(ctx, u, body); err != nil {
			return evidence.Stored{}, err
		}
		if evidence.Sum(body) != evidence.Digest(u.hash.Sum(nil)) {
			return evidence.Stored{}, evidence.Errorf(evidence.Tampered, "what was kept in staging is not what arrived; abort this upload and begin anew")
		}
		return s.putData(ctx, u, body)
	}
	stored, err := s.objects.Complete(ctx, u.Object, u.Multipart, u.parts)
	if evidence.CodeOf(err) == evidence.NotFound {
		// An earlier try completed it and was cut off before it said so.
		return s.objects.Stat(ctx, u.Object)
	}
	return stored, err
}

// extendSlow moves the lock of an upload that took so long that most of its
// first horizon has passed.
func (s *Uploads) extendSlow(ctx context.Context, u *upload) error {
	if s.now().Time().Add(s.retention / 2).Before(u.Lock.Until.Time()) {
		return nil
	}
	u.locked = s.lock(s.now()).Until
	return s.objects.Extend(ctx, u.stored.Ref, u.locked)
}

// receiveItem gives the stored bytes an exhibit number and puts their receipt
// on record.
func (s *Uploads) receiveItem(ctx context.Context, actor evidence.Actor, u *upload, digest evidence.Digest) (evidence.Item, error) {
	now := s.now()
	want := evidence.Item{
		ID: u.Item, Case: u.Case, Version: 1, Intake: u.Intake, Name: u.Name, Path: u.Path, Length: u.Length,
		Digest: digest, Collection: u.asBrought().Collection, State: evidence.ItemReceived, Custodian: actor.ID, ReceivedAt: now, ReceivedBy: actor.ID,
		ModifiedAt: u.ModifiedAt, Data: u.stored.Ref, Locked: cmp.Or(u.locked, u.Lock.Until), At: now,
	}
	it, err := s.giveExhibit(ctx, want)
	if err != nil {
		return evidence.Item{}, err
	}
	if want.Exhibit = it.Exhibit; it != want { // it was there, and may be anybody's
		err := s.exhibits.ReceivedAs(ctx, it)
		if evidence.CodeOf(err) != evidence.NotFound {
			return it, err
		}
		if err := s.cutOff(ctx, it, u, digest); err != nil {
			return evidence.Item{}, err
		}
	}
	e, err := s.receipt(ctx, actor, it)
	if err != nil {
		return evidence.Item{}, err
	}
	_, err = s.clerk.PutOnRecord(ctx, actor, e)
	return it, err
}

// receipt returns the entry that an item was received. It is the same whoever
// makes sure that it is on record.
func (s *Uploads) receipt(ctx context.Context, actor evidence.Actor, it evidence.Item) (evidence.Entry, error) {
	in, err := s.intakes.intakeOf(ctx, it)
	if err != nil {
		return evidence.Entry{}, err
	}
	said := act.Received{
		Intake: it.Intake, Bucket: it.Data.Bucket, Object: it.Data.Key, Version: it.Data.Version, Locked: it.Locked, Path: it.Path,
		MediaType: it.MediaType, ModifiedAt: it.ModifiedAt,
		CollectionRoot: it.Collection.Root, CollectionLeaves: it.Collection.Leaves, CollectionManifest: it.Collection.Manifest,
	}
	if actor.Service {
		said.ReceivedBy = it.ReceivedBy // whose upload it was; their signature is lost
	}
	return act.New(it.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) {
		e.AboutItem(it)
		e.At, e.Authority = it.ReceivedAt, in.Authority
	})
}

// nearMisses is after how many numbers that are taken the end is looked for.
const nearMisses = 6

// giveExhibit adds the first version of an item under the case's next exhibit
// number, or returns the item as it is when it has one.
func (s *Uploads) giveExhibit(ctx context.Context, it evidence.Item) (evidence.Item, error) {
	h, err := s.book.Log(it.Case).Head(ctx, time.Minute) // only to begin near the end
	if err != nil {
		return evidence.Item{}, err
	}
	n := s.exhibitNumbers.of(it.Case)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.taken = max(n.taken, h.Said.Highest)
	for misses := 1; ; misses++ {
		it.Exhibit = n.taken + 1
		added, err := s.store.AddItem(ctx, it)
		if err != nil {
			return evidence.Item{}, fmt.Errorf("giving an exhibit number: %w", err)
		}
		if added {
			n.taken = it.Exhibit
			return it, nil
		}
		known, err := s.store.Item(ctx, it.ID)
		if err == nil || evidence.CodeOf(err) != evidence.NotFound {
			return known, err
		}
		n.taken++ // another process has that number: the next one is free, or nearly so
		if misses%nearMisses != 0 {
			continue
		}
		if n.taken, err = s.highestExhibit(ctx, it.Case, n.taken); err != nil {
			return evidence.Item{}, err
		}
	}
}

// highestExhibit returns the highest exhibit number of a case that is taken,
// where taken is known to be.
func (s *Uploads) highestExhibit(ctx context.Context, c evidence.CaseID, taken int) (int, error) {
	for tile := evidence.ItemTileOf(taken); ; tile++ {
		items, err := s.store.ItemTile(ctx, c, tile)
		if err != nil {
			return 0, err
		}
		if len(items) > 0 {
			taken = items[len(items)-1].Exhibit
		}
		if len(items) < evidence.ItemTile {
			return taken, nil
		}
	}
}

// exhibitNumbers remembers which exhibit numbers of cases are taken. What it
// forgets is found again.
type exhibitNumbers struct {
	mu    sync.Mutex
	cases map[evidence.CaseID]*exhibitNumber
}

// exhibitNumber is the highest exhibit number of a case that is known to be taken.
// Whoever gives the next one holds mu.
type exhibitNumber struct {
	mu    sync.Mutex
	taken int
}

// numbersMost is of how many cases a process remembers the numbers.
const numbersMost = 1024

func (n *exhibitNumbers) of(c evidence.CaseID) *exhibitNumber {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.cases[c]
	if !ok {
		if n.cases == nil || len(n.cases) >= numbersMost {
			n.cases = map[evidence.CaseID]*exhibitNumber{}
		}
		known = &exhibitNumber{}
		n.cases[c] = known
	}
	return known
}
