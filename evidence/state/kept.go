package state

import (
	"encoding/base64"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// The kinds of records that are kept beside a log, so that it need not be read
// whole.
const (
	KindTile       Kind = "tiles"       // the root of a full tile
	KindSnapshot   Kind = "snapshots"   // Kept
	KindCheckpoint Kind = "checkpoints" // a signed head
)

// LogRecord is a record that is kept beside a log: at a number of entries, or the
// number of a tile.
type LogRecord struct {
	Key   string          // that it is kept under: identifiers and numbers, unless somebody put it there
	Case  evidence.CaseID // by its keys; "" where they name none
	N     int64
	Filed bool   // its keys are those of its log and number
	Body  []byte // nil where only keys are read
}

// Kept is what a log says at a signed head, as it is kept. The signature is by a
// key of heads, over KeptText.
type Kept struct {
	Size      int64         `json:"size"`
	Spans     []ledger.Hash `json:"spans,omitempty"` // roots of the full spans of the tree: the root that is signed covers them
	State     []byte        `json:"state"`           // Case as JSON
	Key       string        `json:"key"`             // evidence.PublicKey.ID
	Signature []byte        `json:"sig"`
}

// KeptText returns the bytes that are signed: six lines, "sealcase/snapshot/v1",
// the version of the fold (a program that knows fewer acts makes something else of
// the same entries), the log's origin, the size, the root of the tree in base64, and
// the SHA-256 of the state.
func KeptText(version int, head ledger.Checkpoint, said []byte) []byte {
	return fmt.Appendf(nil, "sealcase/snapshot/v1\n%d\n%s\n%d\n%s\n%s\n",
		version, head.Origin, head.Size, base64.StdEncoding.EncodeToString(head.Root[:]), evidence.Sum(said))
}
