package audit

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// newestHead holds the registry's newest head against the entries.
func (k *comparison) newestHead(ctx context.Context) error {
	for tile := k.tree.Size()/ledger.TileSize + 1; tile >= 0; tile-- {
		note, err := k.config.Registry.LastCheckpoint(ctx, k.id, tile)
		if err != nil {
			return err
		}
		if note != nil {
			return k.registryHead(ctx, note)
		}
	}
	return nil
}

func (k *comparison) registryHead(ctx context.Context, note []byte) error {
	cp, err := ledger.ParseCheckpoint(note)
	if err == nil {
		_, _, err = ledger.OpenCheckpoint(note, k.checker.Trust().For(attest.RoleLog, cp.Size))
	}
	switch {
	case err != nil:
		k.f.add(evidence.AlarmLog, "registry head", "the registry's newest head of the log is not signed by our key")
	case cp.Origin != ledger.CaseOrigin(k.config.Origin, k.id):
		k.f.add(evidence.AlarmLog, "registry head", "the registry's newest head is that of another log")
	case cp.Size > k.tree.Size():
		// It may have been signed since the entries were read.
		last, err := k.config.Registry.Entries(ctx, k.id, (cp.Size-1)/ledger.TileSize)
		if err != nil && evidence.CodeOf(err).Retryable() {
			return err
		}
		if !slices.ContainsFunc(last, func(e evidence.LogEntry) bool { return e.Index == cp.Size-1 }) {
			k.f.add(evidence.AlarmLog, "registry head", "our key signed a head of %d entries, and there are %d", cp.Size, k.tree.Size())
		}
	case cp.Size == k.tree.Size() && cp.Root != k.tree.Root():
		k.f.add(evidence.AlarmLog, "registry head", "our key signed another log of %d entries than the one that was mirrored: it was forked or rewritten", cp.Size)
	case cp.Size == k.own.Size() && cp.Root != k.own.Root():
		k.f.add(evidence.AlarmLog, "registry head", "the registry's entries are not those that were signed at %d", cp.Size)
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
