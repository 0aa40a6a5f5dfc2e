package vault

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// keyVersion is the public half of one version of a transit key.
type keyVersion struct {
	number  int
	key     ed25519.PublicKey
	created time.Time
}

// keyring remembers the versions of one key. A version never changes, so only
// one that is not known is asked for.
type keyring struct {
	read func(context.Context) ([]keyVersion, error)

	mu    sync.Mutex
	known map[int]ed25519.PublicKey
}

func (k *keyring) version(ctx context.Context, number int) (ed25519.PublicKey, error) {
	if key := k.get(number); key != nil {
		return key, nil
	}
	if _, err := k.all(ctx); err != nil {
		return nil, err
	}
	if key := k.get(number); key != nil {
		return key, nil
	}
	return nil, evidence.Errorf(evidence.Internal, "Vault signed with version %d of a key and does not name its public key", number)
}

func (k *keyring) get(number int) ed25519.PublicKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.known[number]
}

// all reads every version, oldest first.
func (k *keyring) all(ctx context.Context) ([]keyVersion, error) {
	versions, err := k.read(ctx)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil {
		k.known = map[int]ed25519.PublicKey{}
	}
	for _, v := range versions {
		if before, ok := k.known[v.number]; ok && !before.Equal(v.key) {
			return nil, evidence.Errorf(evidence.Tampered, "version %d of a signing key in Vault is another key than before", v.number)
		}
		k.known[v.number] = v.key
	}
	return versions, nil
}

// keyPolicy is what Vault says of a transit key without its versions.
type keyPolicy struct {
	Type                 string `json:"type"`
	Exportable           bool   `json:"exportable"`
	AllowPlaintextBackup bool   `json:"allow_plaintext_backup"`
	DeletionAllowed      bool   `json:"deletion_allowed"`
	Imported             bool   `json:"imported_key"`
}

// keyData is what Vault says of a signing key.
type keyData struct {
	keyPolicy
	Keys map[string]keyDataPublic `json:"keys"`
}

type keyDataPublic struct {
	PublicKey string    `json:"public_key"`
	Created   time.Time `json:"creation_time"`
}

// couldLeave reports whether somebody may hold a copy of the key: it was brought
// into Vault from outside, Vault would give it out, or it is of another type than
// Vault makes for us. Vault forgets that a key was imported when it is rotated.
func (p keyPolicy) couldLeave(kind string) bool {
	return p.Imported || p.Type != kind || p.Exportable || p.AllowPlaintextBackup
}

func (d keyData) couldLeave() bool { return d.keyPolicy.couldLeave("ed25519") }

// versions returns every version of the key of that name, oldest first.
func (d keyData) versions(name string) ([]keyVersion, error) {
	versions := make([]keyVersion, 0, len(d.Keys))
	for number, public := range d.Keys {
		n, err := strconv.Atoi(number)
		raw, decodeErr := base64.StdEncoding.DecodeString(public.PublicKey)
		if err != nil || decodeErr != nil || len(raw) != ed25519.PublicKeySize {
			return nil, evidence.Errorf(evidence.Internal, "version %q of key %s in Vault is not an Ed25519 public key", number, name)
		}
		versions = append(versions, keyVersion{number: n, key: raw, created: public.Created})
	}
	slices.SortFunc(versions, func(a, b keyVersion) int { return a.number - b.number })
	return versions, nil
}

// readKeyData returns what Vault says of a transit key, or NotFound.
func readKeyData(ctx context.Context, client *api.Client, mount, name string) (keyData, error) {
	secret, err := client.Logical().ReadWithContext(ctx, mount+"/keys/"+name)
	if err != nil {
		return keyData{}, translate(err, "reading key %s", name)
	}
	if secret == nil {
		return keyData{}, evidence.Errorf(evidence.NotFound, "Vault has no key %q.", name)
	}
	var data keyData
	if err := decode(secret, &data); err != nil {
		return keyData{}, err
	}
	return data, nil
}
