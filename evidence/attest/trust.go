package attest

import (
	"cmp"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// Trust is by which keys the logs of an agency are believed. Given a root of the
// agency, these are the keys that statements of the root name, each from an
// instant on and until it is revoked, and no other: neither keys that are given
// beside it, nor versions that older ones introduced. Given keys only, it is
// those and what key entries introduce by them.
//
// What a statement says of a key counts in the whole log, also before the entry
// that records it, for what bears a time from which it is stated and before which
// it is not revoked. Behind the entry whose statement revokes it the key counts no
// more, whatever time is claimed. So whoever reads a log reads its statements
// first (Take), as they stand.
type Trust struct {
	agency string
	roots  []evidence.PublicKey // by which statements of the log count now
	ever   []evidence.PublicKey // that were given, or that one of these handed over to
	rooted bool
	serial int64               // of the newest statement taken in
	at     evidence.Instant    // of that
	keys   map[string]*trusted // by ID: what is trusted and, with a root, persons' keys that were stated
	taken  map[int64]error     // what Take said of the statement at an index
}

// trusted is what is known of a key version.
type trusted struct {
	key    evidence.PublicKey
	role   Role
	from   evidence.Instant // zero: at all times
	ends   evidence.Instant // the earliest from which it is revoked; zero: it is not
	behind int64            // index of the first entry whose statement revokes it; Everything when there is none
}

// NewTrust returns what is trusted by whoever was given these keys; those of
// other agencies are passed over.
func NewTrust(agency string, given []evidence.PublicKey) *Trust {
	t := &Trust{agency: agency, keys: map[string]*trusted{}, taken: map[int64]error{}}
	for _, k := range KeysOf(agency, given) {
		if isRootOf(agency, k) {
			t.roots, t.rooted = append(t.roots, k), true
		}
	}
	t.ever = slices.Clone(t.roots)
	t.Give(given)
	return t
}

// Rooted reports whether statements of a root say which keys count.
func (t *Trust) Rooted() bool { return t.rooted }

// Roots returns the roots whose statements count now.
func (t *Trust) Roots() []evidence.PublicKey { return slices.Clone(t.roots) }

// Newest returns the number and the time of the newest statement taken in; 0 when
// there is none.
func (t *Trust) Newest() (serial int64, at evidence.Instant) { return t.serial, t.at }

// Give has more keys be trusted where there is no root.
func (t *Trust) Give(given []evidence.PublicKey) {
	if t.rooted {
		return
	}
	for _, k := range KeysOf(t.agency, given) {
		if role, _, _ := RoleOf(k.Name); role != RolePerson {
			t.add(k)
		}
	}
}

// add takes in a key that is trusted, and returns what is known of it; is reports
// whether it is new.
func (t *Trust) add(k evidence.PublicKey) (known *trusted, is bool) {
	id := k.ID()
	if known, ok := t.keys[id]; ok {
		return known, false
	}
	role, _, _ := RoleOf(k.Name)
	known = &trusted{key: k, role: role, behind: Everything}
	t.keys[id] = known
	return known, true
}

// Take takes in what an entry at an index says of the agency's keys: a "key" entry,
// which widens nothing where there is a root, or a "keys-stated", which does where
// there is one. It returns the keys that count because of it, and what is wrong with the entry: Malformed or
// Tampered as CheckKey; for a statement Malformed (it cannot be read, or is of
// another agency) and Tampered (a root that counts did not sign it as it says, or
// its number is not higher than that of every one before). A statement of a root
// that does not count says nothing, and is no fault. The same index taken in again
// gives the same fault.
func (t *Trust) Take(index int64, e evidence.Entry) (learned []evidence.PublicKey, err error) {
	switch e.Act {
	case evidence.ActKey:
		before, after, err := CheckKey(e.Details)
		if err != nil {
			return nil, err
		}
		return t.follow(before, after), nil
	case evidence.ActKeysStated:
		if err, again := t.taken[index]; again {
			return nil, err
		}
		learned, err = t.state(SignedFrom(e.Details), index)
		t.taken[index] = err
	}
	return learned, err
}

// follow has the key after be trusted where before is, without a root, and returns
// it when it was not. An entry proves itself, whoever put it into the log and
// wherever it stands: whoever trusts the old version trusts the new one.
func (t *Trust) follow(before, after evidence.PublicKey) []evidence.PublicKey {
	old, ok := t.keys[before.ID()]
	if !ok || t.rooted || !old.key.Equal(before) {
		return nil
	}
	if _, is := t.add(after); !is {
		return nil
	}
	return []evidence.PublicKey{after}
}

// Follow takes in a statement that comes behind the end of the log, as Take does.
func (t *Trust) Follow(s Signed) ([]evidence.PublicKey, error) { return t.state(s, Everything-1) }

// Know takes in a statement from elsewhere than the log, which may have the same,
// older ones or newer ones: any root that was given may have signed it. What it
// revokes is revoked for what bears a time from which it is so. It fails with
// UntrustedKey when none of the roots signed it, and else as Take.
func (t *Trust) Know(signed Signed) (Statement, error) {
	s, err := signed.Read()
	if err != nil {
		return Statement{}, err
	}
	i := slices.IndexFunc(t.ever, func(k evidence.PublicKey) bool { return k.ID() == signed.Root })
	switch {
	case s.Agency != t.agency:
		return Statement{}, evidence.Errorf(evidence.Malformed, "a statement of keys is of another agency, %s", s.Agency)
	case i < 0:
		return Statement{}, evidence.Errorf(evidence.UntrustedKey, "a statement of keys is signed by %s, which is no trusted root", signed.Root)
	}
	if err := signed.verify(t.ever[i]); err != nil {
		return Statement{}, err
	}
	_, err = t.takeKeys(s, Everything-1)
	return s, err
}

// Had says that an entry at an index, which is not read again, holds a statement
// with that number of a root, which revokes these keys.
func (t *Trust) Had(root string, serial, index int64, revoked []string) {
	if !slices.ContainsFunc(t.ever, func(k evidence.PublicKey) bool { return k.ID() == root }) {
		return
	}
	t.serial = max(t.serial, serial)
	for _, id := range revoked {
		if k, ok := t.keys[id]; ok {
			k.behind = min(k.behind, index)
		}
	}
}

// state takes in a statement that stands at an index.
func (t *Trust) state(signed Signed, index int64) (learned []evidence.PublicKey, err error) {
	s, err := signed.Read()
	if err != nil {
		return nil, err
	}
	if s.Agency != t.agency {
		return nil, evidence.Errorf(evidence.Malformed, "a statement of keys is of another agency, %s", s.Agency)
	}
	i := slices.IndexFunc(t.roots, func(k evidence.PublicKey) bool { return k.ID() == signed.Root })
	if i < 0 {
		return nil, nil
	}
	if err := signed.verify(t.roots[i]); err != nil {
		return nil, err
	}
	if s.Serial <= t.serial {
		return nil, evidence.Errorf(evidence.Tampered, "the statement of keys number %d comes after number %d: an older one was put over a newer one", s.Serial, t.serial)
	}
	t.serial, t.at = s.Serial, s.At
	if s.Next != "" {
		next, err := parseKey(s.Next)
		if err != nil {
			return nil, err
		}
		t.roots, t.ever = []evidence.PublicKey{next}, append(t.ever, next)
	}
	return t.takeKeys(s, index)
}

// takeKeys takes in the keys of a statement at an index.
func (t *Trust) takeKeys(s Statement, index int64) (learned []evidence.PublicKey, err error) {
	for _, k := range s.Keys {
		key, err := parseKey(k.Key)
		if err != nil {
			return nil, err
		}
		known, is := t.add(key)
		if is {
			known.from, learned = k.From, append(learned, key)
		}
		known.take(k, index)
	}
	return learned, nil
}

// take takes in what a statement at an index says of a key. Of several, the
// earliest instants count.
func (k *trusted) take(s StatedKey, index int64) {
	if s.From.Time().Before(k.from.Time()) {
		k.from = s.From
	}
	if s.Revoked == nil {
		return
	}
	k.behind = min(k.behind, index)
	if k.ends.IsZero() || s.Revoked.From.Time().Before(k.ends.Time()) {
		k.ends = s.Revoked.From
	}
}

// For returns the keys that count for a role at an index of the log, in the order
// of their names: of heads, that is how many entries they cover. For(role, 0) are
// all that count or counted.
func (t *Trust) For(role Role, index int64) []evidence.PublicKey {
	var keys []evidence.PublicKey
	for _, k := range t.keys {
		if k.role == role && k.behind >= index {
			keys = append(keys, k.key)
		}
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// compareKeys orders keys by name, versions of one key by number.
func compareKeys(a, b evidence.PublicKey) int {
	an, av := VersionOf(a.Name)
	bn, bv := VersionOf(b.Name)
	return cmp.Or(cmp.Compare(an, bn), cmp.Compare(av, bv), cmp.Compare(a.ID(), b.ID()))
}

// Counts returns the key of that ID when it counts for a role at an index of the
// log, for what bears that time, and else fails with UntrustedKey.
func (t *Trust) Counts(id string, role Role, index int64, at evidence.Instant) (evidence.PublicKey, error) {
	k, ok := t.keys[id]
	if !ok || k.role != role {
		return evidence.PublicKey{}, evidence.Errorf(evidence.UntrustedKey, "%s is no trusted key of the agency's %s", id, role)
	}
	return k.key, t.Ended(id, index, at)
}

// Ended returns an UntrustedKey error when statements say that a key, which may be
// a person's, does not count at an index of the log, or at a time.
func (t *Trust) Ended(id string, index int64, at evidence.Instant) error {
	k, ok := t.keys[id]
	switch {
	case !ok:
		return nil
	case k.behind < index:
		return evidence.Errorf(evidence.UntrustedKey, "the key %s was revoked before this entry, at %d", id, k.behind)
	case !k.ends.IsZero() && !at.Time().Before(k.ends.Time()):
		return evidence.Errorf(evidence.UntrustedKey, "the key %s was revoked from %s on", id, k.ends)
	case !k.from.IsZero() && at.Time().Before(k.from.Time()):
		return evidence.Errorf(evidence.UntrustedKey, "the key %s signs from %s on, and no earlier", id, k.from)
	default:
		return nil
	}
}

// Knows reports whether a key, or a root, counts or counted.
func (t *Trust) Knows(k evidence.PublicKey) bool {
	known, ok := t.keys[k.ID()]
	return ok && known.key.Equal(k) || slices.ContainsFunc(t.ever, k.Equal)
}

// States reports whether a statement names this very key.
func (t *Trust) States(k evidence.PublicKey) bool {
	known, ok := t.keys[k.ID()]
	return ok && t.rooted && known.key.Equal(k)
}
