package audit

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// newestHead looks for a head of the registry that is of more entries than there
// are, and holds the newest one against the registry's own entries.
func (k *comparison) newestHead(ctx context.Context) error {
	size := k.tree.Size()
	for _, n := range []int64{size, size + ledger.TileSize} {
		list, _, err := k.config.Registry.LogRecords(ctx, state.KindCheckpoint, k.id, n)
		if err != nil {
			return err
		}
		for _, rec := range list {
			if rec.Filed && rec.N > size {
				return k.laterHead(ctx, rec)
			}
		}
	}
	if k.own.Size() == size && size > 0 && k.newest.Size == size && k.newest.Root == k.tree.Root() && k.newest.Root != k.own.Root() {
		k.f.add(evidence.AlarmLog, "registry head", "the registry's entries are not those that were signed at %d", size)
	}
	return nil
}

// laterHead compares a head of more entries than were read.
func (k *comparison) laterHead(ctx context.Context, rec state.LogRecord) error {
	cp, err := k.openHead(rec)
	if err != nil || cp.Origin != ledger.CaseOrigin(k.config.Origin, k.id) || cp.Size != rec.N {
		k.headRecord(rec)
		return nil //nolint:nilerr // headRecord tells what is wrong with it
	}
	last, _, err := k.config.Registry.FiledEntries(ctx, k.id, (cp.Size-1)/ledger.TileSize) // it may have been signed since the entries were read
	if err != nil && evidence.CodeOf(err).Retryable() {
		return err
	}
	if !slices.ContainsFunc(last, func(e evidence.LogEntry) bool { return e.Index == cp.Size-1 }) {
		k.f.add(evidence.AlarmLog, "registry head", "our key signed a head of %d entries, and there are %d", cp.Size, k.tree.Size())
	}
	return nil
}

// keysOf compares the keys that an entry of the log names with those that Vault
// has: whoever can write a roster could otherwise give somebody a key of theirs.
func (k *comparison) keysOf(ctx context.Context, e evidence.LogEntry) error {
	where := itoa(e.Index)
	switch e.Entry.Act {
	case evidence.ActKey:
		_, after, err := attest.CheckKey(e.Entry.Details)
		if err != nil {
			k.f.add(evidence.AlarmKey, where, "entry %d: %s", e.Index, evidence.MessageOf(err))
			return nil
		}
		return k.knownKey(ctx, where, after)
	case evidence.ActKeysStated:
		return k.statedIn(ctx, where, e)
	case evidence.ActRoster:
		people, agency, err := attest.ReadRoster(e.Entry.Details)
		if err != nil {
			k.f.add(evidence.AlarmKey, where, "entry %d: %s", e.Index, evidence.MessageOf(err))
			return nil
		}
		for _, p := range people {
			for _, text := range p.Keys {
				if key, err := evidence.ParseVKey(text); err == nil {
					agency = append(agency, key)
				}
			}
		}
		for _, key := range agency {
			if err := k.knownKey(ctx, where, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (k *comparison) knownKey(ctx context.Context, where string, key evidence.PublicKey) error {
	list := k.keys
	if role, person, _ := attest.RoleOf(key.Name); role == attest.RolePerson {
		var ok bool
		if list, ok = k.people[person]; !ok {
			var err error
			if list, err = k.config.People(ctx, person); err != nil && evidence.CodeOf(err).Retryable() {
				return err
			}
			k.people[person] = list
		}
	}
	if !slices.ContainsFunc(list, key.Equal) {
		k.f.add(evidence.AlarmKey, where+" "+key.ID(), "entry %s names the key %s, which Vault does not have", where, key.ID())
	}
	return nil
}
