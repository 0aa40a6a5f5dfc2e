package collection

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Index says where in a manifest its lines are, ledger.TileSize of them at a time,
// so that some are read without reading all. What is read by it is held against
// the hash of its block, and so against the root.
type Index struct {
	claimed evidence.Collection
	blocks  []block
	end     int64 // offset of what follows the manifest
}

// block is where a block of lines begins, and what it must be.
type block struct {
	offset int64 // of its first byte
	member int64 // offset of the header of the first member of its lines, or of the next one
	root   ledger.Hash
}

// NewIndex reads a manifest to its end, which must be the one that is claimed.
func NewIndex(ctx context.Context, open Open, size int64, claimed evidence.Collection) (*Index, error) {
	lines, err := openLines(ctx, open, size, claimed)
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	x := &Index{claimed: claimed, blocks: []block{{offset: claimed.Manifest}}}
	var tile ledger.Tree
	tile.Append(lines.leaf)
	for {
		offset, at := claimed.Manifest+lines.length, lines.at
		_, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if tile.Size() == ledger.TileSize {
			x.blocks[len(x.blocks)-1].root = tile.Root()
			x.blocks, tile = append(x.blocks, block{offset: offset, member: at}), ledger.Tree{}
		}
		tile.Append(lines.leaf)
	}
	x.blocks[len(x.blocks)-1].root = tile.Root()
	x.end = claimed.Manifest + lines.length
	if evidence.Digest(lines.tree.Root()) != claimed.Root {
		return nil, errOtherManifest()
	}
	return x, nil
}

// Entry is a line where it stands in a manifest.
type Entry struct {
	Line
	Index  int64
	Offset int64 // of the first byte of its member within the collection
}

// From calls do with the lines from an index on (from 1), until it returns false.
func (x *Index) From(ctx context.Context, open Open, index int64, do func(Entry) bool) error {
	index = max(index, 1)
	for b := index / ledger.TileSize; b < int64(len(x.blocks)); b++ {
		entries, err := x.read(ctx, open, b)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Index >= index && !do(e) {
				return nil
			}
		}
	}
	return nil
}

// read reads a block of lines; the header is not among them.
func (x *Index) read(ctx context.Context, open Open, b int64) ([]Entry, error) {
	from, to := x.blocks[b], x.end
	if b+1 < int64(len(x.blocks)) {
		to = x.blocks[b+1].offset
	}
	r, err := open(ctx, from.offset, to-from.offset)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text := make([]byte, to-from.offset)
	if err := readFull(r, text); err != nil {
		return nil, err
	}
	var tile ledger.Tree
	var entries []Entry
	at, index := from.member, b*ledger.TileSize
	for scan := bufio.NewReader(bytes.NewReader(text)); ; index++ {
		line, err := scan.ReadBytes('\n')
		if err != nil {
			break
		}
		line = line[:len(line)-1]
		tile.Append(ledger.LeafHash(line))
		if index == 0 {
			continue
		}
		l, err := ReadLine(line, index)
		if err != nil {
			return nil, err
		}
		e := Entry{Line: l, Index: index}
		if l.Member != "" {
			m := member{name: l.Member, length: *l.Length, offset: at}
			e.Offset, at = m.content(), m.end()
		}
		entries = append(entries, e)
	}
	if tile.Root() != from.root {
		return nil, errOtherManifest()
	}
	return entries, nil
}
