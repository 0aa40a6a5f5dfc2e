package audit

import (
	"bytes"
	"context"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// comparison is one log under comparison.
type comparison struct {
	*run
	f       *findings
	id      evidence.CaseID
	checker *attest.Checker
	heads   []mirror.Head // of the mirror, by size, those that are not passed
	held    ledger.Checkpoint
	tree    ledger.Tree // of the entries as they are believed
	own     ledger.Tree // of the registry's entries, while it has them
	read    caseRead
	lost    int64 // entries that only the mirror has, from here on; -1: none
	garbled int64 // index of the entry of the registry that could not be read last; -1: none
	changed changed
	refused refused
	clock   behind
	beside  beside
	newest  ledger.Checkpoint // of the registry's heads that our key signed
}

// log compares the entries of a log in the registry with those in the mirror,
// checks who signed each and holds the tree against every head: the mirror's,
// the registry's newest and the register's. It returns what the entries say that
// passed every check, as the mirror has them where it does, and visit hears of
// each of those. It reads what is there: no number in an entry has it go on.
func (r *run) log(ctx context.Context, c evidence.CaseID, f *findings, visit func(evidence.Entry)) (*caseRead, error) {
	l, by := r.config.Mirror.Log(c, r.odd(f)), r.trust()
	heads, err := l.Heads(ctx, mirror.Trust{Origin: ledger.CaseOrigin(r.config.Origin, c), By: by})
	if err != nil {
		return nil, err
	}
	k := &comparison{
		run: r, f: f, id: c, checker: attest.NewChecker(by), heads: heads, held: r.heads[c], lost: -1, garbled: -1,
	}
	k.keptOut()
	if err := k.walk(ctx, l.Entries(ctx), r.registered(ctx, c, k.misfiled), visit); err != nil {
		return nil, err
	}
	k.end()
	if err := r.unreadable(f, "what is kept of its tiles", k.tiles(ctx)); err != nil {
		return nil, err
	}
	if err := r.unreadable(f, "the newest head", k.newestHead(ctx)); err != nil {
		return nil, err
	}
	k.read.checker = k.checker
	return &k.read, r.unreadable(f, "what is mirrored", r.mirrorLocks(ctx, mirror.LogFolder(c), f))
}

// walk compares the entries of a log in the mirror with those in the registry, both
// by index, and takes in what they say.
func (k *comparison) walk(ctx context.Context, inMirror, inRegistry iter.Seq2[evidence.LogEntry, error], visit func(evidence.Entry)) error {
	mirrored, stop := iter.Pull2(inMirror)
	defer stop()
	registered, stopRegistered := iter.Pull2(inRegistry)
	defer stopRegistered()
	m, merr, more := mirrored()
	e, eerr, left := registered()
	for index := int64(0); more || left; index++ {
		if more && merr != nil {
			if err := k.f.broke(evidence.AlarmObject, "mirror "+itoa(index), merr); err != nil {
				return err
			}
			more = false
			index--
			continue
		}
		if left && eerr != nil { // the others are not to blame
			if err := k.f.broke(evidence.AlarmEntry, itoa(e.Index), eerr); err != nil {
				return err
			}
			k.garbled = e.Index
			e, eerr, left = registered()
			index--
			continue
		}
		if left && e.Index < index {
			k.f.add(evidence.AlarmEntry, itoa(e.Index), "the registry has entry %d twice", e.Index)
			e, eerr, left = registered()
			index--
			continue
		}
		isMirrored, isRegistered := more && m.Index == index, left && e.Index == index
		believed := m
		switch {
		case !isMirrored && isRegistered:
			believed = e
		case !isMirrored:
			k.f.add(evidence.AlarmLog, "gap "+itoa(index), "the entries from %d to %d are neither in the registry nor in the mirror", index, e.Index-1)
			return nil
		}
		k.compare(index, m, e, isMirrored, isRegistered)
		if err := k.take(ctx, believed, visit); err != nil {
			return err
		}
		if isMirrored {
			m, merr, more = mirrored()
		}
		if isRegistered {
			e, eerr, left = registered()
		}
	}
	return nil
}

// missing reports a run of entries that the registry lacks, up to an index.
func (k *comparison) missing(end int64) {
	k.f.add(evidence.AlarmLog, "missing "+itoa(k.lost), "the entries %d to %d are mirrored and not in the registry: they were deleted, or the database was rolled back", k.lost, end-1)
	k.lost = -1
}

// compare holds what the registry has at a place against what the mirror has.
func (k *comparison) compare(index int64, m, e evidence.LogEntry, inMirror, inRegistry bool) {
	if !inRegistry && index == k.garbled { // it is there, and is told already
		k.own.Append(ledger.LeafHash(nil))
	}
	if inRegistry {
		k.own.Append(ledger.LeafHash(e.Raw))
	}
	if k.lost >= 0 && (inRegistry || index == k.garbled) {
		k.missing(index)
	}
	switch {
	case inMirror && !inRegistry && k.lost < 0 && index != k.garbled:
		k.lost = index
	case inMirror && inRegistry && !bytes.Equal(m.Raw, e.Raw):
		k.change(m, e)
	}
}

// take takes in an entry as it is believed.
func (k *comparison) take(ctx context.Context, e evidence.LogEntry, visit func(evidence.Entry)) error {
	k.progress.Entries++
	if k.progress.Entries%1024 == 0 {
		if err := k.step(ctx, k.f); err != nil {
			return err
		}
	}
	k.append(ledger.LeafHash(e.Raw))
	if err := k.check(e); err != nil {
		k.refuse(e.Index, evidence.MessageOf(err))
		k.read.bad()
		return k.passHeads(ctx)
	}
	if err := k.keysOf(ctx, e); err != nil {
		return err
	}
	if behind := e.Entry.Details["clock"]; behind != "" {
		k.late(e.Index, behind)
	}
	k.read.good(e)
	k.f.sealed = k.read.said.Class() == evidence.ClassSealed
	visit(e.Entry)
	return k.passHeads(ctx)
}

// check returns nil for an entry that has the form of one, is of this log, is
// signed by its actor and may follow, by the rules of the log.
func (k *comparison) check(e evidence.LogEntry) error {
	if err := e.Entry.Check(); err != nil {
		return err
	}
	if e.Entry.Case != k.id {
		return evidence.Errorf(evidence.Tampered, "it belongs to another log")
	}
	if err := k.checker.Check(e.Index, e.Entry, e.Raw); err != nil {
		return err
	}
	if k.read.said.Rules > 0 { // a log that says no rules is of before there were any
		return k.read.said.Judge(e.Entry)
	}
	return nil
}

// passHeads holds the heads of the tree's size against it.
func (k *comparison) passHeads(ctx context.Context) error {
	size, mirrored := k.tree.Size(), false
	for len(k.heads) > 0 && k.heads[0].Checkpoint.Size <= size {
		h, note := k.heads[0].Checkpoint, k.heads[0].Note
		k.heads, mirrored = k.heads[1:], true
		k.read.heads = append(k.read.heads, h.Size)
		if _, _, err := ledger.OpenCheckpoint(note, k.checker.Trust().For(attest.RoleLog, size)); err != nil {
			k.f.add(evidence.AlarmLog, "head key "+itoa(h.Size), "the head that was mirrored at %d entries is signed by a key that was revoked before", h.Size)
		}
		if h.Root != k.tree.Root() {
			k.f.add(evidence.AlarmLog, "head "+itoa(h.Size), "the head that was mirrored at %d entries is that of another log: it was forked or rewritten", h.Size)
		}
	}
	if k.held.Size == size && k.held.Root != k.tree.Root() {
		k.f.add(evidence.AlarmLog, "register "+itoa(size), "the register has another head of this log at %d entries: it was forked or rewritten", size)
	}
	return k.passRecords(ctx, mirrored)
}

// end reports what was promised beyond the last entry.
func (k *comparison) end() {
	size := k.tree.Size()
	k.tellLate()
	k.tellChanged()
	k.tellRefused()
	k.tellHeads()
	k.beyond()
	k.read.end()
	if k.lost >= 0 {
		k.missing(size)
	}
	if last, any := k.last[k.id]; any && last >= size { // it was looked for before the log was read
		k.f.add(evidence.AlarmLog, "beyond "+itoa(last), "the registry has an entry %d, and the log ends at %d: what lies behind the gap was never recorded, or the entries before it were deleted", last, size)
	}
	for _, h := range k.heads {
		k.f.add(evidence.AlarmLog, "head "+itoa(h.Checkpoint.Size), "our key signed a head of %d entries, and there are %d", h.Checkpoint.Size, size)
	}
	if k.held.Size > size {
		k.f.add(evidence.AlarmLog, "register "+itoa(k.held.Size), "the register has a head of %d entries of this log, and there are %d", k.held.Size, size)
	}
}
