package audit

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// trust returns by which keys a log is believed that was not read yet: those that
// the root states or, without a root, those that Vault has.
func (r *run) trust() *attest.Trust {
	if len(r.config.Root) == 0 {
		return attest.NewTrust(r.config.Origin, r.keys)
	}
	t := attest.NewTrust(r.config.Origin, r.config.Root)
	if r.stated != nil {
		_, _ = t.Know(*r.stated) // it was read before
	}
	return t
}

// statement compares the newest statement of the root with the keys that Vault
// has: whoever may make keys there could otherwise have some that nobody stated,
// and a statement could name what nobody may sign with any more.
func (r *run) statement(ctx context.Context, f *findings) error {
	if len(r.config.Root) == 0 {
		return nil
	}
	signed, err := r.config.Stated(ctx)
	if err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return r.unreadable(f, "the statement of the root", err)
	}
	t := attest.NewTrust(r.config.Origin, r.config.Root)
	said, err := t.Know(signed)
	if err != nil {
		f.add(evidence.AlarmKey, "statement", "there is no statement of the root about the agency's keys, or no good one: %s", evidence.MessageOf(err))
		return nil
	}
	r.stated, r.serial = &signed, said.Serial
	for _, k := range r.keys {
		if role, _, _ := attest.RoleOf(k.Name); role != attest.RoleRoot && !t.States(k) {
			f.add(evidence.AlarmKey, "not stated "+k.ID(), "Vault has the key %s, which statement %d of the root does not name", k.ID(), said.Serial)
		}
	}
	for _, role := range []attest.Role{attest.RoleLog, attest.RoleSeal, attest.RoleWorker} {
		for _, k := range t.For(role, 0) {
			if !slices.ContainsFunc(r.keys, k.Equal) {
				f.add(evidence.AlarmKey, "stated "+k.ID(), "statement %d of the root names the key %s, which Vault does not have", said.Serial, k.ID())
			}
		}
	}
	return nil
}

// statedIn compares the statement of an entry with the one that the worker has,
// and its keys with those of Vault.
func (k *comparison) statedIn(ctx context.Context, where string, e evidence.LogEntry) error {
	signed := attest.SignedFrom(e.Entry.Details)
	said, err := signed.Read()
	if err != nil {
		k.f.add(evidence.AlarmKey, where, "entry %d: %s", e.Index, evidence.MessageOf(err))
		return nil
	}
	if len(k.config.Root) > 0 && said.Serial > k.serial {
		k.f.add(evidence.AlarmKey, where+" newer", "entry %d holds statement %d of the root; the worker is given the older one, %d: somebody put it back", e.Index, said.Serial, k.serial)
	}
	for _, stated := range said.Keys {
		key, err := evidence.ParseVKey(stated.Key)
		if err != nil {
			continue // read before
		}
		if err := k.knownKey(ctx, where, key); err != nil {
			return err
		}
	}
	return nil
}
