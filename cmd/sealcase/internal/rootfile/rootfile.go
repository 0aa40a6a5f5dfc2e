// Package rootfile keeps an agency's root key in a file: an OpenSSH private key
// (PROTOCOL.key), encrypted with a passphrase by bcrypt and AES-256, below a line
// with its public key. ssh-keygen -p gives it another passphrase.
package rootfile

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"

	"github.com/sealcase/sealcase/evidence"
)

// minPassphrase is the shortest passphrase of a new root, in bytes.
const minPassphrase = 12

// New makes a root of that name in a file of mode 0600, which must not be there yet,
// and returns its public key. It fails with Invalid for a short passphrase and with
// Conflict for a file that is there.
func New(path, name, passphrase string) (evidence.PublicKey, error) {
	if len(passphrase) < minPassphrase {
		return evidence.PublicKey{}, evidence.Errorf(evidence.Invalid, "the passphrase of a root has %d characters at least", minPassphrase)
	}
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return evidence.PublicKey{}, fmt.Errorf("making a root: %w", err)
	}
	key := evidence.PublicKey{Name: name, Key: public}
	if _, err := evidence.ParseVKey(key.VKey()); err != nil {
		return evidence.PublicKey{}, evidence.WrapError(evidence.Invalid, err, "%q cannot be the name of a root", name)
	}
	block, err := ssh.MarshalPrivateKeyWithPassphrase(private, name, []byte(passphrase))
	if err != nil {
		return evidence.PublicKey{}, fmt.Errorf("encrypting a root: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return evidence.PublicKey{}, evidence.WrapError(evidence.Conflict, err, "the file of the root cannot be made; one that is there is not replaced")
	}
	_, err = file.Write(append([]byte(key.VKey()+"\n"), pem.EncodeToMemory(block)...))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return evidence.PublicKey{}, fmt.Errorf("writing %s: %w", path, err)
	}
	return key, nil
}

// Root signs with the key of a file.
type Root struct {
	key     evidence.PublicKey
	private ed25519.PrivateKey
}

// Open returns the signer of a root's file. It fails with NotFound, with Malformed
// for what is no such file, and with Forbidden for another passphrase.
func Open(path, passphrase string) (*Root, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, evidence.WrapError(evidence.NotFound, err, "the file of the root cannot be read")
	}
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	key, err := evidence.ParseVKey(string(line))
	if err != nil {
		return nil, evidence.WrapError(evidence.Malformed, err, "this is no file of a root: its first line is no public key")
	}
	parsed, err := ssh.ParseRawPrivateKeyWithPassphrase(rest, []byte(passphrase))
	if err != nil {
		return nil, evidence.WrapError(evidence.Forbidden, err, "the root does not open: another passphrase, or a damaged file")
	}
	private, ok := parsed.(*ed25519.PrivateKey)
	if !ok || !key.Key.Equal(private.Public()) {
		return nil, evidence.Errorf(evidence.Malformed, "the file of the root has another key than its first line says")
	}
	return &Root{key, *private}, nil
}

// Sign implements evidence.Signer.
func (r *Root) Sign(_ context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	signed := make([]evidence.Signature, len(messages))
	for i, m := range messages {
		signed[i] = evidence.Signature{Key: r.key, Bytes: ed25519.Sign(r.private, m)}
	}
	return signed, nil
}

// PublicKeys implements evidence.Signer.
func (r *Root) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	return []evidence.PublicKey{r.key}, nil
}
