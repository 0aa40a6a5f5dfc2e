package app

import (
	"context"
	"os"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/vault"
)

// Roots returns the agency's root: none where there is none. It fails with Invalid
// for what is no key, and for a key that is no root of the installation.
func (c Config) Roots() ([]evidence.PublicKey, error) {
	if c.Root == "" {
		return nil, nil
	}
	text := []byte(c.Root)
	if _, err := evidence.ParseVKey(c.Root); err != nil {
		if text, err = os.ReadFile(c.Root); err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "the root is neither a public key (name+hash+base64) nor a file that can be read")
		}
	}
	keys, err := evidence.ParseVKeys(text)
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the root cannot be read")
	}
	roots := attest.NewTrust(c.Origin, keys).Roots()
	if len(roots) != len(keys) {
		return nil, evidence.Errorf(evidence.Invalid, "a key that is given as the root is none of %s by its name", c.Origin)
	}
	return roots, nil
}

// VaultAt returns a client of Vault with an administrator's token, and where things
// lie there.
func (c Config) VaultAt() vault.Layout { return c.Vault.layout() }

// statements reads from Vault what the root states.
type statements struct{ vault *vault.Client }

// Stated implements clerk.Statements.
func (s statements) Stated(ctx context.Context) (attest.Signed, error) {
	text, err := s.vault.Statement(ctx)
	if err != nil {
		return attest.Signed{}, err
	}
	return attest.ReadSigned(text)
}
