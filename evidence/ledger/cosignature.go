package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
)

// Cosignature is a witness's statement that at that time a checkpoint was the
// largest one that it had seen of the log, and that it continues all that it
// had seen before (C2SP tlog-cosignature, "cosignature/v1").
type Cosignature struct {
	By   evidence.WitnessKey
	At   evidence.Instant // to the second, as the witness says
	Line []byte           // the signature line of the note, with its LF
}

// maxCosignedAt is the last second that an Instant can be written of.
const maxCosignedAt = 253402300799 // 9999-12-31T23:59:59Z

// cosignedLength is that of a timestamped signature: seconds, then Ed25519.
const cosignedLength = 8 + ed25519.SignatureSize

// cosignedText returns the bytes that a witness signs.
func cosignedText(cp Checkpoint, seconds uint64) []byte {
	return fmt.Appendf(nil, "cosignature/v1\ntime %d\n%s", seconds, cp.text())
}

// Cosign returns the signature line, with its LF, by which the witness named
// name, whose key is private, cosigns cp at a time. It does not look at any
// log: that is the witness's affair (package witness). It fails with Invalid
// when cp cannot be a checkpoint or the time cannot be written.
func Cosign(cp Checkpoint, name string, private ed25519.PrivateKey, at time.Time) ([]byte, error) {
	if problem := cp.check(); problem != "" {
		return nil, evidence.Errorf(evidence.Invalid, "not a checkpoint: %s", problem)
	}
	if at.Unix() < 0 || at.Unix() > maxCosignedAt {
		return nil, evidence.Errorf(evidence.Invalid, "the time %s cannot be that of a cosignature", at)
	}
	key := evidence.WitnessKey{Name: name, Key: private.Public().(ed25519.PublicKey)}
	seconds := uint64(at.Unix())
	raw := binary.BigEndian.AppendUint32(nil, key.Hash())
	raw = binary.BigEndian.AppendUint64(raw, seconds)
	raw = append(raw, ed25519.Sign(private, cosignedText(cp, seconds))...)
	return fmt.Appendf(nil, "— %s %s\n", name, base64.StdEncoding.EncodeToString(raw)), nil
}

// OpenCosignatures reads a checkpoint and returns the cosignatures by
// witnesses, in the order of their lines; there may be none. Lines of other
// keys are passed over, and the log's own signature is not checked
// (OpenCheckpoint). It fails with Malformed like ParseCheckpoint, and with
// Tampered when a line that names one of the witnesses does not verify.
func OpenCosignatures(signed []byte, witnesses []evidence.WitnessKey) (Checkpoint, []Cosignature, error) {
	cp, lines, err := parseNote(signed)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	var found []Cosignature
	for _, line := range lines {
		for _, w := range witnesses {
			if line.Name != w.Name || line.Hash != w.Hash() {
				continue
			}
			at, ok := verifyCosignature(cp, line, w)
			if !ok {
				return Checkpoint{}, nil, evidence.Errorf(evidence.Tampered, "the cosignature of the checkpoint of %s by %s is not good", cp.Origin, w.Name)
			}
			found = append(found, Cosignature{By: w, At: at, Line: fmt.Appendf(nil, "— %s %s\n", line.Name, line.Base64)})
			break
		}
	}
	return cp, found, nil
}

func verifyCosignature(cp Checkpoint, line note.Signature, w evidence.WitnessKey) (evidence.Instant, bool) {
	raw, err := base64.StdEncoding.DecodeString(line.Base64)
	if err != nil || len(raw) != 4+cosignedLength {
		return evidence.Instant{}, false
	}
	seconds := binary.BigEndian.Uint64(raw[4:])
	if seconds > math.MaxInt64 || seconds > maxCosignedAt {
		return evidence.Instant{}, false
	}
	return evidence.At(time.Unix(int64(seconds), 0)), w.Verify(cosignedText(cp, seconds), raw[12:])
}

// AddCosignatures returns the signed checkpoint with more signature lines, each
// with its LF, after those that it has; one that it has already is left out. It
// fails with Malformed when the result is not a checkpoint.
func AddCosignatures(signed []byte, lines ...[]byte) ([]byte, error) {
	out := bytes.Clone(signed)
	for _, line := range lines {
		if !bytes.Contains(out, append([]byte("\n"), line...)) {
			out = append(out, line...)
		}
	}
	if _, _, err := parseNote(out); err != nil {
		return nil, err
	}
	return out, nil
}

// Text returns the text of a signed checkpoint, which its signatures are of and
// which a time-stamp authority stamps: everything before the empty line. It
// fails with Malformed like ParseCheckpoint.
func Text(signed []byte) ([]byte, error) {
	cp, _, err := parseNote(signed)
	if err != nil {
		return nil, err
	}
	return []byte(cp.text()), nil
}
