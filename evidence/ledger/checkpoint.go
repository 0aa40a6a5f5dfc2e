package ledger

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence"
)

// maxOrigin is the longest origin, in bytes, that a witness can cosign (C2SP
// tlog-cosignature: log_origin<1..2^8-1>).
const maxOrigin = 255

// Checkpoint is the head of a log: that it has Size entries and this Root.
type Checkpoint struct {
	// Origin names the log, for ever and in no other use. It has neither
	// spaces nor a plus sign, and 255 bytes at most.
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
	Root   Hash   `json:"root"`
}

// CaseOrigin returns the origin of the log of a case, "base/case/ID", where
// base names the agency, such as "agency.example". That of the register
// (evidence.RegisterID) is "base/register".
func CaseOrigin(base string, c evidence.CaseID) string {
	if c == evidence.RegisterID() {
		return base + "/register"
	}
	return base + "/case/" + string(c)
}

// text returns the note text of c (C2SP tlog-checkpoint, without extension
// lines).
func (c Checkpoint) text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) + "\n"
}

// check returns what keeps c from being a checkpoint, or "".
func (c Checkpoint) check() string {
	switch {
	case c.Origin == "" || len(c.Origin) > maxOrigin || !utf8.ValidString(c.Origin) ||
		strings.Contains(c.Origin, "+") || strings.ContainsFunc(c.Origin, notInName):
		return "the origin is not a name of 1 to 255 bytes without spaces and plus signs"
	case c.Size < 0:
		return "the size is negative"
	case c.Size == 0 && c.Root != EmptyRoot():
		return "a log without entries has another root than that"
	}
	return ""
}

func notInName(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// parseText reads what text writes, and nothing else.
func parseText(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return Checkpoint{}, evidence.Errorf(evidence.Malformed, "a checkpoint has three lines: origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return Checkpoint{}, evidence.WrapError(evidence.Malformed, err, "the second line of a checkpoint is the size of the log")
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(Hash{}) {
		return Checkpoint{}, evidence.Errorf(evidence.Malformed, "the third line of a checkpoint is the root in base64")
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: Hash(root)}
	if problem := c.check(); problem != "" {
		return Checkpoint{}, evidence.Errorf(evidence.Malformed, "not a checkpoint: %s", problem)
	}
	if c.text() != text {
		return Checkpoint{}, evidence.Errorf(evidence.Malformed, "the checkpoint is not written in the one way in which it can be")
	}
	return c, nil
}
