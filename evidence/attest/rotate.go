package attest

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// VersionSigner is a Signer that can still sign with an older version of its
// key, which it takes to introduce a newer one.
type VersionSigner interface {
	evidence.Signer
	// SignVersion signs with that version, counted from 1. It fails with NotFound
	// where there is none, and else as Sign.
	SignVersion(ctx context.Context, version int, message []byte) (evidence.Signature, error)
}

// VersionOf takes the name of a key version apart: "agency.example/log/v3" is
// version 3 of "agency.example/log". The version is 0 for a name without one.
func VersionOf(name string) (key string, version int) {
	i := strings.LastIndex(name, "/")
	if i < 0 || !isVersion(name[i+1:]) {
		return name, 0
	}
	n, err := strconv.Atoi(name[i+2:])
	if err != nil {
		return name, 0
	}
	return name[:i], n
}

// Introduce returns the details of a key entry with which the version before of
// the signer's key introduces the version after. It fails with Invalid for keys
// that are not versions of one key in this order, with Internal when the signer
// signs with another, and with what the signer fails with.
func Introduce(ctx context.Context, signer VersionSigner, before, after evidence.PublicKey) (map[string]string, error) {
	details := map[string]string{DetailOld: before.VKey(), DetailNew: after.VKey()}
	text := KeyText(before, after)
	for name, key := range map[string]evidence.PublicKey{DetailOldSig: before, DetailNewSig: after} {
		_, version := VersionOf(key.Name)
		signed, err := signer.SignVersion(ctx, version, text)
		if err != nil {
			return nil, fmt.Errorf("introducing %s: %w", after.ID(), err)
		}
		if !signed.Key.Equal(key) {
			return nil, evidence.Errorf(evidence.Internal, "the signer signed with %s instead of %s", signed.Key.ID(), key.ID())
		}
		details[name] = base64.StdEncoding.EncodeToString(signed.Bytes)
	}
	if _, _, err := CheckKey(details); err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "%s cannot introduce %s", before.ID(), after.ID())
	}
	return details, nil
}

// OfVersion returns a signer that signs with one version of the signer's key
// only, and names no other.
func OfVersion(signer VersionSigner, key evidence.PublicKey) evidence.Signer {
	return ofVersion{signer, key}
}

type ofVersion struct {
	signer VersionSigner
	key    evidence.PublicKey
}

// Sign implements evidence.Signer.
func (s ofVersion) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	_, version := VersionOf(s.key.Name)
	signed := make([]evidence.Signature, len(messages))
	for i, m := range messages {
		var err error
		if signed[i], err = s.signer.SignVersion(ctx, version, m); err != nil {
			return nil, err
		}
	}
	return signed, nil
}

// PublicKeys implements evidence.Signer.
func (s ofVersion) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	return []evidence.PublicKey{s.key}, nil
}
