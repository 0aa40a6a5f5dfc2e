package collection

import (
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Each calls do with each line of the manifest after the first, in order, and the
// offset of the first byte of its member, and returns nil when the manifest is the
// one that is claimed. What it called do with before it failed is not proven.
func Each(ctx context.Context, open Open, size int64, claimed evidence.Collection, do func(l Line, offset int64) error) error {
	lines, err := openLines(ctx, open, size, claimed)
	if err != nil {
		return err
	}
	defer lines.Close()
	for {
		l, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = do(l, lines.offset)
		}
		if err != nil {
			return err
		}
	}
	if evidence.Digest(lines.tree.Root()) != claimed.Root {
		return errOtherManifest()
	}
	return nil
}

func errOtherManifest() error {
	return evidence.Errorf(evidence.Tampered, "the manifest is not the one that was received: the root of its tree differs")
}
