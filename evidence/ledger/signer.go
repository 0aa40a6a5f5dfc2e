package ledger

import (
	"context"
	"crypto/ed25519"

	"github.com/sealcase/sealcase/evidence"
)

// LocalSigner is an Ed25519 key in memory: for tests and golden bundles. A
// real log is signed by a key that never leaves Vault (package vault).
type LocalSigner struct {
	public  evidence.PublicKey
	private ed25519.PrivateKey
}

var _ evidence.Signer = (*LocalSigner)(nil)

// NewLocalSigner returns the signer named name whose key is a function of seed
// only (RFC 8032).
func NewLocalSigner(name string, seed [ed25519.SeedSize]byte) *LocalSigner {
	private := ed25519.NewKeyFromSeed(seed[:])
	return &LocalSigner{
		public:  evidence.PublicKey{Name: name, Key: private.Public().(ed25519.PublicKey)},
		private: private,
	}
}

// Sign implements evidence.Signer. The same message always has the same
// signature.
func (s *LocalSigner) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	signatures := make([]evidence.Signature, len(messages))
	for i, m := range messages {
		signatures[i] = evidence.Signature{Key: s.public, Bytes: ed25519.Sign(s.private, m)}
	}
	return signatures, nil
}

// PublicKeys implements evidence.Signer: there is one version.
func (s *LocalSigner) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	return []evidence.PublicKey{s.public}, nil
}
