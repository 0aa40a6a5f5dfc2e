package exhibit

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/seal"
	"github.com/sealcase/sealcase/evidence/state"
)

// VerifyItem hashes the stored bytes again, checks that they are locked as was
// promised, checks the seal, and compares the item with what the log says was
// received; the outcome is on record, good or bad. An item that is not sealed yet is good without a seal. progress is as
// for ReadBack.
func (s *Service) VerifyItem(ctx context.Context, actor evidence.Actor, id evidence.ItemID, progress ReadProgress) (evidence.Verification, error) {
	it, differs, err := s.toVerify(ctx, actor, id)
	if err != nil {
		return evidence.Verification{}, err
	}
	v := evidence.Verification{Item: it.ID, Exhibit: it.Exhibit, Expected: it.Digest, Length: it.Length, Differs: differs}
	v.Observed, v.Read, err = s.Rehash(ctx, it.Data, progress)
	switch {
	case IsLoss(err):
		v.Observed = evidence.Digest{}
		v.Differs = append(v.Differs, fmt.Sprintf("storage does not give the bytes any more: %s", evidence.MessageOf(err)))
	case err != nil:
		return evidence.Verification{}, err
	case v.Read != it.Length:
		v.Differs = append(v.Differs, fmt.Sprintf("storage has %d bytes, not %d", v.Read, it.Length))
	}
	if err == nil && v.Observed != it.Digest {
		v.Differs = append(v.Differs, fmt.Sprintf("the stored bytes have the SHA-256 %s, not %s", v.Observed, it.Digest))
	}
	fromLock, err := s.checkLock(ctx, it)
	if err != nil {
		return evidence.Verification{}, err
	}
	v.Differs = append(v.Differs, fromLock...)
	fromSeal, err := s.checkSeal(ctx, it)
	if err != nil {
		return evidence.Verification{}, err
	}
	v.SealOK = it.State == evidence.ItemSealed && len(fromSeal) == 0
	v.Differs = append(v.Differs, fromSeal...)
	v.OK = len(v.Differs) == 0
	return s.recordVerification(ctx, actor, it, v)
}

// checkLock returns what storage keeps less well than was promised. Nobody can
// shorten a lock, but a hold can be lifted, and a lock that was never moved on
// runs out. That the bytes are gone is said already.
func (s *Service) checkLock(ctx context.Context, it evidence.Item) ([]string, error) {
	stored, err := s.objects.Stat(ctx, it.Data)
	if IsLoss(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var differs []string
	if !stored.Lock.Hold {
		differs = append(differs, "the legal hold of the stored bytes was lifted")
	}
	if stored.Lock.Until.Time().Before(it.Locked.Time()) {
		differs = append(differs, fmt.Sprintf("storage keeps the bytes locked until %s, not until %s", cmp.Or(stored.Lock.Until.String(), "no time at all"), it.Locked))
	}
	return differs, nil
}

// checkSeal returns what differs between an item and its seal.
func (s *Service) checkSeal(ctx context.Context, it evidence.Item) ([]string, error) {
	if it.State != evidence.ItemSealed {
		return nil, nil
	}
	envelope, err := s.OpenSeal(ctx, it)
	if IsLoss(err) {
		return []string{"storage does not give the seal any more"}, nil
	}
	if err != nil {
		return nil, err
	}
	by, err := s.clerk.Trust(ctx)
	if err != nil {
		return nil, err
	}
	statement, _, err := seal.OpenBy(envelope, by, 0) // the log names it by its digest
	if err != nil {
		return []string{"the seal is not good: " + evidence.MessageOf(err)}, nil
	}
	return statement.Check(it), nil
}

// toVerify returns an item as the log has it, and what differs where the registry
// has something else of it. Where the log cannot say, it is the registry's.
func (s *Service) toVerify(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (it evidence.Item, differs []string, err error) {
	row, err := s.store.Item(ctx, id)
	if err != nil {
		return evidence.Item{}, nil, evidence.Hide(err, "item")
	}
	h, err := s.clerk.Enter(ctx, actor, row.Case, act.SeeCase, "item")
	if err != nil {
		return evidence.Item{}, nil, err
	}
	it, entries, err := s.Said(ctx, h, row.Case, id)
	switch evidence.CodeOf(err) {
	case "":
		if !everWas(row, entries) {
			differs = []string{"the registry says something else of the item than the log, which is what was verified"}
		}
		return it, differs, nil
	case evidence.Tampered, evidence.NotFound:
		return row, []string{evidence.MessageOf(err)}, nil
	default:
		return evidence.Item{}, nil, err
	}
}

// everWas reports whether an item is what entries about it made of it, the newest
// of which may not have reached the registry yet.
func everWas(row evidence.Item, entries []evidence.LogEntry) bool {
	var it evidence.Item
	for _, e := range entries {
		if it, _ = state.Item(it, e.Entry); it == row {
			return true
		}
	}
	return false
}

func (s *Service) recordVerification(ctx context.Context, actor evidence.Actor, it evidence.Item, v evidence.Verification) (evidence.Verification, error) {
	said := act.Verified{Outcome: act.OutcomeEqual}
	if !v.OK {
		said = act.Verified{Outcome: act.OutcomeDiffers, Observed: v.Observed, Differs: strings.Join(v.Differs, "; ")}
	}
	if !actor.Service {
		said.RequestedBy = actor.ID
	}
	e, err := act.New(it.Case, said, s.now(), machine(), s.random, func(e *evidence.Entry) { e.AboutItem(it) }) // who asked does not read the bytes
	if err != nil {
		return evidence.Verification{}, err
	}
	recorded, err := s.clerk.PutOnRecord(ctx, machine(), e)
	if err != nil {
		return evidence.Verification{}, err
	}
	v.At, v.Entry = recorded[0].Entry.At, recorded[0].Entry.ID
	return v, nil
}
