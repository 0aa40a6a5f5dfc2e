// Package analyze reads evidence for what it says. An Analyzer knows one kind
// of thing and is a package of its own below this one; a Runner reads the
// bytes of an item once, gives them to all analyzers, and keeps what they
// state. Evidence is hostile: an analyzer that panics, errs or does not stop
// to find things costs its own findings and nothing else.
package analyze

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Input is what an analyzer gets of an item.
type Input struct {
	Item    evidence.Item // as on record; its name is untrusted
	Content io.Reader     // the bytes, once, from the beginning
}

// Analyzer states what it finds in an item. It is safe for concurrent use.
type Analyzer interface {
	// Name is short and constant, such as "fileid".
	Name() string
	// Version changes whenever the same bytes may give other findings.
	Version() string
	// Analyze reads in.Content as far as it needs and calls emit for each
	// finding, in an order that depends on the bytes only. It fills in Kind,
	// Value, Raw, Offset, Length, Count and Details; the Runner does the rest.
	// It must stop with emit's error. Its memory must not grow with the input.
	Analyze(ctx context.Context, in Input, emit func(evidence.Finding) error) error
}

// KindFileType is the kind of the finding whose value is the media type.
const KindFileType = "file-type"

// KindTruncated is the kind of the finding that says that there is more.
const KindTruncated = "truncated"

// ID returns how findings name an analyzer: "name/version".
func ID(a Analyzer) string { return a.Name() + "/" + a.Version() }
