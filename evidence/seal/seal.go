// Package seal makes and opens the seals of items: a statement, signed by the
// agency's seal key, that these bytes with this digest came into this case at
// this time and are locked until then. It lies beside the bytes and is locked
// as they are, so that the storage alone proves itself.
//
// A seal is a DSSE envelope (https://github.com/secure-systems-lab/dsse, v1.0.2)
// whose payload is the canonical JSON of a Statement. The envelope is canonical
// as well: there is one way to write it, and Open accepts no other. The package
// is pure; signing itself is done by the evidence.Signer that it is given.
package seal

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
)

const (
	// PayloadType is the DSSE payload type of a seal.
	PayloadType = "application/vnd.sealcase.seal+json"
	// StatementType is the "type" of a Statement, with its version.
	StatementType = "sealcase/seal/v1"
)

// envelope is the JSON of a DSSE envelope. A seal has one signature.
type envelope struct {
	Payload     []byte      `json:"payload"`
	PayloadType string      `json:"payloadType"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// Sign returns one envelope a statement, in their order, with one call of
// signer for all. It fails with Invalid when a statement lacks what it must
// have, with Internal when a signature is not good, and with what signer fails
// with.
func Sign(ctx context.Context, signer evidence.Signer, statements ...Statement) ([][]byte, error) {
	if len(statements) == 0 {
		return nil, nil
	}
	payloads := make([][]byte, len(statements))
	messages := make([][]byte, len(statements))
	for i, s := range statements {
		if problem := s.problem(); problem != "" {
			return nil, evidence.Errorf(evidence.Invalid, "item %s cannot be sealed: %s", s.Item, problem)
		}
		payload, err := canon.Marshal(s)
		if err != nil {
			return nil, fmt.Errorf("writing the statement on item %s: %w", s.Item, err)
		}
		payloads[i], messages[i] = payload, pae(PayloadType, payload)
	}
	signatures, err := signer.Sign(ctx, messages...)
	if err != nil {
		return nil, fmt.Errorf("signing %d seals: %w", len(messages), err)
	}
	if len(signatures) != len(messages) {
		return nil, evidence.Errorf(evidence.Internal, "the signer returned %d signatures for %d seals", len(signatures), len(messages))
	}
	envelopes := make([][]byte, len(statements))
	for i, s := range signatures {
		if !s.Key.Verify(messages[i], s.Bytes) {
			return nil, evidence.Errorf(evidence.Internal, "the signer did not return a good signature of the seal of item %s", statements[i].Item)
		}
		envelopes[i], err = canon.Marshal(envelope{
			Payload: payloads[i], PayloadType: PayloadType,
			Signatures: []signature{{KeyID: s.Key.ID(), Sig: s.Bytes}},
		})
		if err != nil {
			return nil, fmt.Errorf("writing the seal of item %s: %w", statements[i].Item, err)
		}
	}
	return envelopes, nil
}

// Open reads an envelope and returns its statement and the trusted key that
// signed it. It fails with Malformed when the envelope or its statement is not,
// byte for byte, what Sign writes, with UntrustedKey when it names no trusted
// key, and with Tampered when the signature is not good.
func Open(sealed []byte, trusted []evidence.PublicKey) (Statement, evidence.PublicKey, error) {
	var e envelope
	if err := canon.Unmarshal(sealed, &e); err != nil {
		return Statement{}, evidence.PublicKey{}, evidence.WrapError(evidence.Malformed, err, "not a seal: no canonical DSSE envelope")
	}
	if e.PayloadType != PayloadType || len(e.Signatures) != 1 {
		return Statement{}, evidence.PublicKey{}, evidence.Errorf(evidence.Malformed, "not a seal: another payload type, or not one signature")
	}
	key, err := e.verify(trusted)
	if err != nil {
		return Statement{}, evidence.PublicKey{}, err
	}
	var s Statement
	if err := canon.Unmarshal(e.Payload, &s); err != nil {
		return Statement{}, evidence.PublicKey{}, evidence.WrapError(evidence.Malformed, err, "the seal holds no canonical statement")
	}
	if problem := s.problem(); problem != "" {
		return Statement{}, evidence.PublicKey{}, evidence.Errorf(evidence.Malformed, "the seal's statement is not complete: %s", problem)
	}
	return s, key, nil
}

// OpenBy is Open by the keys that count at an index of the item's log: where the log
// names the seal. It fails with UntrustedKey also for a seal of a time at which its
// key does not count.
func OpenBy(sealed []byte, by *attest.Trust, index int64) (Statement, evidence.PublicKey, error) {
	s, key, err := Open(sealed, by.For(attest.RoleSeal, index))
	if err == nil {
		err = by.Ended(key.ID(), index, s.SealedAt)
	}
	return s, key, err
}

// verify returns the trusted key that signed e.
func (e envelope) verify(trusted []evidence.PublicKey) (evidence.PublicKey, error) {
	message, line := pae(e.PayloadType, e.Payload), e.Signatures[0]
	named := false
	for _, k := range trusted {
		if k.ID() != line.KeyID {
			continue
		}
		if named = true; k.Verify(message, line.Sig) {
			return k, nil
		}
	}
	if named {
		return evidence.PublicKey{}, evidence.Errorf(evidence.Tampered, "the seal's signature is not good: it was changed after signing")
	}
	return evidence.PublicKey{}, evidence.Errorf(evidence.UntrustedKey, "the seal is signed by %q, which is not a trusted key", evidence.FileName(line.KeyID).Display())
}
