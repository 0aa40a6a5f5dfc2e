package ledger

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
)

// MaxNoteSize is the longest note that is read, in bytes. It has room for the
// sixteen signatures that every reader must accept (C2SP signed-note), even
// where they are post-quantum ones of 5 kB.
const MaxNoteSize = 128 << 10

// LogKey returns key as it signs the log named origin. C2SP tlog-checkpoint
// wants a log's key to be named as its origin (and tlog-policy demands it), so
// one key of ours is, for each case, a note key of that name, with a key ID of
// its own. Its VKey is what other tools verify a checkpoint of that log with.
func LogKey(origin string, key evidence.PublicKey) evidence.PublicKey {
	return evidence.PublicKey{Name: origin, Key: key.Key}
}

// SignCheckpoint returns cp as a signed note (C2SP signed-note) with one
// signature line a signer, in their order. During a rotation the old and the
// new key sign. It fails with Invalid when cp cannot be a checkpoint or no
// signer or the same key twice is given, with Internal when a signer's
// signature is not good, and with what a signer fails with.
func SignCheckpoint(ctx context.Context, cp Checkpoint, signers ...evidence.Signer) ([]byte, error) {
	if problem := cp.check(); problem != "" {
		return nil, evidence.Errorf(evidence.Invalid, "not a checkpoint: %s", problem)
	}
	if len(signers) == 0 {
		return nil, evidence.Errorf(evidence.Invalid, "a checkpoint needs a signer")
	}
	text := cp.text()
	n := note.Note{Text: text}
	for _, s := range signers {
		signatures, err := s.Sign(ctx, []byte(text))
		if err != nil {
			return nil, fmt.Errorf("signing the checkpoint: %w", err)
		}
		if len(signatures) != 1 || !signatures[0].Key.Verify([]byte(text), signatures[0].Bytes) {
			return nil, evidence.Errorf(evidence.Internal, "the signer did not return a good signature of the checkpoint")
		}
		key := LogKey(cp.Origin, signatures[0].Key)
		raw := binary.BigEndian.AppendUint32(nil, key.Hash())
		n.Sigs = append(n.Sigs, note.Signature{
			Name: key.Name, Hash: key.Hash(),
			Base64: base64.StdEncoding.EncodeToString(append(raw, signatures[0].Bytes...)),
		})
	}
	signed, err := note.Sign(&n)
	if err != nil {
		return nil, fmt.Errorf("writing the checkpoint: %w", err)
	}
	if _, _, err := parseNote(signed); err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the signers do not make a checkpoint together")
	}
	return signed, nil
}

// ParseCheckpoint reads a signed note without checking who signed it: for
// display, and to learn the origin. It fails with Malformed on anything that is
// not, byte for byte, the way in which such a note is written.
func ParseCheckpoint(signed []byte) (Checkpoint, error) {
	cp, _, err := parseNote(signed)
	return cp, err
}

// OpenCheckpoint reads a signed note and returns, besides the checkpoint, the
// trusted keys that signed it, in the order of their lines. Lines of other
// keys, such as witnesses' cosignatures, are passed over. It fails with
// Malformed like ParseCheckpoint, with Tampered when a line that names a
// trusted key does not verify, and with UntrustedKey when no line names one.
// The caller still compares the origin with the log that it expects.
func OpenCheckpoint(signed []byte, trusted []evidence.PublicKey) (Checkpoint, []evidence.PublicKey, error) {
	cp, lines, err := parseNote(signed)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	var by []evidence.PublicKey
	for _, line := range lines {
		key, found, err := verifyLine(cp, line, trusted)
		if err != nil {
			return Checkpoint{}, nil, err
		}
		if found {
			by = append(by, key)
		}
	}
	if len(by) == 0 {
		return Checkpoint{}, nil, evidence.Errorf(evidence.UntrustedKey, "no trusted key signed the checkpoint of %s", cp.Origin)
	}
	return cp, by, nil
}

// verifyLine returns the trusted key that line is by, if it is by one.
func verifyLine(cp Checkpoint, line note.Signature, trusted []evidence.PublicKey) (evidence.PublicKey, bool, error) {
	named := false
	for _, k := range trusted {
		if line.Name != cp.Origin || line.Hash != LogKey(cp.Origin, k).Hash() {
			continue
		}
		named = true
		raw, err := base64.StdEncoding.DecodeString(line.Base64)
		if err == nil && k.Verify([]byte(cp.text()), raw[4:]) {
			return k, true, nil
		}
	}
	if named {
		return evidence.PublicKey{}, false, evidence.Errorf(evidence.Tampered,
			"the signature of the checkpoint of %s is not good: it was changed after signing", cp.Origin)
	}
	return evidence.PublicKey{}, false, nil
}

// parseNote reads a checkpoint and its signature lines. Package note is
// lenient where a signed thing must have one form only, so what was read is
// written again and compared.
func parseNote(signed []byte) (Checkpoint, []note.Signature, error) {
	if len(signed) > MaxNoteSize {
		return Checkpoint{}, nil, evidence.Errorf(evidence.Malformed, "a checkpoint may have %d bytes, this has %d", MaxNoteSize, len(signed))
	}
	_, err := note.Open(signed, nil)
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return Checkpoint{}, nil, evidence.WrapError(evidence.Malformed, err, "not a signed note (C2SP signed-note)")
	}
	n := unverified.Note
	cp, err := parseText(n.Text)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	type id struct {
		name string
		hash uint32
	}
	seen := make(map[id]bool, len(n.UnverifiedSigs))
	for _, s := range n.UnverifiedSigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(s.Base64); err != nil || seen[id{s.Name, s.Hash}] {
			return Checkpoint{}, nil, evidence.Errorf(evidence.Malformed, "a signature line of the checkpoint is not well-formed, or stands there twice")
		}
		seen[id{s.Name, s.Hash}] = true
	}
	if again, err := note.Sign(n); err != nil || !bytes.Equal(again, signed) {
		return Checkpoint{}, nil, evidence.Errorf(evidence.Malformed, "the checkpoint is not written in the one way in which it can be")
	}
	return cp, n.UnverifiedSigs, nil
}

// SignatureLine names who signed a checkpoint, by one line of its note.
type SignatureLine struct {
	Name string // of the key; the log's own lines have the origin
	Hash uint32 // the key ID
}

// SignatureLines returns who signed a checkpoint, in the order of the lines. It
// checks no signature, and fails with Malformed like ParseCheckpoint.
func SignatureLines(signed []byte) ([]SignatureLine, error) {
	_, lines, err := parseNote(signed)
	if err != nil {
		return nil, err
	}
	named := make([]SignatureLine, len(lines))
	for i, l := range lines {
		named[i] = SignatureLine{Name: l.Name, Hash: l.Hash}
	}
	return named, nil
}
