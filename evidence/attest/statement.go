package attest

import (
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// StatementType names the form of a Statement; it is the statement's "type".
const StatementType = "sealcase/keys/v1"

// Names of the details of an entry "keys-stated".
const (
	DetailStatement = "statement" // canonical JSON of a Statement
	DetailRoot      = "root"      // ID of the root that signed it, "name+hash"
	DetailRootSig   = "sig"       // its signature of StatementText, standard base64
)

// Statement is what a root says of the keys of its agency: every key version that
// signs or signed for it, and those that do not any more. A later statement has a
// higher serial number. What one states stays stated, and what one revokes stays
// revoked, whatever later ones leave out.
type Statement struct {
	Agency string           `json:"agency"` // as the names of its keys begin
	At     evidence.Instant `json:"at"`
	Keys   []StatedKey      `json:"keys"`
	Next   string           `json:"next,omitempty"` // "name+hash+base64" of the root by which alone later statements count
	Serial int64            `json:"serial"`         // from 1
	Type   string           `json:"type"`           // StatementType
}

// StatedKey is a key version that a root states.
type StatedKey struct {
	From    evidence.Instant `json:"from"` // what is signed with it and bears an earlier time is not by the agency
	Key     string           `json:"key"`  // "name+hash+base64": the name says what it is for
	Revoked *Revocation      `json:"revoked,omitempty"`
}

// Revocation is the end of a key version.
type Revocation struct {
	From   evidence.Instant `json:"from"` // what bears this time or a later one is not by the agency
	Reason string           `json:"reason"`
}

// Signed is a statement and the signature of its root, as a file has them.
type Signed struct {
	Root      string `json:"root"` // ID, "name+hash"
	Signature string `json:"sig"`  // of StatementText, standard base64
	Statement string `json:"statement"`
}

// Check returns a Malformed error when s is not the form of a statement: of
// another type, without an agency, a time or a key, with a key of another agency
// or of a root, twice the same, or with a revocation without a time or a reason.
func (s Statement) Check() error {
	switch {
	case s.Type != StatementType:
		return evidence.Errorf(evidence.Malformed, "the type of a statement of keys is %q, not %q", s.Type, StatementType)
	case s.Agency == "" || s.At.IsZero() || s.Serial < 1 || len(s.Keys) == 0:
		return evidence.Errorf(evidence.Malformed, "a statement of keys lacks its agency, time, number or keys")
	}
	seen := map[string]bool{}
	for _, stated := range s.Keys {
		k, err := parseKey(stated.Key)
		if err != nil {
			return evidence.WrapError(evidence.Malformed, err, "a key of the statement cannot be read")
		}
		role, _, _ := RoleOf(k.Name)
		if origin, ok := OriginOf(k.Name); !ok || origin != s.Agency || role == RoleRoot {
			return evidence.Errorf(evidence.Malformed, "the statement names %s, which is no key of %s that signs or acts, by its name", k.ID(), s.Agency)
		}
		if seen[k.ID()] || stated.From.IsZero() {
			return evidence.Errorf(evidence.Malformed, "the statement names the key %s twice, or without a time", k.ID())
		}
		if r := stated.Revoked; r != nil && (r.From.IsZero() || r.Reason == "") {
			return evidence.Errorf(evidence.Malformed, "the statement revokes the key %s without a time or a reason", k.ID())
		}
		seen[k.ID()] = true
	}
	if s.Next == "" {
		return nil
	}
	if k, err := parseKey(s.Next); err != nil || !isRootOf(s.Agency, k) {
		return evidence.Errorf(evidence.Malformed, "the next root that the statement names is none of %s", s.Agency)
	}
	return nil
}

// isRootOf reports whether a key is a root of the agency, by its name.
func isRootOf(agency string, k evidence.PublicKey) bool {
	role, _, _ := RoleOf(k.Name)
	origin, _ := OriginOf(k.Name)
	return role == RoleRoot && origin == agency
}

// StatementText returns the bytes that a root signs: two lines,
// "sealcase/keys/v1" and the canonical JSON of the statement.
func StatementText(statement string) []byte {
	return []byte(StatementType + "\n" + statement + "\n")
}

// SignStatement has a root sign a statement. It fails with Invalid for one that
// Check refuses or that is of another agency than the root, and with what the
// signer fails with.
func SignStatement(ctx context.Context, root evidence.Signer, s Statement) (Signed, error) {
	if err := s.Check(); err != nil {
		return Signed{}, evidence.WrapError(evidence.Invalid, err, "the statement cannot be signed: %s", evidence.MessageOf(err))
	}
	text, err := canon.Marshal(s)
	if err != nil {
		return Signed{}, evidence.WrapError(evidence.Invalid, err, "the statement cannot be written")
	}
	signatures, err := root.Sign(ctx, StatementText(string(text)))
	if err != nil {
		return Signed{}, fmt.Errorf("signing a statement of keys: %w", err)
	}
	by := signatures[0].Key
	if !isRootOf(s.Agency, by) {
		return Signed{}, evidence.Errorf(evidence.Invalid, "%s is no root of %s by its name", by.ID(), s.Agency)
	}
	return Signed{Root: by.ID(), Signature: base64.StdEncoding.EncodeToString(signatures[0].Bytes), Statement: string(text)}, nil
}

// Details returns the details of the entry "keys-stated" that records s.
func (s Signed) Details() map[string]string {
	return map[string]string{DetailStatement: s.Statement, DetailRoot: s.Root, DetailRootSig: s.Signature}
}

// SignedFrom returns what the details of an entry "keys-stated" hold.
func SignedFrom(details map[string]string) Signed {
	return Signed{Root: details[DetailRoot], Signature: details[DetailRootSig], Statement: details[DetailStatement]}
}

// Read reads the statement, whoever signed it. It fails with Malformed for one
// that is not canonical, or that Check refuses.
func (s Signed) Read() (Statement, error) {
	var read Statement
	if err := canon.Unmarshal([]byte(s.Statement), &read); err != nil {
		return Statement{}, evidence.WrapError(evidence.Malformed, err, "a statement of keys cannot be read")
	}
	return read, read.Check()
}

// verify returns nil when root signed the statement.
func (s Signed) verify(root evidence.PublicKey) error {
	sig, err := base64.StdEncoding.DecodeString(s.Signature)
	inOnePiece := err == nil && base64.StdEncoding.EncodeToString(sig) == s.Signature // base64 passes over line breaks
	if !inOnePiece || !root.Verify(StatementText(s.Statement), sig) {
		return evidence.Errorf(evidence.Tampered, "a statement of keys is not signed by %s, as it says", root.ID())
	}
	return nil
}

// StatementEntry is the identifier of the entry of a log that records the statement
// of a root with that number.
func StatementEntry(c evidence.CaseID, root string, serial int64) evidence.EntryID {
	return evidence.DeriveEntryID("keys-stated", string(c), root, strconv.FormatInt(serial, 10))
}

// WriteSigned writes a signed statement as a file has it: one line of canonical
// JSON.
func WriteSigned(s Signed) ([]byte, error) {
	text, err := canon.Marshal(s)
	return append(text, '\n'), err
}

// ReadSigned reads what WriteSigned writes. It fails with Malformed.
func ReadSigned(text []byte) (Signed, error) {
	var s Signed
	if n := len(text); n > 0 && text[n-1] == '\n' {
		text = text[:n-1]
	}
	if err := canon.Unmarshal(text, &s); err != nil {
		return Signed{}, evidence.WrapError(evidence.Malformed, err, "this is no signed statement of keys")
	}
	_, err := s.Read()
	return s, err
}

// Everything is an index behind every entry of a log: whatever a statement of the
// log, or one that is known from elsewhere, revokes is revoked there.
const Everything = math.MaxInt64
