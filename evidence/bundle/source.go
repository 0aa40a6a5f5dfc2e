package bundle

import (
	"context"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Source is what a bundle is made of. It stands still while the bundle is
// written: each method may be called more than once, and gives the same again.
type Source interface {
	// Facts returns what is known before the first byte is written.
	Facts(ctx context.Context) (Facts, error)
	// Entries yields the entries of the case's log, from index 0 to the
	// checkpoint's size, without a gap. The bytes are the caller's until the next
	// one.
	Entries(ctx context.Context) iter.Seq2[Entry, error]
	// Items yields the disclosed items in the order of their exhibit numbers.
	// Write walks through it twice: for the list, then for the bytes.
	Items(ctx context.Context) iter.Seq2[evidence.Item, error]
	// Seal returns the seal of an item: its DSSE envelope, as stored.
	Seal(ctx context.Context, it evidence.Item) ([]byte, error)
	// Open returns the bytes of an item, from the first to the last.
	Open(ctx context.Context, it evidence.Item) (io.ReadCloser, error)
}

// Entry is an entry of the log for a bundle.
type Entry struct {
	Raw      []byte // the canonical bytes
	Withheld string // why the bundle shows the leaf hash only; empty for an entry that it shows
	// Leaf is the leaf hash of a withheld entry whose bytes are not at hand: the
	// source is itself a bundle. It is looked at only where Raw is nil.
	Leaf ledger.Hash
}

// Facts is what is known of a bundle before its first byte is written.
type Facts struct {
	Case       evidence.Case
	Disclosure evidence.Disclosure  // what was asked for; only what FORMAT.md names goes into the bundle
	Checkpoint []byte               // the signed note of the log's head that the bundle stands on
	Keys       []evidence.PublicKey // the agency's root, if it has one, and every version of its log, seal and worker keys, oldest first
	Stated     *attest.Signed       // with a root: the newest statement of it, which the log has; nil without one
	Items      int                  // disclosed
	Bytes      int64                // of all disclosed items together
	Entries    int64                // withheld
	Generator  string               // program and version that writes, such as "sealcase/1.0.0"
	At         evidence.Instant     // of the bundle; the time of every member of the zip
	Withheld   []WithheldItem       // in the order of their exhibit numbers
	Earlier    []Earlier            // every disclosure whose "disclosed" entry is in the log, in any order
	Page       []byte               // verify.html; nil for none
}

// WithheldItem is an item of the case that the bundle leaves out, and why.
type WithheldItem struct {
	Item   evidence.Item
	Reason string
	// Hidden says that all entries about the item are withheld, too, and the list
	// shows its number and identifier only. One that is not hidden is
	// quarantined, and the log says so.
	Hidden bool
}

// Earlier is an earlier disclosure of the case.
type Earlier struct {
	Disclosure evidence.DisclosureID
	Checkpoint []byte // the signed note that its bundle stands on
}

// Summary is what Write made.
type Summary struct {
	TagDigest evidence.Digest // of tagmanifest-sha256.txt, which covers every other member
	Digest    evidence.Digest // of the whole file
	Length    int64           // of the whole file
	Items     int             // disclosed
	Withheld  int             // items
	Entries   int64           // withheld
	LogSize   int64           // entries, withheld ones among them
}

// Progress is told how many items and how many bytes of them are done. It is
// called often, from one goroutine, and must not block.
type Progress func(items int, bytes int64)
