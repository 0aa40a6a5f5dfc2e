package custody

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// caseLog is what this process knows of the log of one case: the right edge of
// its tree and its tally. Other processes append to the same log; what is here
// is always a true beginning of it, and is caught up when that matters.
type caseLog struct {
	s  *Service
	id evidence.CaseID

	turn chan struct{} // held by whoever reads or writes the registry to bring the log on

	mu      sync.Mutex // guards what follows
	loaded  bool
	broken  error // why the log must not be used: it is not what was signed
	caught  time.Time
	tree    ledger.Tree
	roots   []ledger.Hash           // of the full tiles
	leaves  []ledger.Hash           // of the last tile, which is not full
	checked map[int64][]ledger.Hash // leaves of a few full tiles that were held against their roots
	total   tally
	last    tally // of the last tile
	signed  int64 // size of the newest checkpoint known
	note    []byte
	vouched bool          // the signature of note was checked
	sound   int64         // entries that their actors signed, as was checked; see examine
	signErr error         // why the last try to sign failed
	grown   chan struct{} // closed when entries come

	mirrored   int64        // entries that are mirrored without a gap, as far as is known
	unmirrored []signedHead // heads that wait to be mirrored, by size

	examining sync.Mutex // guards checker
	checker   *attest.Checker

	queueMu sync.Mutex
	queue   queue

	exhibitMu sync.Mutex
	exhibit   int // the highest number known to be taken
}

// log returns the log of a case, which need not have been read yet.
func (s *Service) log(c evidence.CaseID) *caseLog {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.logs[c]
	if !ok {
		l = &caseLog{s: s, id: c, turn: make(chan struct{}, 1), grown: make(chan struct{}), queue: queue{wake: make(chan struct{}, 1)}}
		s.logs[c] = l
	}
	return l
}

// take waits for the turn to work with the registry.
func (l *caseLog) take(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return evidence.WrapError(evidence.Unavailable, ctx.Err(), "waiting for the case's log took longer than the request may")
	}
}

func (l *caseLog) release() { <-l.turn }

// head is a state of the log at one moment.
type head struct {
	size   int64
	root   ledger.Hash
	signed int64
	note   []byte
	tally  tally // its maps must not be changed
	grown  <-chan struct{}
}

// refresh brings the log up to date unless that happened less than age ago,
// and returns its head.
func (l *caseLog) refresh(ctx context.Context, age time.Duration) (head, error) {
	if h, ok := l.recent(age); ok {
		return h, nil
	}
	if err := l.take(ctx); err != nil {
		return head{}, err
	}
	defer l.release()
	if h, ok := l.recent(age); ok { // another did it while this one waited
		return h, nil
	}
	if _, err := l.catchUp(ctx); err != nil {
		return head{}, err
	}
	// What cannot be examined now is read all the same: no head is signed over it.
	_ = l.examine(ctx, l.size())
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return head{}, l.broken
	}
	return l.head(), nil
}

// recent returns the head when the log was caught up less than age ago.
func (l *caseLog) recent(age time.Duration) (head, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.loaded || l.broken != nil || age <= 0 || time.Since(l.caught) > age {
		return head{}, false
	}
	return l.head(), true
}

// head needs mu.
func (l *caseLog) head() head {
	total := tally{}
	total.join(l.total)
	return head{size: l.tree.Size(), root: l.tree.Root(), signed: l.signed, note: l.note, tally: total, grown: l.grown}
}

func (l *caseLog) size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.Size()
}

// tileRecord is what the registry keeps of a full tile.
type tileRecord struct {
	Root  ledger.Hash `json:"root"`
	Tally tally       `json:"tally"`
}

// apply appends entries that are on record, in order, to what is known. The
// caller has the turn. It returns the records of the tiles that became full.
func (l *caseLog) apply(list []evidence.LogEntry) (full []tileRecord, err error) {
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
		l.total.add(e.Entry)
		l.last.add(e.Entry)
		if len(l.leaves) < ledger.TileSize {
			continue
		}
		root, err := ledger.TileRoot(l.leaves)
		if err != nil {
			return full, err
		}
		full = append(full, tileRecord{root, l.last})
		l.roots = append(l.roots, root)
		l.leaves, l.last = nil, tally{}
	}
	close(l.grown)
	l.grown = make(chan struct{})
	return full, nil
}

// keepTiles records full tiles that end before size. They can be made again
// from the entries, so a failure only costs whoever reads the log next.
func (l *caseLog) keepTiles(ctx context.Context, full []tileRecord) {
	first := l.size()/ledger.TileSize - int64(len(full))
	for i, record := range full {
		body, err := json.Marshal(record)
		if err == nil {
			err = l.s.registry.AddTile(ctx, l.id, first+int64(i), body)
		}
		if err != nil {
			l.s.logger.WarnContext(ctx, "keeping a tile of a log", slog.String("case", string(l.id)), slog.Any("error", err))
			return
		}
	}
}
