package clerk

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// KeySource gives the public keys of a signer, every version, oldest first.
type KeySource interface {
	PublicKeys(ctx context.Context) ([]evidence.PublicKey, error)
}

// Directory says who people are and which keys they have, as Vault knows them.
// Package vault implements it.
type Directory interface {
	// Person returns the name and the roles of somebody; NotFound for nobody.
	Person(ctx context.Context, p evidence.PersonID) (evidence.Person, error)
	// PersonKeys returns every version, oldest first, none for somebody who never
	// signed in.
	PersonKeys(ctx context.Context, p evidence.PersonID) ([]evidence.PublicKey, error)
}

// ownPeople is a Directory without the keys that are not, by their names, of the
// agency and of the person who is asked for.
type ownPeople struct {
	Directory
	agency string
}

// PersonKeys implements Directory.
func (d ownPeople) PersonKeys(ctx context.Context, p evidence.PersonID) ([]evidence.PublicKey, error) {
	keys, err := d.Directory.PersonKeys(ctx, p)
	return ownKeys(d.agency, attest.RolePerson, p, keys), err
}

// ownKeys returns those of the keys that are, by their names, of the agency, for
// that purpose, and of that person if any. No other agency signs for this one,
// also where it is trusted.
func ownKeys(agency string, role attest.Role, person evidence.PersonID, keys []evidence.PublicKey) []evidence.PublicKey {
	return slices.DeleteFunc(attest.KeysOf(agency, keys), func(k evidence.PublicKey) bool {
		is, whose, _ := attest.RoleOf(k.Name)
		return is != role || whose != person
	})
}

// keySet is the agency's public keys that count. They are kept apart: whoever may
// sign heads of logs may not thereby seal items, nor act as the machine.
type keySet struct {
	root              []evidence.PublicKey // none where the agency has no root
	log, seal, worker []evidence.PublicKey
	stated            *attest.Signed   // with a root: its newest statement
	said              attest.Statement // what that says
}

func (k keySet) all() []evidence.PublicKey { return slices.Concat(k.root, k.log, k.seal, k.worker) }

// keyRing remembers public keys, so that what was signed can be checked while
// the signer cannot be reached.
type keyRing struct {
	mu   sync.Mutex
	keys keySet
	read time.Time // when
}

// known returns the keys as they were last read; ok is false before.
func (k *keyRing) known() (keys keySet, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.keys, k.keys.log != nil
}

// Keys returns the root, where the agency has one, and the public keys of
// checkpoints, of seals and of the machine's acts, every version that counts. They
// are public; no actor is needed.
func (s *Agency) Keys(ctx context.Context) ([]evidence.PublicKey, error) {
	keys, err := s.currentKeys(ctx)
	return keys.all(), err
}

// currentKeys reads the keys and, with a root, what it states.
func (s *Agency) currentKeys(ctx context.Context) (keySet, error) {
	keys, err := s.vaultKeys(ctx)
	if err == nil {
		err = s.onlyStated(ctx, &keys)
	}
	if err != nil {
		return keySet{}, err
	}
	s.keys.mu.Lock()
	defer s.keys.mu.Unlock()
	s.keys.keys, s.keys.read = keys, s.clock()
	return keys, nil
}

// VaultKeys returns the agency's public keys as Vault has them, every version,
// whether or not a root states it.
func (s *Agency) VaultKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	keys, err := s.vaultKeys(ctx)
	return keys.all(), err
}

func (s *Agency) vaultKeys(ctx context.Context) (keys keySet, err error) {
	for _, k := range []struct {
		to   *[]evidence.PublicKey
		role attest.Role
		from KeySource
	}{{&keys.log, attest.RoleLog, s.logKey}, {&keys.seal, attest.RoleSeal, s.sealKey}, {&keys.worker, attest.RoleWorker, s.workerKeys}} {
		list, err := k.from.PublicKeys(ctx)
		if err != nil {
			return keySet{}, err
		}
		*k.to = ownKeys(s.origin, k.role, "", list)
	}
	return keys, nil
}

// Trusted returns the public keys, as last known when they cannot be read now.
func (s *Agency) Trusted(ctx context.Context) ([]evidence.PublicKey, error) {
	keys, err := s.knownKeys(ctx)
	return keys.all(), err
}

// knownKeys is Trusted with the keys for each purpose apart.
func (s *Agency) knownKeys(ctx context.Context) (keySet, error) {
	keys, err := s.currentKeys(ctx)
	if err == nil {
		return keys, nil
	}
	if known, ok := s.keys.known(); ok {
		return known, nil
	}
	return keySet{}, err
}

// Trust returns by which keys a log is believed that is read from its beginning, as
// last known when they cannot be read now.
func (s *Agency) Trust(ctx context.Context) (*attest.Trust, error) {
	keys, err := s.knownKeys(ctx)
	return keys.trust(s.origin), err
}
