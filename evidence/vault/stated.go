package vault

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// statedName is where the newest statement of the root lies in its mount.
const statedName = "stated"

// Statement returns the text of the newest statement of the agency's root about its
// keys, or NotFound while none was installed. Vault keeps it; who believes it checks
// the root's signature.
func (c *Client) Statement(ctx context.Context) (text []byte, err error) {
	err = c.asService(ctx, func(client *api.Client) error {
		text, err = ReadStatement(ctx, client, c.layout)
		return err
	})
	return text, err
}

// ReadStatement is Client.Statement with a client that shows a token.
func ReadStatement(ctx context.Context, client *api.Client, l Layout) ([]byte, error) {
	secret, err := client.Logical().ReadWithContext(ctx, l.Stated+"/"+statedName)
	if err != nil {
		return nil, translate(err, "reading what the root states")
	}
	if secret == nil {
		return nil, evidence.Errorf(evidence.NotFound, "No statement of the root was installed.")
	}
	var data struct {
		Statement string `json:"statement"`
	}
	if err := decode(secret, &data); err != nil {
		return nil, err
	}
	return []byte(data.Statement), nil
}

// InstallStatement has Vault keep a statement in the place of the one before, with
// an administrator's token.
func InstallStatement(ctx context.Context, admin *api.Client, l Layout, text []byte) error {
	_, err := admin.Logical().WriteWithContext(ctx, l.Stated+"/"+statedName, map[string]any{"statement": string(text)})
	return translate(err, "installing a statement of the root")
}

// Made is a version of a key of the agency and when Vault made it.
type Made struct {
	Key evidence.PublicKey
	At  time.Time
}

// AgencyKeys returns every version of the agency's keys that sign and act, with an
// administrator's token. It fails with Conflict for a key that may have been copied.
func AgencyKeys(ctx context.Context, admin *api.Client, l Layout, origin string) ([]Made, error) {
	var list []Made
	for _, name := range agencyKeys() {
		data, err := readKeyData(ctx, admin, l.Transit, name)
		if err != nil {
			return nil, err
		}
		if data.couldLeave() {
			return nil, evidence.Errorf(evidence.Conflict, messageLeft, name)
		}
		versions, err := data.versions(name)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			list = append(list, Made{v.named(origin + "/" + name), v.created})
		}
	}
	return list, nil
}

// NewRoot makes the root of the agency in Vault, where only administrators may use
// it, unless it is there, and returns its newest version.
func NewRoot(ctx context.Context, admin *api.Client, l Layout, origin string) (evidence.PublicKey, error) {
	_, err := admin.Logical().WriteWithContext(ctx, l.Transit+"/keys/"+KeyRoot, map[string]any{
		"type": "ed25519", "exportable": false, "allow_plaintext_backup": false,
	})
	if err != nil {
		return evidence.PublicKey{}, translate(err, "making the root in Vault")
	}
	root, err := RootSigner(ctx, admin, l, origin)
	return root.key, err
}

// Root signs with the root that an administrator may use in Vault.
type Root struct {
	admin  *api.Client
	layout Layout
	key    evidence.PublicKey
}

// RootSigner returns the signer of the agency's root in Vault. It fails with
// NotFound where the root is not kept there.
func RootSigner(ctx context.Context, admin *api.Client, l Layout, origin string) (*Root, error) {
	data, err := readKeyData(ctx, admin, l.Transit, KeyRoot)
	if err != nil {
		return &Root{}, err
	}
	versions, err := data.versions(KeyRoot)
	if err != nil || len(versions) == 0 || data.couldLeave() {
		return &Root{}, evidence.WrapError(evidence.Conflict, err, "The root in Vault may have been copied, or cannot be read. Make another one.")
	}
	return &Root{admin, l, versions[len(versions)-1].named(origin + "/" + KeyRoot)}, nil
}

// Sign implements evidence.Signer.
func (r *Root) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	signed := make([]evidence.Signature, len(messages))
	for i, m := range messages {
		secret, err := r.admin.Logical().WriteWithContext(ctx, r.layout.Transit+"/sign/"+KeyRoot, map[string]any{"input": base64.StdEncoding.EncodeToString(m)})
		if err != nil {
			return nil, translate(err, "signing with the root")
		}
		var answer batchResult
		if err := decode(secret, &answer); err != nil {
			return nil, err
		}
		_, raw, err := parseSignature(answer.Signature)
		if err != nil {
			return nil, err
		}
		if signed[i] = (evidence.Signature{Key: r.key, Bytes: raw}); !r.key.Verify(m, raw) {
			return nil, evidence.Errorf(evidence.Internal, "Vault signed with another version of the root than its newest")
		}
	}
	return signed, nil
}

// PublicKeys implements evidence.Signer.
func (r *Root) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	return []evidence.PublicKey{r.key}, nil
}
