package bundle_test

import (
	"context"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/seal"
)

// receive puts an item on record as received.
func (f *fixture) receive(name evidence.FileName, length int64, digest evidence.Digest) evidence.Item {
	return f.receiveAs(name, length, digest, evidence.Collection{})
}

// receiveAs puts an item on record as received that may be a collection.
func (f *fixture) receiveAs(name evidence.FileName, length int64, digest evidence.Digest, of evidence.Collection) evidence.Item {
	f.exhibit++
	at := f.tick()
	it := evidence.Item{
		ID: must(evidence.NewID[evidence.ItemID](f.random)), Case: f.facts.Case.ID, Exhibit: f.exhibit, Version: 1,
		Intake: f.intake, Name: name, Length: length, Digest: digest, Collection: of, State: evidence.ItemReceived,
		Custodian: f.actor.ID, ReceivedAt: at, ReceivedBy: f.actor.ID, At: at,
		Locked: evidence.At(f.now.AddDate(1, 0, 0)),
	}
	it.Data = evidence.ObjectRef{Bucket: "sealcase-evidence", Key: "data/" + string(it.ID), Version: "v1"}
	e := f.entry(evidence.ActReceived)
	e.AboutItem(it)
	e.Details = collectionDetails(of)
	f.append(e)
	return it
}

// sealItems puts received items on record as sealed, in one batch.
func (f *fixture) sealItems(items ...evidence.Item) []evidence.Item {
	list := make([]evidence.Entry, len(items))
	for i := range items {
		it := &items[i]
		it.State, it.Version, it.SealedAt = evidence.ItemSealed, 2, f.tick()
		statement := seal.NewStatement(f.facts.Case, *it, "Warrant 12/26", it.SealedAt)
		f.seals[it.ID] = must(seal.Sign(context.Background(), f.seal, statement))[0]
		it.Seal = evidence.ObjectRef{Bucket: "sealcase-evidence", Key: "seal/" + string(it.ID), Version: "v1"}
		list[i] = f.machine(evidence.ActSealed)
		list[i].AboutItem(*it)
		list[i].Details = map[string]string{bundle.DetailSeal: evidence.Sum(f.seals[it.ID]).String()}
	}
	f.append(list...)
	return items
}

func (f *fixture) sealItem(it evidence.Item) evidence.Item { return f.sealItems(it)[0] }

// disclose adds a sealed item with its content.
func (f *fixture) disclose(name evidence.FileName, content []byte) evidence.Item {
	return f.discloseItem(f.sealItem(f.receive(name, int64(len(content)), evidence.Sum(content))), content)
}

func (f *fixture) discloseItem(it evidence.Item, content []byte) evidence.Item {
	f.contents[it.ID] = content
	f.items = append(f.items, it)
	return it
}

// hide adds a sealed item that is withheld with all its entries, n of them
// besides the two that every such item has.
func (f *fixture) hide(name evidence.FileName, content []byte, n int, reason string) evidence.Item {
	it := f.receive(name, int64(len(content)), evidence.Sum(content))
	f.withholdLast(1, reason)
	it = f.sealItem(it)
	f.withholdLast(1, reason)
	for range n {
		e := f.entry(evidence.ActViewed)
		e.AboutItem(it)
		f.append(e)
		f.withholdLast(1, reason)
	}
	f.facts.Withheld = append(f.facts.Withheld, bundle.WithheldItem{Item: it, Reason: reason, Hidden: true})
	return it
}

// quarantine adds an item whose stored bytes were not those that were received.
func (f *fixture) quarantine(name evidence.FileName, content []byte, reason string) evidence.Item {
	bad := f.receive(name, int64(len(content)), evidence.Sum(content))
	bad.State = evidence.ItemQuarantined
	e := f.machine(evidence.ActQuarantined)
	e.AboutItem(bad)
	f.append(e)
	f.facts.Withheld = append(f.facts.Withheld, bundle.WithheldItem{Item: bad, Reason: reason})
	return bad
}

// withholding returns what a request for the bundle says of what is withheld.
func (f *fixture) withholding(r act.Request) act.Request {
	hidden := map[evidence.ItemID]bool{}
	for _, w := range f.facts.Withheld {
		if w.Hidden {
			hidden[w.Item.ID] = true
			r.Exhibits = append(r.Exhibits, act.Withholding{Numbers: evidence.RunsOf([]int{w.Item.Exhibit}), Reason: w.Reason})
		}
	}
	var with []int
	for _, i := range slices.Sorted(maps.Keys(f.reasons)) {
		if e := must(decoded(f.entries[i])); hidden[e.Item] {
			with = append(with, i)
		} else {
			r.Entries = append(r.Entries, act.Withholding{Numbers: evidence.RunsOf([]int{i}), Reason: f.reasons[i]})
		}
	}
	r.With, r.LogSize, r.Highest = evidence.RunsOf(with), int64(len(f.entries)), int64(f.exhibit)
	return r
}
