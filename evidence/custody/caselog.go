package custody

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// caseLog is what this process knows of the log of one case: the right edge of
// its tree, and what its checked entries say. Other processes append to the same
// log; what is here is always a true beginning of it, and is caught up when that
// matters.
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
		if len(s.logs) >= s.config.Logs {
			s.forgetLogs()
		}
		l = &caseLog{
			s: s, id: c, turn: make(chan struct{}, 1), grown: make(chan struct{}), queue: queue{wake: make(chan struct{}, 1)}, said: &state.Case{},
		}
		s.logs[c] = l
	}
	return l
}

// forgetLogs forgets the half of the logs that were used longest ago, but those
// that have work to do. It needs mu. Whoever holds a log that is forgotten goes on
// with it; another is read anew, as by another process.
func (s *Service) forgetLogs() {
	idle := make([]*caseLog, 0, len(s.logs))
	for _, l := range s.logs {
		if _, due := s.due[l]; !due && l.idle() {
			idle = append(idle, l)
		}
	}
	slices.SortFunc(idle, func(a, b *caseLog) int { return a.usedAt().Compare(b.usedAt()) })
	for _, l := range idle[:min(len(idle), (s.config.Logs+1)/2)] {
		delete(s.logs, l.id)
	}
}

// idle reports whether nothing waits to be appended, signed or mirrored.
func (l *caseLog) idle() bool {
	l.queueMu.Lock()
	busy := l.queue.running
	l.queueMu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	return !busy && len(l.unmirrored) == 0 && l.id != evidence.RegisterID() && l.broken == nil
}

func (l *caseLog) usedAt() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.caught
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
	said   *state.Case // never changed; of fewer entries than size where some could not be checked
	unsure error       // why
	grown  <-chan struct{}
}

// whole returns nil when the head says what all its entries say, and why not
// otherwise: something may have happened that is not known here.
func (h head) whole() error {
	switch code := evidence.CodeOf(h.unsure); {
	case h.said.Size >= h.size:
		return nil
	case code != "" && !code.Retryable():
		return h.unsure
	case code == evidence.Sealed:
		return evidence.WrapError(code, h.unsure, "Vault is sealed, and the last entries of the case's log cannot be checked; nothing was recorded: try again when it is unsealed")
	default:
		return evidence.WrapError(evidence.Unavailable, h.unsure, "the last entries of the case's log cannot be checked now; nothing was recorded: try again")
	}
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
	// What cannot be examined now is read all the same: no head is signed over it,
	// and it says nothing of the case.
	unsure := l.examine(ctx, l.size())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsure = unsure
	if l.broken != nil {
		return head{}, l.broken
	}
	return l.head(), nil
}

// recent returns the head when the log was caught up less than age ago, and what
// was read is checked.
func (l *caseLog) recent(age time.Duration) (head, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.loaded || l.broken != nil || age <= 0 || time.Since(l.caught) > age || l.said.Size < l.tree.Size() {
		return head{}, false
	}
	return l.head(), true
}

// head needs mu.
func (l *caseLog) head() head {
	l.lent = true
	return head{size: l.tree.Size(), root: l.tree.Root(), signed: l.signed, note: l.note, said: l.said, unsure: l.unsure, grown: l.grown}
}

func (l *caseLog) size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tree.Size()
}

// maxFresh is of how many entries that were read a log remembers what they say,
// until they are checked.
const maxFresh = 2 * ledger.TileSize

// known returns what the log says, as far as it was checked here. It must not be
// changed.
func (l *caseLog) known() *state.Case {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lent = true
	return l.said
}

// own returns what the log says, for a change. It needs mu.
func (l *caseLog) own() *state.Case {
	if l.lent {
		l.said, l.lent = l.said.Clone(), false
	}
	return l.said
}

// tileRecord is what the registry keeps of a full tile.
type tileRecord struct {
	Root ledger.Hash `json:"root"`
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
		l.lastAt = e.Entry.At
		if len(l.leaves) < ledger.TileSize {
			continue
		}
		root, err := ledger.TileRoot(l.leaves)
		if err != nil {
			return full, err
		}
		full = append(full, tileRecord{root})
		l.roots = append(l.roots, root)
		l.leaves = nil
	}
	if l.fresh = append(l.fresh, list...); len(l.fresh) > maxFresh {
		l.fresh = slices.Clone(l.fresh[len(l.fresh)-maxFresh:])
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
