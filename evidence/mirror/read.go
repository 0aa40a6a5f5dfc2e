package mirror

import (
	"context"
	"iter"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Trust is what a log is believed by.
type Trust struct {
	Origin string        // that names the log in its heads: ledger.CaseOrigin
	By     *attest.Trust // of the agency whose log it is; who reads the log has it take in what the entries say of keys
}

// Head is a head that our key signed and that the entries have.
type Head struct {
	Checkpoint ledger.Checkpoint
	Note       []byte
	At         evidence.Instant // when it was stored first, as the object store says
}

// Read yields the entries that a good head covers, each checked: the entry is
// its actor's by the keys that are trusted or that the log itself gave (package
// attest), and the tree of all up to each head has that head's root. Entries are
// yielded before the head that covers them is reached; the last thing yielded is
// an error when one is not good (Tampered, UntrustedKey, Malformed), or when
// there is no good head after the last of them (Incomplete). heads hears of each
// good head, in order.
func (l *Log) Read(ctx context.Context, trust Trust, heads func(Head) error) iter.Seq2[evidence.LogEntry, error] {
	return func(yield func(evidence.LogEntry, error) bool) {
		good, err := l.Heads(ctx, trust)
		if err != nil {
			yield(evidence.LogEntry{}, err)
			return
		}
		checker := attest.NewChecker(trust.By)
		var tree ledger.Tree
		for e, err := range l.Entries(ctx) {
			if err == nil && len(good) > 0 {
				err = l.checkEntry(checker, e)
			}
			if err != nil {
				yield(e, err)
				return
			}
			if len(good) == 0 {
				break // the rest was mirrored, and the head that covers it was not
			}
			tree.Append(ledger.LeafHash(e.Raw))
			if !yield(e, nil) {
				return
			}
			if good, err = l.pass(&tree, good, heads); err != nil {
				yield(e, err)
				return
			}
		}
		if len(good) > 0 || tree.Size() == 0 {
			yield(evidence.LogEntry{}, evidence.Errorf(evidence.Incomplete, "the mirror has %d entries of the log and no good head at its end", tree.Size()))
		}
	}
}

// pass holds the heads of the tree's size against it and returns the others.
func (l *Log) pass(tree *ledger.Tree, good []Head, heads func(Head) error) ([]Head, error) {
	for len(good) > 0 && good[0].Checkpoint.Size == tree.Size() {
		h := good[0]
		good = good[1:]
		if h.Checkpoint.Root != tree.Root() {
			return good, evidence.Errorf(evidence.Tampered, "the mirror's entries are not those that were signed at %d entries", tree.Size())
		}
		if err := heads(h); err != nil {
			return good, err
		}
	}
	return good, nil
}

func (l *Log) checkEntry(checker *attest.Checker, e evidence.LogEntry) error {
	if err := e.Entry.Check(); err != nil {
		return err
	}
	if e.Entry.Case != l.id {
		return evidence.Errorf(evidence.Tampered, "entry %d in the mirror belongs to another log", e.Index)
	}
	return checker.Check(e.Index, e.Entry, e.Raw)
}

// Heads returns the heads that a trusted key signed, by size: of one size
// the one stored first, and another one is odd.
func (l *Log) Heads(ctx context.Context, trust Trust) ([]Head, error) {
	var good []Head
	for n, err := range l.Notes(ctx) {
		if err != nil {
			return nil, err
		}
		key := checkpointKey(l.id, n.Size)
		cp, _, err := ledger.OpenCheckpoint(n.Note, trust.By.For(attest.RoleLog, n.Size))
		switch {
		case err != nil:
			l.odd(Oddity{key, "no key of ours signed it"})
		case cp.Size != n.Size || cp.Origin != trust.Origin:
			l.odd(Oddity{key, "it is the head of another log, or of another size"})
		case len(good) > 0 && good[len(good)-1].Checkpoint.Size == cp.Size:
			if good[len(good)-1].Checkpoint.Root != cp.Root {
				l.odd(Oddity{key, "our key signed two heads of this size: the log was forked"})
			}
		default:
			good = append(good, Head{cp, n.Note, n.At})
		}
	}
	return good, nil
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
