package bundle

import (
	"bytes"
	"context"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// writeEntries writes the entries in tiles and compares their root with the
// checkpoint's.
func (b *writer) writeEntries(ctx context.Context) error {
	next, stop := iter.Pull2(b.src.Entries(ctx))
	defer stop()
	size := b.checkpoint.Size
	for tile := range tileCount(size) {
		count := min(size-tile*ledger.TileSize, ledger.TileSize)
		_, err := b.zip.add(b.base+tileName(tile), unknown, func(w io.Writer) error {
			return b.writeTile(ctx, w, next, count)
		})
		if err != nil {
			return err
		}
	}
	if _, err, more := next(); more {
		if err != nil {
			return err
		}
		return evidence.Errorf(evidence.Conflict, "the source has more entries than the checkpoint's %d", size)
	}
	if root := b.log.tree.Root(); root != b.checkpoint.Root {
		return evidence.Errorf(evidence.Tampered, "the entries have the root %s, the signed checkpoint says %s", root, b.checkpoint.Root)
	}
	if n := b.log.number; n != "" && n != b.facts.Case.Number {
		return evidence.Errorf(evidence.Tampered, "the log has the case's number as %q, the case %q", n, b.facts.Case.Number)
	}
	return nil
}

// writeTile writes count entries, a line each.
func (b *writer) writeTile(ctx context.Context, w io.Writer, next func() ([]byte, error, bool), count int64) error {
	var buffer bytes.Buffer
	for range count {
		raw, err, more := next()
		index := b.log.tree.Size()
		switch {
		case err != nil:
			return err
		case !more:
			return evidence.Errorf(evidence.Incomplete, "the source has %d entries, the checkpoint covers %d", index, b.checkpoint.Size)
		}
		if faults := b.log.add(raw); len(faults) > 0 {
			return evidence.Errorf(faults[0].code, "entry %d: %s", index, faults[0].what)
		}
		buffer.Write(raw)
		buffer.WriteByte('\n')
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}
