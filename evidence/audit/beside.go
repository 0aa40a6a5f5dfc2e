package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// besideKinds are the kinds of records that the registry keeps beside logs.
func besideKinds() []state.Kind {
	return []state.Kind{state.KindTile, state.KindSnapshot, state.KindCheckpoint}
}

// besideLogs looks which records the registry keeps beside logs, by their keys: one
// under keys that are not its own is found by nobody, or in the place of another.
// Nothing is taken from these records that the entries do not say.
func (r *run) besideLogs(ctx context.Context, f *findings) error {
	for _, kind := range besideKinds() {
		for rec, err := range r.config.Registry.LogRecordKeys(ctx, kind) {
			if err != nil {
				return err
			}
			if !rec.Filed {
				f.differs(evidence.AlarmRecord, "", string(kind)+" "+safeRecord(rec), rec.Key,
					"the registry has %s, kept under keys that are not its own: nobody uses it; somebody changed it or put it there, and whoever runs the database should find out who", recordName(kind, rec))
				continue
			}
			if r.beside[rec.Case] == nil {
				r.beside[rec.Case] = map[state.Kind]int64{}
			}
			r.beside[rec.Case][kind] = max(r.beside[rec.Case][kind], rec.N)
		}
	}
	return nil
}

// recordName names a record that is kept beside a log.
func recordName(kind state.Kind, rec state.LogRecord) string {
	what := map[state.Kind]string{state.KindTile: "a tile", state.KindSnapshot: "a snapshot", state.KindCheckpoint: "a head"}[kind]
	return what + " of the log " + safeRecord(rec)
}

// safeRecord names the log of a record as people may see it.
func safeRecord(rec state.LogRecord) string {
	if rec.Case == "" {
		return safeKey(shortened(rec.Key))
	}
	return string(rec.Case)
}

// beside compares what the registry keeps beside one log, while the log is read:
// heads and snapshots where the tree has their size, tiles at the end. It holds the
// records of one partition, and a hash for each tile.
type beside struct {
	leaves  []ledger.Hash // of the tile that is read
	tiles   []ledger.Hash // roots
	heads   partition
	kept    partition
	missing some // heads that the mirror has and the registry has not
	forked  some // heads of another log
}

// some are heads that one alarm tells of.
type some struct {
	first, last, count int64
	state              hash.Hash // of what they are; nil for none
}

func (s *some) take(n int64, what []byte) {
	if s.count++; s.count == 1 {
		s.first, s.state = n, sha256.New()
	}
	s.last = n
	s.state.Write(what)
}

// partition is a part of the records of a kind, by number.
type partition struct {
	list []state.LogRecord
	end  int64 // of the numbers that are read
}

// at returns the records with a number that are filed there, and whether there are
// any: of one that is not filed there it is told already. Numbers ascend from call
// to call.
func (p *partition) at(ctx context.Context, r *run, kind state.Kind, c evidence.CaseID, n int64) (filed []state.LogRecord, any bool, err error) {
	if n >= p.end {
		if p.list, p.end, err = r.config.Registry.LogRecords(ctx, kind, c, n); err != nil {
			p.end = 0
			return nil, false, err
		}
	}
	for len(p.list) > 0 && p.list[0].N <= n {
		if rec := p.list[0]; rec.N == n {
			any = true
			if rec.Filed {
				filed = append(filed, rec)
			}
		}
		p.list = p.list[1:]
	}
	return filed, any, nil
}

// append takes in the hash of the next entry as it is believed.
func (k *comparison) append(leaf ledger.Hash) {
	k.tree.Append(leaf)
	if k.beside.leaves = append(k.beside.leaves, leaf); len(k.beside.leaves) < ledger.TileSize {
		return
	}
	if root, err := ledger.TileRoot(k.beside.leaves); err == nil { // of so many leaves there is one
		k.beside.tiles = append(k.beside.tiles, root)
	}
	k.beside.leaves = k.beside.leaves[:0]
}

// passRecords compares the registry's heads and snapshots of the tree's size.
func (k *comparison) passRecords(ctx context.Context, mirrored bool) error {
	size := k.tree.Size()
	heads, any, err := k.beside.heads.at(ctx, k.run, state.KindCheckpoint, k.id, size)
	if err != nil {
		return err
	}
	for _, rec := range heads {
		k.headRecord(rec)
	}
	if mirrored && !any {
		k.beside.missing.take(size, nil)
	}
	kept, _, err := k.beside.kept.at(ctx, k.run, state.KindSnapshot, k.id, size)
	if err != nil {
		return err
	}
	for _, rec := range kept {
		k.snapshot(rec)
	}
	return nil
}

// openHead reads a signed head. It fails when no key of ours that counted then signed
// it.
func (k *comparison) openHead(rec state.LogRecord) (ledger.Checkpoint, error) {
	cp, _, err := ledger.OpenCheckpoint(rec.Body, k.checker.Trust().For(attest.RoleLog, rec.N))
	return cp, err
}

// headRecord compares a head of the registry with the tree.
func (k *comparison) headRecord(rec state.LogRecord) {
	cp, err := k.openHead(rec)
	where, state := "registry head "+itoa(rec.N), string(rec.Body)
	switch {
	case err != nil:
		k.f.differs(evidence.AlarmLog, "", where, state, "the registry's head of %d entries is not signed by our key: it is not used; somebody changed it or put it there", rec.N)
	case cp.Origin != ledger.CaseOrigin(k.config.Origin, k.id) || cp.Size != rec.N:
		k.f.differs(evidence.AlarmLog, "", where, state, "the registry's head of %d entries is that of another log, or of another size: it is not used; somebody put it there", rec.N)
	case cp.Root != k.tree.Root():
		k.beside.forked.take(rec.N, rec.Body)
	default:
		k.newest = cp
	}
}

// tellHeads tells of the heads that the registry lacks, and of those that are signed
// and not of this log.
func (k *comparison) tellHeads() {
	switch f := k.beside.forked; f.count {
	case 0:
	case 1:
		k.f.differs(evidence.AlarmLog, "", "registry head "+itoa(f.first), string(f.state.Sum(nil)), "our key signed another log of %d entries than the one that was mirrored: it was forked or rewritten; compare the heads that witnesses and recipients have", f.first)
	default:
		k.f.differs(evidence.AlarmLog, "", "registry head "+itoa(f.first), string(f.state.Sum(nil)), "our key signed %d heads, of %d to %d entries, of another log than the one that was mirrored: it was forked or rewritten; compare the heads that witnesses and recipients have", f.count, f.first, f.last)
	}
	switch m := k.beside.missing; m.count {
	case 0:
	case 1:
		k.f.add(evidence.AlarmRecord, "heads from "+itoa(m.first), "the registry lacks the head of %d entries, which is mirrored: it was deleted, or the database was rolled back", m.first)
	default:
		k.f.add(evidence.AlarmRecord, "heads from "+itoa(m.first), "the registry lacks %d heads of %d to %d entries, which are mirrored: they were deleted, or the database was rolled back", m.count, m.first, m.last)
	}
}

// snapshot compares what was kept of the log at a size with what its entries say.
func (k *comparison) snapshot(rec state.LogRecord) {
	what := k.snapshotFault(rec)
	if what != "" {
		k.f.differs(evidence.AlarmLog, "", "snapshot "+itoa(rec.N), string(rec.Body), "the registry's snapshot of the log at %d entries %s", rec.N, what)
	}
}

func (k *comparison) snapshotFault(rec state.LogRecord) string {
	var s state.Kept
	if err := json.Unmarshal(rec.Body, &s); err != nil || s.Size != rec.N {
		return "cannot be read, or is of another size: it is not used; somebody changed it or put it there"
	}
	head := ledger.Checkpoint{Origin: ledger.CaseOrigin(k.config.Origin, k.id), Size: rec.N, Root: k.tree.Root()}
	for version := state.Version; version > 0; version-- {
		if !k.signedHead(state.KeptText(version, head, s.State), s) {
			continue
		}
		if version < state.Version { // one of an earlier program is not used any more
			return ""
		}
		if !slices.Equal(s.Spans, k.spans()) {
			return "has other roots of spans than the log: it is not used; somebody changed it"
		}
		if k.saysSame(s.State) {
			return ""
		}
		return "is signed by our key, and says something else than the entries: processes that began with it believed it. Find out who could use the key of heads, delete the snapshot, and start every process again"
	}
	return "is not signed by our key for this log: it is not used; somebody changed it or put it there"
}

// spans returns the roots of the full spans so far.
func (k *comparison) spans() []ledger.Hash {
	var list []ledger.Hash
	for tiles := range slices.Chunk(k.beside.tiles, ledger.SpanTiles) {
		if root, err := ledger.SpanRoot(tiles); err == nil { // the last one may not be full
			list = append(list, root)
		}
	}
	return list
}

// signedHead reports whether a key of heads signed a text.
func (k *comparison) signedHead(text []byte, s state.Kept) bool {
	for _, key := range k.checker.Trust().For(attest.RoleLog, s.Size) {
		if key.ID() == s.Key && key.Verify(text, s.Signature) {
			return true
		}
	}
	return false
}

// saysSame reports whether a state that was kept is that of the entries so far.
func (k *comparison) saysSame(kept []byte) bool {
	var was, is state.Case
	now, err := json.Marshal(&k.read.said)
	if err != nil || json.Unmarshal(now, &is) != nil || json.Unmarshal(kept, &was) != nil {
		return false
	}
	a, errA := json.Marshal(&is)
	b, errB := json.Marshal(&was)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// tiles compares the registry's tiles with the entries. One that is missing is made
// again by whoever reads the log.
func (k *comparison) tiles(ctx context.Context) error {
	var list partition
	for tile, root := range k.beside.tiles {
		found, _, err := list.at(ctx, k.run, state.KindTile, k.id, int64(tile))
		if err != nil {
			return err
		}
		for _, rec := range found {
			var kept struct {
				Root ledger.Hash `json:"root"`
			}
			if err := json.Unmarshal(rec.Body, &kept); err != nil || kept.Root != root {
				first := rec.N * ledger.TileSize
				k.f.differs(evidence.AlarmLog, "", "tile "+itoa(rec.N), string(rec.Body),
					"the registry's tile of the entries %d to %d is not that of the entries: somebody changed it. Processes refuse the log while it is there; delete it, and it is made again", first, first+ledger.TileSize-1)
			}
		}
	}
	return nil
}

// beyond tells of records beside the log that are of more entries than there are;
// they were looked for before the log was read. Heads that are not far beyond are
// told of by newestHead.
func (k *comparison) beyond() {
	size := k.tree.Size()
	for _, kind := range besideKinds() {
		last, any := k.run.beside[k.id][kind]
		what, most := fmt.Sprintf("of %d entries", last), size
		if kind == state.KindTile {
			what, most = fmt.Sprintf("number %d", last), size/ledger.TileSize-1
		}
		if kind == state.KindCheckpoint {
			most = (size/ledger.TileSize + 2) * ledger.TileSize
		}
		if any && (last >= most && kind == state.KindCheckpoint || last > most || last == 0 && kind != state.KindTile) {
			k.f.add(evidence.AlarmRecord, string(kind)+" beyond "+itoa(last), "the registry has %s, %s, and the log has %d entries: it is not used; somebody put it there", recordName(kind, state.LogRecord{Case: k.id}), what, size)
		}
	}
}

// misfiled takes in an entry of the registry that is kept under keys that are not
// its own.
func (k *comparison) misfiled(index int64) {
	k.f.add(evidence.AlarmEntry, "keys "+itoa(index), "the registry keeps entry %d under keys that are not its own: it is not found by them, or in the place of another; somebody changed it", index)
}
