package logbook

import (
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// edge is what this process knows of a log: the right edge of its tree, and what
// its checked entries say.
type edge struct {
	id evidence.CaseID

	mu      sync.Mutex // guards what follows
	loaded  bool
	broken  error // why the log must not be used: it is not what was signed
	caught  time.Time
	tree    ledger.Tree
	full    ledger.TileRoots
	leaves  []ledger.Hash           // of the last tile, which is not full
	checked map[int64][]ledger.Hash // leaves of a few full tiles that were held against their roots
	said    *state.Case             // of the entries that were checked: all of the tree, or fewer; see examine
	unsure  error                   // why said is of fewer entries than the tree
	lent    bool                    // said is in a head that was given out, and must not be changed
	fresh   []evidence.LogEntry     // the last entries of the tree that were read, up to maxFresh
	lastAt  evidence.Instant        // of the last entry that was read; zero before
	signed  int64                   // size of the newest checkpoint known
	note    []byte
	vouched bool          // the signature of note was checked
	signErr error         // why the last try to sign failed
	grown   chan struct{} // closed when entries come
	kept    int64         // size of the newest snapshot known
}

// maxFresh is of how many entries that were read a log remembers what they say,
// until they are checked.
const maxFresh = 2 * ledger.TileSize

func (l *edge) usedAt() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.caught
}

// recent returns the head when the log was caught up less than age ago, and what
// was read is checked.
func (l *edge) recent(age time.Duration) (Head, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.loaded || l.broken != nil || age <= 0 || time.Since(l.caught) > age || l.said.Size < l.tree.Size() {
		return Head{}, false
	}
	return l.head(), true
}

// head needs mu.
func (l *edge) head() Head {
	l.lent = true
	return Head{Size: l.tree.Size(), Root: l.tree.Root(), Signed: l.signed, Note: l.note, Said: l.said, unsure: l.unsure, Grown: l.grown}
}

func (l *edge) size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.Size()
}

// Known returns what the log says, as far as it was checked here. It must not be
// changed.
func (l *edge) Known() *state.Case {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent = true
	return l.said
}

// own returns what the log says, for a change. It needs mu.
func (l *edge) own() *state.Case {
	if l.lent {
		l.said, l.lent = l.said.Clone(), false
	}
	return l.said
}

// apply appends entries that are on record, in order, to what is known. The
// caller has the turn. It returns the records of the tiles that became full.
func (l *edge) apply(list []evidence.LogEntry) (full []tileRecord, err error) {
	if len(list) == 0 {
		return nil, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range list {
		if e.Index != l.tree.Size() {
			return full, evidence.Errorf(evidence.Tampered, "entry %d of the case's log is missing; nothing is added to a log with a gap", l.tree.Size())
		}
		leaf := ledger.LeafHash(e.Raw)
		l.tree.Append(leaf)
		l.leaves = append(l.leaves, leaf)
		l.lastAt = e.Entry.At
		if len(l.leaves) < ledger.TileSize {
			continue
		}
		root, err := ledger.TileRoot(l.leaves)
		if err != nil {
			return full, err
		}
		full = append(full, tileRecord{root})
		l.full.Add(root)
		l.leaves = nil
	}
	if l.fresh = append(l.fresh, list...); len(l.fresh) > maxFresh {
		l.fresh = slices.Clone(l.fresh[len(l.fresh)-maxFresh:])
	}
	close(l.grown)
	l.grown = make(chan struct{})
	return full, nil
}

func (l *edge) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tree, l.full, l.leaves, l.checked, l.fresh = ledger.Tree{}, ledger.TileRoots{}, nil, nil, nil
	l.said, l.lent, l.vouched, l.signed, l.note, l.kept, l.lastAt = &state.Case{}, false, false, 0, nil, 0, evidence.Instant{}
}

func (l *edge) addTiles(bodies [][]byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, body := range bodies {
		root, err := readTile(body)
		if err != nil {
			return err
		}
		if err := l.tree.AppendTile(root); err != nil {
			return err
		}
		l.full.Add(root)
	}
	return nil
}

// addSpans begins the log with full spans, of which nothing else is read.
func (l *edge) addSpans(roots []ledger.Hash) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, root := range roots {
		if err := l.tree.AppendSpan(root); err != nil {
			return err
		}
		l.full.AddSpan(root)
	}
	return nil
}

// refuse has the log not be used any more, for that reason.
func (l *edge) refuse(why error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = why
	return why
}

// examined returns how many entries are checked.
func (l *edge) examined() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.Size
}

// judge returns nil when the rules of the log allow an act next. A log that says
// no rules is of before there were any.
func (l *edge) judge(e evidence.Entry) error {
	if said := l.Known(); said.Rules > 0 {
		return said.Judge(e)
	}
	return nil
}

// takeIn takes in what entries say that were just inserted; next is what the log
// says when more than these are.
func (l *edge) takeIn(list []evidence.LogEntry, next *state.Case) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if next.Size == l.said.Size+int64(len(list)) {
		l.said, l.lent = next, false
		return
	}
	for _, e := range list {
		l.own().Add(e.Entry)
	}
}

// compare holds the entries of a tile, as the registry gives them, against the
// hashes that are known: that of a full tile is (tiles.know).
func (l *edge) compare(tile int64, entries []evidence.LogEntry) error {
	leaves := make([]ledger.Hash, len(entries))
	for i, e := range entries {
		leaves[i] = ledger.LeafHash(e.Raw)
		if e.Index != tile*ledger.TileSize+int64(i) {
			return evidence.Errorf(evidence.Incomplete, "the case's log lacks entries before %d", e.Index)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	same := true
	switch known := l.full.Count(); {
	case tile < known:
		root, err := ledger.TileRoot(leaves)
		if err != nil {
			return evidence.WrapError(evidence.Incomplete, err, "tile %d of the case's log lacks entries", tile)
		}
		want, ok := l.full.Root(tile)
		same = ok && root == want
	case tile == known:
		n := min(len(leaves), len(l.leaves))
		same = slices.Equal(leaves[:n], l.leaves[:n])
	}
	if !same {
		return evidence.Errorf(evidence.Tampered, "the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			tile*ledger.TileSize, tile*ledger.TileSize+int64(len(entries))-1)
	}
	return nil
}
