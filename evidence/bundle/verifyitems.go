package bundle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/collection"
)

// maxSeal is the longest seal that is read, in bytes.
const maxSeal = 64 << 10

// checkItems walks through the list of items and checks, for each, its seal,
// its bytes and what the log says; then whether any is left out.
func (v *verifier) checkItems(ctx context.Context) error {
	v.expected = append(v.expected, itemsName)
	m, ok := v.byName[itemsName]
	if !ok {
		return nil
	}
	var failed error
	last, number, hidden := 0, 0, int64(0)
	broken := func(f fault) { v.checks.problem(itemsCheck, itemsName, f) }
	err := v.lines(ctx, m, broken, func(line []byte) {
		number++
		problem := func(f fault) {
			v.checks.problem(itemsCheck, fmt.Sprintf("%s line %d", itemsName, number), shownFault(f))
		}
		l, f := readItemLine(line)
		if f != nil {
			problem(*f)
			return
		}
		switch n := l.number(); {
		case n <= last:
			problem(faultf(evidence.Tampered, "the exhibits are not in the order of their numbers"))
		case n > last+1:
			problem(faultf(evidence.Incomplete, "the exhibits between %d and %d are neither in the bundle nor listed as withheld", last, n))
		}
		last = l.number()
		if l.Item == nil {
			hidden++
		}
		if err := v.checkItem(ctx, l); err != nil && failed == nil {
			failed = err
		}
	})
	if err != nil || failed != nil {
		return cmp.Or(err, failed)
	}
	if n := v.log.withheld.count; hidden > n {
		v.checks.problem(itemsCheck, itemsName, faultf(evidence.Tampered, "%d exhibits are withheld with all their entries, and only %d entries are withheld", hidden, n))
	}
	for _, f := range v.log.listFaults() {
		v.checks.problem(itemsCheck, itemsName, f)
	}
	counts := v.report.Counts
	v.compareTotals(counts)
	v.checks.done(sealsCheck, int64(counts.Items))
	v.checks.done(itemsCheck, int64(counts.Items))
	for _, it := range v.log.unlisted() {
		v.checks.problem(completenessCheck, exhibitFolder(it.exhibit), faultf(evidence.Incomplete,
			"the log says that it was received; it is neither in the bundle nor listed as withheld"))
	}
	v.checks.done(completenessCheck, int64(len(v.log.order)))
	return nil
}

// readItemLine reads a line of the list, whose form must be good.
func readItemLine(line []byte) (itemLine, *fault) {
	var l itemLine
	if err := canon.Unmarshal(line, &l); err != nil {
		return l, &fault{evidence.Malformed, evidence.MessageOf(err)}
	}
	return l, checkForm(l)
}

// compareTotals compares what was counted with what the cover announces.
func (v *verifier) compareTotals(n Counts) {
	c := v.cover
	if c.Type == "" {
		return
	}
	if n.Items < c.Items || n.Withheld < c.Withheld {
		v.checks.problem(contentsCheck, itemsName, faultf(evidence.Incomplete, "%d exhibits and %d withheld ones are listed; %s announces %d and %d",
			n.Items, n.Withheld, coverName, c.Items, c.Withheld))
	} else if n.Items != c.Items || n.Withheld != c.Withheld || n.Bytes != c.Bytes {
		v.checks.problem(contentsCheck, itemsName, faultf(evidence.Tampered, "%d exhibits of %d bytes and %d withheld ones are listed; %s announces %d of %d and %d",
			n.Items, n.Bytes, n.Withheld, coverName, c.Items, c.Bytes, c.Withheld))
	}
}

// checkItem checks one line of the list. The error is the reader's.
func (v *verifier) checkItem(ctx context.Context, l itemLine) error {
	at := exhibitFolder(l.number())
	x := Exhibit{Number: evidence.ExhibitNumber(v.of.Number, l.number()), Item: l.ID, Member: l.Member, Reason: l.Withheld, Result: ExhibitVerified}
	if it := l.Item; it != nil {
		x.Item, x.Name, x.Length, x.Digest, x.ReceivedAt = it.ID, it.Name, it.Length, it.Digest, it.ReceivedAt
	}
	problem := func(check string, faults ...fault) {
		for _, f := range faults {
			x.Result = ExhibitFailed
			v.checks.problem(check, at, shownFault(f))
		}
	}
	problem(itemsCheck, checkLine(l, v.of.ID)...)
	problem(itemsCheck, v.log.checkLine(l)...)
	if l.Member != "" {
		v.report.Counts.Items++
		v.report.Counts.Bytes += l.Item.Length
		if err := v.checkItemSeal(*l.Item, problem); err != nil {
			return err
		}
		if v.checkItemBytes(*l.Item, problem) && !l.Item.Collection.IsZero() {
			if err := v.checkCollection(ctx, *l.Item, problem); err != nil {
				return err
			}
		}
	} else {
		v.report.Counts.Withheld++
		x.Result = v.withheldResult(l, x.Result)
	}
	x.Timeline = append([]Event{}, v.log.acts.of(x.Item)...)
	v.report.Exhibits = append(v.report.Exhibits, x)
	return nil
}

// checkItemSeal opens the seal of a disclosed item.
func (v *verifier) checkItemSeal(it evidence.Item, problem func(string, ...fault)) error {
	name := sealName(it)
	v.expected = append(v.expected, name)
	envelope, ok, err := v.read(name, maxSeal)
	if err != nil {
		return err
	}
	if !ok {
		problem(sealsCheck, faultf(evidence.Incomplete, "its seal is missing"))
		return nil
	}
	opened, faults := checkSeal(envelope, v.trust, v.of.Number, it, v.log.items[it.ID])
	if opened {
		v.report.Counts.Seals++
	}
	problem(sealsCheck, faults...)
	return nil
}

// checkItemBytes compares the bytes of a disclosed item, as the walk hashed
// them, with what the list says, and returns whether they are those.
func (v *verifier) checkItemBytes(it evidence.Item, problem func(string, ...fault)) bool {
	name := evidenceName(it)
	v.expected = append(v.expected, name)
	m, there := v.byName[name]
	switch {
	case !there:
		problem(itemsCheck, faultf(evidence.Incomplete, "its bytes are missing"))
	case m.length != it.Length:
		problem(itemsCheck, faultf(evidence.Tampered, "it has %d bytes; %d were received and sealed", m.length, it.Length))
	case m.sum != it.Digest:
		problem(itemsCheck, faultf(evidence.Tampered, "its bytes have the SHA-256 %s; what was received and sealed has %s", m.sum, it.Digest))
	default:
		return true
	}
	return false
}

// checkCollection checks that the bytes of an item, which are right, are the
// collection that was received. The error is the reader's.
func (v *verifier) checkCollection(ctx context.Context, it evidence.Item, problem func(string, ...fault)) error {
	m := v.byName[evidenceName(it)]
	content := io.NewSectionReader(v.r, m.offset+int64(len(appendLocal(nil, m, 0))), m.length)
	found, err := collection.Check(ctx, collection.At(content), m.length, it.Collection, nil)
	if _, ok := errors.AsType[*evidence.Error](err); err != nil && !ok {
		return err
	}
	if err != nil {
		problem(itemsCheck, faultf(evidence.Tampered, "it is not the collection that was received: %s", evidence.MessageOf(err)))
		return nil
	}
	v.notice("%s is a collection: %d files, %d folders, %d links, %d others. When it was made %d of them could not be read, or not whole: its manifest says which, and why.",
		exhibitFolder(it.Exhibit), found.Files, found.Folders, found.Links, found.Others, found.Missing)
	return nil
}

// withheldResult returns how a withheld item, so far so, is to be shown.
func (v *verifier) withheldResult(l itemLine, so ExhibitResult) ExhibitResult {
	switch {
	case so == ExhibitFailed:
		return so
	case l.Item != nil:
		v.notice("%s is quarantined: after it was received, storage gave other bytes than were received. It is not in the bundle.", exhibitFolder(l.number()))
		return ExhibitQuarantined
	default:
		return ExhibitWithheld
	}
}
