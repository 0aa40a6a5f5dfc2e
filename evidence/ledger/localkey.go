package ledger

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/sealcase/sealcase/evidence"
)

// LocalKey is a LocalSigner that can be rotated: its versions are named
// "name/v1", "name/v2" and so on. It is for tests and golden bundles, too.
type LocalKey struct {
	name string
	seed [ed25519.SeedSize]byte

	mu       sync.Mutex
	versions []*LocalSigner
}

var _ evidence.Signer = (*LocalKey)(nil)

// NewLocalKey returns a key of one version. All its versions are functions of
// name and seed; the first is that of NewLocalSigner(name+"/v1", seed).
func NewLocalKey(name string, seed [ed25519.SeedSize]byte) *LocalKey {
	k := &LocalKey{name: name, seed: seed}
	k.Rotate()
	return k
}

// Rotate adds a version, with which Sign signs from then on.
func (k *LocalKey) Rotate() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.versions = append(k.versions, NewLocalSigner(fmt.Sprintf("%s/v%d", k.name, len(k.versions)+1), k.seed))
	k.seed = sha256.Sum256(k.seed[:])
}

// Sign implements evidence.Signer with the newest version.
func (k *LocalKey) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	return k.newest().Sign(ctx, messages...)
}

func (k *LocalKey) newest() *LocalSigner {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.versions[len(k.versions)-1]
}

// SignVersion signs with one version, counted from 1, or fails with NotFound.
func (k *LocalKey) SignVersion(ctx context.Context, version int, message []byte) (evidence.Signature, error) {
	k.mu.Lock()
	versions := k.versions
	k.mu.Unlock()
	if version < 1 || version > len(versions) {
		return evidence.Signature{}, evidence.Errorf(evidence.NotFound, "%s has no version %d", k.name, version)
	}
	signed, err := versions[version-1].Sign(ctx, message)
	if err != nil {
		return evidence.Signature{}, err
	}
	return signed[0], nil
}

// PublicKeys implements evidence.Signer.
func (k *LocalKey) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	keys := make([]evidence.PublicKey, len(k.versions))
	for i, v := range k.versions {
		keys[i] = v.public
	}
	return keys, nil
}
