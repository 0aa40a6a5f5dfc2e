package witness

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// addCheckpoint is where checkpoints are submitted, below the witness's
// address.
const addCheckpoint = "/add-checkpoint"

// sizeType is the media type of an answer that names the witness's size.
const sizeType = "text/x.tlog.size"

const (
	// maxProof is how many hashes a consistency proof may have.
	maxProof = 63
	// maxRequest is how long a submission may be, in bytes.
	maxRequest = 64 + maxProof*64 + ledger.MaxNoteSize
)

// submission is the body of a request to cosign.
type submission struct {
	old        int64
	proof      []ledger.Hash
	checkpoint []byte // signed note
}

// write returns the body: old size, proof, an empty line, the checkpoint.
func (s submission) write() []byte {
	var b bytes.Buffer
	b.WriteString("old " + strconv.FormatInt(s.old, 10) + "\n")
	for _, h := range s.proof {
		b.WriteString(base64.StdEncoding.EncodeToString(h[:]) + "\n")
	}
	b.WriteByte('\n')
	b.Write(s.checkpoint)
	return b.Bytes()
}

// parseSubmission reads what write writes, and nothing else; the checkpoint is
// not looked at.
func parseSubmission(body []byte) (submission, error) {
	malformed := func(what string) (submission, error) {
		return submission{}, evidence.Errorf(evidence.Malformed, "%s (C2SP tlog-witness)", what)
	}
	header, checkpoint, ok := strings.Cut(string(body), "\n\n")
	if !ok {
		return malformed("no empty line before the checkpoint")
	}
	lines := strings.Split(header, "\n")
	if len(lines) > 1+maxProof {
		return malformed("a consistency proof has 63 lines at most")
	}
	digits, ok := strings.CutPrefix(lines[0], "old ")
	old, err := parseSize(digits)
	if !ok || err != nil {
		return malformed("the first line is not \"old\" and a size")
	}
	s := submission{old: old, checkpoint: []byte(checkpoint)}
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(h) != len(ledger.Hash{}) || strings.Contains(line, "\r") {
			return malformed("a line of the proof is not a hash in base64")
		}
		s.proof = append(s.proof, ledger.Hash(h))
	}
	return s, nil
}

// parseSize reads a size in decimal without leading zeros or a sign.
func parseSize(digits string) (int64, error) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != digits {
		return 0, evidence.Errorf(evidence.Malformed, "%q is not a size", digits)
	}
	return n, nil
}
