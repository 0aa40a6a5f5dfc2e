package state

import (
	"cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Item returns the item that an entry makes of it as it was before, at its next
// version; changed is false when the entry says nothing of the item. before is
// the zero Item for one that is not received yet.
func Item(before evidence.Item, e evidence.Entry) (after evidence.Item, changed bool) {
	after = before
	switch {
	case e.Act == evidence.ActReceived && before.Version == 0:
		if after, changed = received(e); !changed {
			return before, false
		}
	case before.Version == 0 || before.ID != e.Item:
		return before, false
	case e.Act == evidence.ActSealed && before.State == evidence.ItemReceived:
		p, err := act.Read[act.Sealed](e)
		if err != nil {
			return before, false
		}
		after.State, after.SealedAt, after.Seal = evidence.ItemSealed, e.At, p.Seal()
	case e.Act == evidence.ActQuarantined && before.State == evidence.ItemReceived:
		p, err := act.Read[act.Quarantined](e)
		if err != nil {
			return before, false
		}
		after.State, after.Observed = evidence.ItemQuarantined, p.Observed
	case e.Act == evidence.ActAnalysed:
		p, err := act.Read[act.Analysed](e)
		if err != nil || p.MediaType == "" || p.MediaType == before.MediaType {
			return before, false
		}
		after.MediaType = p.MediaType
	default:
		return before, false
	}
	after.Version, after.At = before.Version+1, e.At
	return after, true
}

func received(e evidence.Entry) (it evidence.Item, ok bool) {
	p, err := act.Read[act.Received](e)
	if err != nil || e.Length == nil || e.Item == "" {
		return evidence.Item{}, false
	}
	by := cmp.Or(p.ReceivedBy, e.Actor.ID) // the machine completed what a person had sent
	return evidence.Item{
		ID: e.Item, Case: e.Case, Exhibit: e.Exhibit, Intake: p.Intake, Name: e.Name, Path: p.Path, Length: *e.Length,
		Digest: e.Digest, Collection: p.Collection(), State: evidence.ItemReceived, MediaType: p.MediaType, Custodian: by, ReceivedAt: e.At, ReceivedBy: by,
		ModifiedAt: p.ModifiedAt, Data: p.Data(), Locked: p.Locked,
	}, true
}

// DigestNamed returns the SHA-256 that an entry says the object has which it names
// (Objects), and its length; -1 where it says none.
func DigestNamed(e evidence.Entry) (digest evidence.Digest, length int64) {
	switch e.Act {
	case evidence.ActReceived:
		if e.Length != nil {
			return e.Digest, *e.Length
		}
	case evidence.ActSealed:
		p, _ := act.Read[act.Sealed](e)
		return p.Digest, -1
	case evidence.ActDisclosed:
		p, _ := act.Read[act.Disclosed](e)
		return p.Digest, p.Length
	}
	return evidence.Digest{}, -1
}

// Objects returns the stored objects that an entry names, each with its version:
// the bytes of an item, its seal, or a bundle.
func Objects(e evidence.Entry) []evidence.ObjectRef {
	var ref evidence.ObjectRef
	switch e.Act {
	case evidence.ActReceived:
		p, _ := act.Read[act.Received](e)
		ref = p.Data()
	case evidence.ActDisclosed:
		p, _ := act.Read[act.Disclosed](e)
		ref = p.Bundle()
	case evidence.ActSealed:
		p, _ := act.Read[act.Sealed](e)
		ref = p.Seal()
	}
	if ref.Key == "" {
		return nil
	}
	return []evidence.ObjectRef{ref}
}
