package bundle

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// notice puts something into the report that is no fault.
func (v *verifier) notice(format string, args ...any) {
	v.report.Notices = append(v.report.Notices, fmt.Sprintf(format, args...))
}

// checkLog reads every entry and compares their root with the signed one.
func (v *verifier) checkLog(ctx context.Context) error {
	v.log = newLogView(v.of.ID)
	size := v.checkpoint.Size
	// A tile more than there are members is enough to see that some are missing.
	for tile := range min(tileCount(size), int64(len(v.members))+1) {
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
	got := v.log.tree.Size()
	v.report.Counts.Entries = got
	switch {
	case got != size:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Tampered, "there are %d entries, the signed head covers %d: they are not those that were signed", got, size))
	case v.log.tree.Root() != v.checkpoint.Root:
		v.checks.problem(logCheck, entriesFolder, faultf(evidence.Tampered, "the entries have the root %s, the signed head says %s: an entry was changed, or their order", v.log.tree.Root(), v.checkpoint.Root))
	}
	if n := v.log.number; n != "" && n != v.of.Number {
		v.checks.problem(contentsCheck, caseName, faultf(evidence.Tampered, "the log has the case's number as %s", quoted(n)))
	}
	if t := v.log.title; t != "" && t != v.of.Title {
		v.notice("The case was opened under the title %s.", quoted(t))
	}
	if n := v.log.backwards; n > 0 {
		v.notice("%d entries bear an earlier time than the entry before them, as happens where clocks of several machines differ.", n)
	}
	v.checks.done(logCheck, got)
	return nil
}

// readTile reads the entries of a tile and returns how many there are.
func (v *verifier) readTile(ctx context.Context, name string) (int64, error) {
	m, ok := v.byName[name]
	if !ok {
		return 0, nil
	}
	count := int64(0)
	return count, v.lines(ctx, m, logCheck, func(line []byte) {
		index := v.log.tree.Size()
		for _, f := range v.log.add(line) {
			v.checks.problem(logCheck, fmt.Sprintf("entry %d, %s line %d", index, name, count+1), shownFault(f))
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
// as long as canonical JSON may be.
func (v *verifier) lines(ctx context.Context, m member, check string, each func(line []byte)) error {
	in := bufio.NewReaderSize(io.NewSectionReader(v.r, contentStart(m), m.length), int(min(m.length+1, 64<<10)))
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > canon.MaxSize+1:
			v.checks.problem(check, shown(m), faultf(evidence.Malformed, "a line has more than %d bytes", canon.MaxSize))
			return nil
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF:
			if len(line) > 0 {
				v.checks.problem(check, shown(m), faultf(evidence.Malformed, "its last line does not end"))
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
