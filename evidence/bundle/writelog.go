package bundle

import (
	"bytes"
	"context"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// writeEntries writes the log in tiles and compares its root with the
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
	if faults := b.log.faults(); len(faults) > 0 {
		return evidence.Errorf(faults[0].code, "%s", faults[0].what)
	}
	if n := b.log.withheld.count; n != b.facts.Entries {
		return evidence.Errorf(evidence.Conflict, "the source announced %d withheld entries and has %d", b.facts.Entries, n)
	}
	return nil
}

// writeTile writes count entries, a line each.
func (b *writer) writeTile(ctx context.Context, w io.Writer, next func() (Entry, error, bool), count int64) error {
	var buffer bytes.Buffer
	for range count {
		e, err, more := next()
		index := b.log.tree.Size()
		switch {
		case err != nil:
			return err
		case !more:
			return evidence.Errorf(evidence.Incomplete, "the source has %d entries, the checkpoint covers %d", index, b.checkpoint.Size)
		}
		line, f := b.entryLine(e)
		if f != nil {
			return evidence.Errorf(f.code, "entry %d: %s", index, f.what)
		}
		b.noteRoot()
		buffer.Write(line)
		buffer.WriteByte('\n')
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := w.Write(buffer.Bytes())
	return err
}

// entryLine returns the line of the log for an entry, or what is wrong with it.
func (b *writer) entryLine(e Entry) ([]byte, *fault) {
	switch {
	case e.Withheld != "" && e.Raw == nil:
		return b.log.withholdLeaf(e.Leaf, e.Withheld)
	case e.Withheld != "":
		return b.log.withhold(e.Raw, e.Withheld, b.hidden)
	}
	read, faults, actor := b.log.add(e.Raw)
	switch {
	case len(faults) > 0:
		return nil, &faults[0]
	case actor != nil:
		return nil, actor
	case b.hidden[read.Item]:
		f := faultf(evidence.Conflict, "it is about an item that is withheld with all its entries, and is not withheld")
		return nil, &f
	}
	return e.Raw, nil
}
