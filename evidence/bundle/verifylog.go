package bundle

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// notice puts something into the report that is no fault.
func (v *verifier) notice(format string, args ...any) {
	v.report.Notices = append(v.report.Notices, fmt.Sprintf(format, args...))
}

// keyStart and statedStart begin the canonical bytes of every entry about keys of
// the agency, but rosters, and of no other.
const (
	keyStart    = `{"act":"key",`
	statedStart = `{"act":"keys-stated",`
)

// widenTrust reads what the log says of the agency's keys: whoever trusts a root
// trusts what it states, whoever trusts a key those that it introduced.
func (v *verifier) widenTrust(ctx context.Context) error {
	defer v.tellTrust()
	index := int64(0)
	for tile := range v.tiles() {
		m, ok := v.byName[tileName(tile)]
		if !ok {
			continue
		}
		quiet := func(fault) {} // checkLog says what is wrong with a line
		err := v.lines(ctx, m, quiet, func(line []byte) {
			if bytes.HasPrefix(line, []byte(keyStart)) || bytes.HasPrefix(line, []byte(statedStart)) {
				v.widen(line, index)
			}
			index++
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// widen takes in an entry about keys that proves itself; checkLog says what is
// wrong with one that does not.
func (v *verifier) widen(line []byte, index int64) {
	e, f := readEntry(line)
	if f != nil {
		return
	}
	learned, err := v.trust.Take(index, *e)
	if err != nil || v.trust.Rooted() {
		return
	}
	for _, k := range learned {
		before, _, _ := attest.CheckKey(e.Details)
		v.notice("The key %s is trusted because %s, which you trust, introduced it (entry %d).", k.ID(), before.ID(), index)
	}
}

// tellTrust says by which statement of a root the bundle is judged.
func (v *verifier) tellTrust() {
	if !v.trust.Rooted() {
		return
	}
	if serial, at := v.trust.Newest(); serial > 0 {
		v.notice("The agency's root says in this log which keys count; the newest statement is number %d of %s. Compare the number with the one that the agency has published: a later statement may revoke a key.", serial, at)
	} else {
		v.notice("No statement of the root that you trust is in this log, so no key of the agency counts. A bundle from before the agency had a root is checked with its keys alone.")
	}
	if len(attest.KeysOf(attest.AgencyOf(v.checkpoint.Origin), v.given)) > len(v.trust.Roots()) {
		v.notice("Beside the agency's root you named other keys of it. They were not looked at: the root says which count.")
	}
}

// tiles returns how many members with entries to look for: one more than there
// are members is enough to see that some are missing.
func (v *verifier) tiles() int64 {
	return min(tileCount(v.checkpoint.Size), int64(len(v.members))+1)
}

// checkLog reads every entry and compares their root with the signed one.
func (v *verifier) checkLog(ctx context.Context) error {
	v.log = newLogView(v.cover, v.trust)
	size := v.checkpoint.Size
	for tile := range v.tiles() {
		name := tileName(tile)
		v.expected = append(v.expected, name)
		count, err := v.readTile(ctx, name)
		if err != nil {
			return err
		}
		want := min(size-tile*ledger.TileSize, ledger.TileSize)
		if _, there := v.byName[name]; there && count != want {
			code := evidence.Tampered
			if count < want {
				code = evidence.Incomplete
			}
			v.checks.problem(logCheck, name, faultf(code, "it has %d entries and should have %d", count, want))
		}
	}
	if v.expectsEarlier() {
		v.expected = append(v.expected, earlierName)
	}
	got := v.log.tree.Size()
	switch {
	case got != size:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Tampered, "there are %d entries, the signed head covers %d: they are not those that were signed", got, size))
	case v.log.tree.Root() != v.checkpoint.Root:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Tampered, "the entries have the root %s, the signed head says %s: an entry was changed, or their order", v.log.tree.Root(), v.checkpoint.Root))
	}
	for _, f := range v.log.faults() {
		v.checks.problem(logCheck, entriesFolder, f)
	}
	v.compareWithheld()
	v.reportLog()
	v.checks.done(logCheck, got)
	v.checks.done(actsCheck, v.log.shown)
	return nil
}

func (v *verifier) compareWithheld() {
	got, said := v.log.withheld.count, v.cover.Entries
	switch {
	case v.cover.Type == "" || got == said:
	case got > said:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Incomplete, "%d entries are withheld; %s announces %d", got, coverName, said))
	default:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Tampered, "%d entries are withheld; %s announces %d", got, coverName, said))
	}
}

// reportLog takes over what the log says into the report.
func (v *verifier) reportLog() {
	l := v.log
	v.report.Counts.Entries, v.report.Counts.WithheldEntries = l.tree.Size(), l.withheld.count
	v.report.Signers, v.report.WithheldEntries = l.acts.list(), l.withheld.all()
	if t := l.title; t != "" && t != v.of.Title && v.of.Title != "" {
		v.notice("The case was opened under the title %s.", quoted(t))
	}
	if n := l.request.later; n > 0 {
		v.notice("%s after whoever asked for the bundle had listed which are to be withheld: that they are about the withheld exhibits is the agency's word.", plural(n, "withheld entry came into the log", "withheld entries came into the log"))
	}
	for _, what := range []string{l.unknown.notice(), l.rules.notice()} {
		if what != "" {
			v.notice("%s", what)
		}
	}
	if n := l.backwards; n > 0 {
		v.notice("%s a time more than a minute earlier than the entry before, as happens where clocks of several machines differ. The order is that of the log.", plural(n, "entry bears", "entries bear"))
	}
	if n := l.clocks; n > 0 {
		v.notice("%s that the clock of the machine which recorded it was more than a minute behind. The order is that of the log.", plural(n, "entry says", "entries say"))
	}
}

// readTile reads the entries of a tile and returns how many there are.
func (v *verifier) readTile(ctx context.Context, name string) (int64, error) {
	m, ok := v.byName[name]
	if !ok {
		return 0, nil
	}
	count := int64(0)
	broken := func(f fault) { v.checks.problem(logCheck, shown(m), f) }
	return count, v.lines(ctx, m, broken, func(line []byte) {
		index := v.log.tree.Size()
		where := func() string { return fmt.Sprintf("entry %d, %s line %d", index, name, count+1) }
		e, faults, actor := v.log.add(line)
		for _, f := range faults {
			v.checks.problem(logCheck, where(), shownFault(f))
		}
		if actor != nil {
			v.checks.problem(actsCheck, where(), shownFault(*actor))
		}
		if e != nil && v.each != nil {
			v.each(index, e, actor == nil)
		}
		noteRoot(v.earlier, &v.log.tree)
		if v.also != nil && v.also.size == index+1 {
			v.also.got = v.log.tree.Root()
		}
		count++
	})
}

// shownFault returns f with its words fit to print.
func shownFault(f fault) fault {
	f.what = evidence.FileName(f.what).Display()
	return f
}

// lines calls each with every line of m, without its end. A line is at most
// as long as canonical JSON may be; broken is told when one is not.
func (v *verifier) lines(ctx context.Context, m member, broken func(fault), each func(line []byte)) error {
	in := bufio.NewReaderSize(io.NewSectionReader(v.r, contentStart(m), m.length), int(min(m.length+1, 64<<10)))
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > canon.MaxSize+1:
			broken(faultf(evidence.Malformed, "a line has more than %d bytes", canon.MaxSize))
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			if len(line) > 0 {
				broken(faultf(evidence.Malformed, "its last line does not end"))
			}
			return nil
		case err != nil:
			return err
		}
		each(line[:len(line)-1])
		line = line[:0]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
