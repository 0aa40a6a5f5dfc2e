package logbook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

const (
	origin  = "spans.example"
	longLog = 2*ledger.SpanSize + 3*ledger.TileSize + 100
	keptAt  = 2*ledger.SpanSize + 2*ledger.TileSize + 7
)

// store keeps one log in memory, and counts what is read of it. It stands for the
// registry because a log of more than a span takes that minutes to write; the
// benchmark of cold cases uses the real one.
type store struct {
	logbook.LogStore // what is not needed here

	mu       sync.Mutex
	entries  []evidence.LogEntry
	planted  map[int64]bool // indexes behind the end under which somebody put a document
	tiles    map[int64]string
	snapshot string
	head     []byte
	read     int // documents
	asked    int // questions
}

func (s *store) count(documents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read, s.asked = s.read+documents, s.asked+1
}

func (s *store) EntryAt(_ context.Context, _ evidence.CaseID, index int64) (evidence.LogEntry, bool, error) {
	s.count(1)
	switch {
	case index < int64(len(s.entries)):
		return s.entries[index], true, nil
	case s.planted[index]:
		return evidence.LogEntry{Index: index}, true, nil
	}
	return evidence.LogEntry{}, false, nil
}

func (s *store) Entries(_ context.Context, _ evidence.CaseID, tile int64) ([]evidence.LogEntry, error) {
	size := int64(len(s.entries))
	list := s.entries[min(tile*ledger.TileSize, size):min((tile+1)*ledger.TileSize, size)]
	s.count(len(list))
	return slices.Clone(list), nil
}

func (s *store) AddTile(context.Context, evidence.CaseID, int64, []byte) error { return nil }

func (s *store) Tiles(_ context.Context, _ evidence.CaseID, span int64) (bodies [][]byte, err error) {
	for tile := span * ledger.SpanTiles; tile < (span+1)*ledger.SpanTiles && s.tiles[tile] != ""; tile++ {
		bodies = append(bodies, []byte(s.tiles[tile]))
	}
	s.count(len(bodies))
	return bodies, nil
}

func (s *store) LastSnapshot(_ context.Context, _ evidence.CaseID, most int64) ([]byte, error) {
	if s.count(1); most < keptAt || s.snapshot == "" {
		return nil, nil
	}
	return []byte(s.snapshot), nil
}

func (s *store) LastCheckpoint(_ context.Context, _ evidence.CaseID, tile int64) ([]byte, error) {
	if s.count(1); tile == longLog/ledger.TileSize {
		return s.head, nil
	}
	return nil, nil
}

// keys are those of an agency without a root.
type keys struct {
	logbook.Keys
	log []evidence.PublicKey
}

func (k keys) Last() logbook.AgencyKeys                          { return logbook.AgencyKeys{Log: k.log} }
func (k keys) Read(context.Context) (logbook.AgencyKeys, error)  { return k.Last(), nil }
func (k keys) Known(context.Context) (logbook.AgencyKeys, error) { return k.Last(), nil }

// long is a log of more than two spans under a signed head, with a snapshot.
type long struct {
	store
	id     evidence.CaseID
	signer evidence.Signer
	keys   keys
	root   ledger.Hash
	kept   state.Kept
}

func newLong(t *testing.T) *long {
	t.Helper()
	l := &long{id: evidence.Derive[evidence.CaseID]("a long log"), signer: ledger.NewLocalKey(origin+"/log", [32]byte{7})}
	l.tiles, l.planted = map[int64]string{}, map[int64]bool{}
	public, err := l.signer.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l.keys.log = public
	var tree ledger.Tree
	var leaves, tiles, spans []ledger.Hash
	said := &state.Case{}
	for i := range int64(longLog) {
		e := evidence.Entry{ID: evidence.EntryID(fmt.Sprint("entry-", i)), Case: l.id, Act: evidence.ActVerified, At: evidence.At(time.Unix(1_800_000_000+i, 0))}
		raw, err := canon.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		l.entries = append(l.entries, evidence.LogEntry{Index: i, Raw: raw, Entry: e})
		leaf := ledger.LeafHash(raw)
		tree.Append(leaf)
		if leaves = append(leaves, leaf); len(leaves) == ledger.TileSize {
			root, err := ledger.TileRoot(leaves)
			if err != nil {
				t.Fatal(err)
			}
			l.tiles[i/ledger.TileSize] = fmt.Sprintf(`{"root":%q}`, root.String())
			tiles, leaves = append(tiles, root), leaves[:0]
		}
		if len(tiles) == ledger.SpanTiles {
			root, err := ledger.SpanRoot(tiles)
			if err != nil {
				t.Fatal(err)
			}
			spans, tiles = append(spans, root), nil
		}
		if said.Add(e); said.Size == keptAt {
			l.kept = state.Kept{Size: keptAt, Spans: spans}
			l.keep(t, said, tree.Root())
		}
	}
	l.root = tree.Root()
	l.head, err = ledger.SignCheckpoint(t.Context(), ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, l.id), Size: longLog, Root: l.root}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// keep signs the snapshot.
func (l *long) keep(t *testing.T, said *state.Case, root ledger.Hash) {
	t.Helper()
	text, err := json.Marshal(said)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := l.signer.Sign(t.Context(), state.KeptText(state.Version, ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, l.id), Size: keptAt, Root: root}, text))
	if err != nil {
		t.Fatal(err)
	}
	l.kept.State, l.kept.Key, l.kept.Signature = text, signed[0].Key.ID(), signed[0].Bytes
	l.put(t, l.kept)
}

// put has the store keep a snapshot.
func (l *long) put(t *testing.T, kept state.Kept) {
	t.Helper()
	body, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	l.snapshot = string(body)
}

// cold returns the log as a process that has read nothing yet has it.
func (l *long) cold(t *testing.T) (*logbook.Log, error) {
	t.Helper()
	b, err := logbook.New(logbook.Config{Store: &l.store, Heads: l.signer, Keys: l.keys, Origin: origin, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close(context.Background()) })
	l.read, l.asked = 0, 0
	log := b.Log(l.id)
	h, err := log.Head(t.Context(), 0)
	if err == nil && (h.Size != longLog || h.Root != l.root || h.Said.Size != longLog || h.Whole() != nil) {
		t.Errorf("the head is of %d entries, %d of them checked, %s; want %s", h.Size, h.Said.Size, h.Root, l.root)
	}
	return log, err
}

// coldDocuments is how many documents a process reads of a log that it has not seen:
// the tiles of its last span, the entries since the snapshot, and a few more.
const coldDocuments = 3 * ledger.TileSize

// TestColdReadsDoNotGrow: a process that reads a long log first reads its end, and
// the rest where it is asked for, and holds it against the signed head there.
func TestColdReadsDoNotGrow(t *testing.T) {
	t.Parallel()
	l := newLong(t)
	log, err := l.cold(t)
	if err != nil || l.read > coldDocuments {
		t.Errorf("%d documents were read, at most %d are wanted: %v", l.read, coldDocuments, err)
	}
	for _, from := range []int64{0, ledger.SpanSize - 5, 2*ledger.SpanSize - 5, longLog - 10} {
		list, err := log.Entries(t.Context(), from, from+10)
		if err != nil || len(list) != 10 || list[0].Index != from {
			t.Errorf("entries from %d: %d, %v", from, len(list), err)
		}
		proof, err := log.ProveInclusion(t.Context(), from, longLog)
		if err == nil {
			err = ledger.VerifyInclusion(ledger.LeafHash(l.entries[from].Raw), from, longLog, proof, l.root)
		}
		if err != nil {
			t.Errorf("a proof of %d: %v", from, err)
		}
	}
	for _, size := range []int64{1, ledger.SpanSize, keptAt} {
		var tree ledger.Tree
		for _, e := range l.entries[:size] {
			tree.Append(ledger.LeafHash(e.Raw))
		}
		if root, err := log.Root(t.Context(), size); err != nil || root != tree.Root() {
			t.Errorf("the root at %d: %s, %v; want %s", size, root, err, tree.Root())
		}
	}
}

// TestColdLies: what the registry says of the spans, of their tiles and of how long
// the log is opens nothing: the log is as it was signed, or is not shown.
func TestColdLies(t *testing.T) {
	t.Parallel()
	l := newLong(t)
	kept, tile := l.kept, l.tiles[9]
	restore := func() {
		l.put(t, kept)
		l.tiles[9] = tile
		clear(l.planted)
	}
	false9 := fmt.Sprintf(`{"root":"%064x"}`, 9)
	for name, tc := range map[string]struct {
		do   func()
		most int  // documents that may be read, 0: all
		bad  bool // entries 2304 to 2559, tile 9, are not shown
	}{
		"another span": {func() {
			l.put(t, state.Kept{Size: kept.Size, Spans: []ledger.Hash{kept.Spans[1], kept.Spans[0]}, State: kept.State, Key: kept.Key, Signature: kept.Signature})
		}, 0, false},
		"no spans": {func() {
			l.put(t, state.Kept{Size: kept.Size, State: kept.State, Key: kept.Key, Signature: kept.Signature})
		}, 0, false},
		"other bytes": {func() { l.snapshot = "{" }, 0, false},
		"no snapshot": {func() { l.snapshot = "" }, 0, false},
		"a size of its own": {func() {
			l.put(t, state.Kept{Size: 1 << 50, Spans: kept.Spans, State: kept.State, Key: kept.Key, Signature: kept.Signature})
		}, 0, false},
		"another tile":      {func() { l.tiles[9] = false9 }, coldDocuments, true},
		"a tile is no tile": {func() { l.tiles[9] = "{" }, coldDocuments, true},
		"a tile is gone":    {func() { l.tiles[9] = "" }, coldDocuments, false},
		"entries far away":  {func() { l.plant() }, coldDocuments, false},
	} {
		restore()
		tc.do()
		log, err := l.cold(t)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if tc.most > 0 && l.read > tc.most || l.asked > 4000 {
			t.Errorf("%s: %d documents were read by %d questions", name, l.read, l.asked)
		}
		list, err := log.Entries(t.Context(), 9*ledger.TileSize, 9*ledger.TileSize+5)
		if tc.bad != (evidence.CodeOf(err) == evidence.Tampered) || !tc.bad && len(list) != 5 {
			t.Errorf("%s: entries of a tile of an old span: %d, %v", name, len(list), err)
		}
		if list, err := log.Entries(t.Context(), longLog-5, longLog); err != nil || len(list) != 5 {
			t.Errorf("%s: the last entries: %d, %v", name, len(list), err)
		}
	}
	restore()
	l.tiles[9], l.snapshot = false9, "" // all tiles are read, and the head is not of these
	if _, err := l.cold(t); evidence.CodeOf(err) != evidence.Tampered {
		t.Errorf("another tile, and no snapshot: %v", err)
	}
}

// plant puts documents behind the end of the log wherever one may look for it.
func (l *long) plant() {
	for n := int64(ledger.SpanTiles); n < 1<<50; n *= 2 {
		if at := n*ledger.TileSize - 1; at > longLog {
			l.planted[at] = true
		}
	}
}
