package bundle

import (
	"context"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
)

// Source is what a bundle is made of. It stands still while the bundle is
// written: each method may be called more than once, and gives the same again.
type Source interface {
	// Facts returns what is known before the first byte is written.
	Facts(ctx context.Context) (Facts, error)
	// Entries yields the canonical bytes of the entries of the case's log, from
	// index 0 to the checkpoint's size, without a gap. The slice is the
	// caller's until the next one.
	Entries(ctx context.Context) iter.Seq2[[]byte, error]
	// Items yields the disclosed items in the order of their exhibit numbers.
	// Write walks through it twice: for the list, then for the bytes.
	Items(ctx context.Context) iter.Seq2[evidence.Item, error]
	// Seal returns the seal of an item: its DSSE envelope, as stored.
	Seal(ctx context.Context, it evidence.Item) ([]byte, error)
	// Open returns the bytes of an item, from the first to the last.
	Open(ctx context.Context, it evidence.Item) (io.ReadCloser, error)
}

// Facts is what is known of a bundle before its first byte is written.
type Facts struct {
	Case       evidence.Case
	Disclosure evidence.Disclosure  // what was asked for; only what FORMAT.md names goes into the bundle
	Checkpoint []byte               // the signed note of the log's head that the bundle stands on
	Keys       []evidence.PublicKey // every version of the agency's log and seal keys, oldest first
	People     []evidence.Person    // who is named in the log; the login stays outside the bundle
	Items      int                  // disclosed
	Bytes      int64                // of all disclosed items together
	Generator  string               // program and version that writes, such as "sealcase/1.0.0"
	At         evidence.Instant     // of the bundle; the time of every member of the zip
	Withheld   []WithheldItem       // in the order of their exhibit numbers
}

// WithheldItem is an item of the case that the bundle leaves out, with what is
// known of it and the reason. A quarantined item is withheld, with the reason
// that it is.
type WithheldItem struct {
	Item   evidence.Item
	Reason string
}

// Summary is what Write made.
type Summary struct {
	TagDigest evidence.Digest // of tagmanifest-sha256.txt, which covers every other member
	Digest    evidence.Digest // of the whole file
	Length    int64           // of the whole file
	Items     int             // disclosed
	Withheld  int
	LogSize   int64 // entries
}

// Progress is told how many items and how many bytes of them are done. It is
// called often, from one goroutine, and must not block.
type Progress func(items int, bytes int64)
