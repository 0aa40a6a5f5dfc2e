package attest

import (
	"encoding/base64"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Checker checks the signatures of the entries of one log, given in order. It
// learns people's keys from the log's roster entries, and believes acts of the
// machine, rosters among them, only by worker keys that count (Trust). It looks at
// the keys of one agency only: none signs for another, also where both are trusted.
//
// A log may begin with a roster by a worker key of which only a later entry
// speaks, where the case was opened after a rotation. Whoever has the whole log
// has its Trust take in the entries about the agency's keys first.
type Checker struct {
	trust      *Trust
	people     map[string]evidence.PublicKey // by ID, from rosters
	keyed      map[evidence.PersonID]bool    // whom a roster gave a key
	introduced map[string]evidence.PublicKey // by ID: people's keys that their older ones introduced
	good       map[signed]struct{}           // what was verified already, up to maxGood
	climber    ledger.Climber                // of the entries of batches
}

// maxGood is how many verified batches a Checker remembers. The entries of a
// batch stand close together, mixed with those of a few other processes.
const maxGood = 1024

// signed is a signature of a text by a key, all in one comparable value.
type signed struct {
	key  string
	size int64
	root ledger.Hash
	sig  [signatureLength]byte
}

// NewAgencyChecker returns a Checker for a log of an agency, as the names of its
// keys begin (AgencyOf), by whoever trusts these keys (NewTrust).
func NewAgencyChecker(agency string, trusted []evidence.PublicKey) *Checker {
	return NewChecker(NewTrust(agency, trusted))
}

// NewChecker returns a Checker that believes what counts by t, which it has take
// in the entries that it checks.
func NewChecker(t *Trust) *Checker {
	return &Checker{
		trust: t, people: map[string]evidence.PublicKey{}, good: map[signed]struct{}{},
		keyed: map[evidence.PersonID]bool{}, introduced: map[string]evidence.PublicKey{},
	}
}

// Trust returns by which keys of the agency the Checker believes.
func (c *Checker) Trust() *Trust { return c.trust }

// Believe has another Trust count for what is checked from now on.
func (c *Checker) Believe(t *Trust) { c.trust = t }

// Check returns nil when raw, the canonical bytes of e at an index of the log,
// carries a good signature of its actor: the person's own by a key that an earlier
// roster gives them, or the worker's, which counts there. It fails with Malformed
// (not signed, or not by rule; a statement of keys that cannot be read), with
// UntrustedKey (a worker key that does not count, a person's key that no roster
// gives or that is revoked), and with Tampered (the signature is not good, or is
// somebody else's; a person bears a name of the machine's, or did what only the
// machine does; a roster gives somebody another key that neither theirs introduced
// nor a root stated; a key entry does not prove itself; a statement of keys is not
// its root's, or older than one before).
func (c *Checker) Check(index int64, e evidence.Entry, raw []byte) error {
	if e.Signature == nil {
		return evidence.Errorf(evidence.Malformed, "the entry is not signed")
	}
	if err := checkActor(e); err != nil {
		return err
	}
	// Before its own signature: it may be by the new version, and proves itself.
	if err := c.aboutKeys(index, e); err != nil {
		return err
	}
	key, err := c.keyOf(index, e)
	if err != nil {
		return err
	}
	if err := c.verify(*e.Signature, raw, key); err != nil {
		return err
	}
	if e.Act == evidence.ActRoster {
		return c.learn(e)
	}
	return nil
}

// keyOf returns the key that the entry is signed with, if its actor may.
func (c *Checker) keyOf(index int64, e evidence.Entry) (evidence.PublicKey, error) {
	id := e.Signature.Key
	if e.Actor.Service {
		k, err := c.trust.Counts(id, RoleWorker, index, e.At)
		if err != nil {
			err = evidence.WrapError(evidence.UntrustedKey, err, "an act of the machine is signed with %s, which is no trusted key of the worker here: %s", id, evidence.MessageOf(err))
		}
		return k, err
	}
	k, ok := c.people[id]
	if !ok {
		return evidence.PublicKey{}, evidence.Errorf(evidence.UntrustedKey, "an act of %s is signed with %s, which no roster before it names", e.Actor.ID, id)
	}
	if _, person, _ := RoleOf(k.Name); person != e.Actor.ID {
		return evidence.PublicKey{}, evidence.Errorf(evidence.Tampered, "an act of %s is signed by %s", e.Actor.ID, person)
	}
	return k, c.trust.Ended(id, index, e.At)
}

func (c *Checker) verify(s evidence.EntrySignature, raw []byte, key evidence.PublicKey) error {
	size, root, err := headOf(s, raw, &c.climber)
	if err != nil {
		return err
	}
	id := signed{s.Key, size, root, [signatureLength]byte(s.Bytes)}
	if _, ok := c.good[id]; ok {
		return nil
	}
	if err := verifyHead(s, size, root, key); err != nil {
		return err
	}
	if size > 1 { // the others of the batch come next
		if len(c.good) >= maxGood {
			clear(c.good)
		}
		c.good[id] = struct{}{}
	}
	return nil
}

// Verify returns nil when s, the signature of an entry whose canonical bytes are
// raw, is a good one by key. It fails with Malformed or Tampered. Whether key is
// whose it should be is the caller's question; a Checker answers it.
func Verify(s evidence.EntrySignature, raw []byte, key evidence.PublicKey) error {
	size, root, err := headOf(s, raw, &ledger.Climber{})
	if err != nil {
		return err
	}
	return verifyHead(s, size, root, key)
}

func verifyHead(s evidence.EntrySignature, size int64, root ledger.Hash, key evidence.PublicKey) error {
	if s.Key != key.ID() || !key.Verify(Text(size, root), s.Bytes) {
		return evidence.Errorf(evidence.Tampered, "the entry's signature by %s is not good: the entry was changed after signing, or never signed", s.Key)
	}
	return nil
}

// headOf returns the head of the batch that the entry was signed in, as the
// entry and its path give it.
func headOf(s evidence.EntrySignature, raw []byte, climber *ledger.Climber) (size int64, root ledger.Hash, err error) {
	if len(s.Bytes) != signatureLength {
		return 0, root, evidence.Errorf(evidence.Malformed, "the entry's signature does not have %d bytes", signatureLength)
	}
	before, after, err := aroundSignature(raw)
	if err != nil {
		return 0, root, err
	}
	leaf := ledger.LeafHash(before, after)
	if s.Size == 0 && s.Index == 0 && len(s.Path) == 0 {
		return 1, leaf, nil
	}
	if s.Size < 2 || s.Size > MaxBatch || s.Index < 0 || s.Index >= s.Size {
		return 0, root, evidence.Errorf(evidence.Malformed, "the entry's place among those signed with it cannot be")
	}
	root, err = climber.Root(leaf, s.Index, s.Size, s.Path)
	return s.Size, root, err
}

// KeyText returns the bytes that the old and the new version of a key both sign
// when the new one begins: three lines, "sealcase/key/v1", and the two keys as
// "name+hash+base64". For the first version old is the same as new.
func KeyText(before, after evidence.PublicKey) []byte {
	return []byte("sealcase/key/v1\n" + before.VKey() + "\n" + after.VKey() + "\n")
}

// CheckKey returns nil when the details of a key entry carry good signatures of
// KeyText by both versions, and both names are of the same key, the later one of
// a higher version. It returns the two versions, or fails with Malformed or
// Tampered.
func CheckKey(details map[string]string) (before, after evidence.PublicKey, err error) {
	if before, err = parseKey(details[DetailOld]); err == nil {
		after, err = parseKey(details[DetailNew])
	}
	if err != nil {
		return before, after, evidence.WrapError(evidence.Malformed, err, "a key entry does not name two keys")
	}
	oldName, oldVersion := VersionOf(before.Name)
	newName, newVersion := VersionOf(after.Name)
	if role, _, ok := RoleOf(before.Name); !ok || role == RoleRoot || oldName != newName || newVersion < oldVersion || newVersion == oldVersion && !before.Equal(after) {
		return before, after, evidence.Errorf(evidence.Malformed, "a key entry does not name an older and a newer version of one key")
	}
	text := KeyText(before, after)
	for name, key := range map[string]evidence.PublicKey{DetailOldSig: before, DetailNewSig: after} {
		sig, err := base64.StdEncoding.DecodeString(details[name])
		inOnePiece := err == nil && base64.StdEncoding.EncodeToString(sig) == details[name] // base64 passes over line breaks
		if !inOnePiece || !key.Verify(text, sig) {
			return before, after, evidence.Errorf(evidence.Tampered, "a key entry is not signed by %s", key.ID())
		}
	}
	return before, after, nil
}
