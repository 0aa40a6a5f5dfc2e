package bundle

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
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
	last, number := 0, 0
	err := v.lines(ctx, m, contentsCheck, func(line []byte) {
		number++
		var l itemLine
		if err := canon.Unmarshal(line, &l); err != nil {
			v.checks.fail(contentsCheck, fmt.Sprintf("%s line %d", itemsName, number), err)
			return
		}
		if l.Item.Exhibit <= last {
			v.checks.problem(contentsCheck, fmt.Sprintf("%s line %d", itemsName, number), faultf(evidence.Tampered, "the exhibits are not in the order of their numbers"))
		}
		last = l.Item.Exhibit
		if err := v.checkItem(l); err != nil && failed == nil {
			failed = err
		}
	})
	if err != nil || failed != nil {
		return orElse(err, failed)
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

func orElse(first, second error) error {
	if first != nil {
		return first
	}
	return second
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
func (v *verifier) checkItem(l itemLine) error {
	it, at := l.Item, exhibitFolder(l.Item.Exhibit)
	disclosed := l.Member != ""
	x := Exhibit{
		Number: evidence.ExhibitNumber(v.of.Number, it.Exhibit), Item: it.ID, Name: it.Name, Member: l.Member,
		Length: it.Length, Digest: it.Digest, ReceivedAt: it.ReceivedAt, Reason: l.Withheld, Result: ExhibitVerified,
	}
	problem := func(check string, faults ...fault) {
		for _, f := range faults {
			x.Result = ExhibitFailed
			v.checks.problem(check, at, shownFault(f))
		}
	}
	problem(contentsCheck, checkLine(l, v.of.ID)...)
	problem(itemsCheck, v.log.checkItem(it, disclosed)...)
	if disclosed {
		v.report.Counts.Items++
		v.report.Counts.Bytes += it.Length
		if err := v.checkItemSeal(it, problem); err != nil {
			return err
		}
		v.checkItemBytes(it, problem)
	} else {
		v.report.Counts.Withheld++
		x.Result = v.withheldResult(it, x.Result)
	}
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
	opened, faults := checkSeal(envelope, v.trusted, v.of.Number, it, v.log.items[it.ID])
	if opened {
		v.report.Counts.Seals++
	}
	problem(sealsCheck, faults...)
	return nil
}

// checkItemBytes compares the bytes of a disclosed item, as the walk hashed
// them, with what the list says.
func (v *verifier) checkItemBytes(it evidence.Item, problem func(string, ...fault)) {
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
	}
}

// withheldResult returns how a withheld item, so far so, is to be shown.
func (v *verifier) withheldResult(it evidence.Item, so ExhibitResult) ExhibitResult {
	seen := v.log.items[it.ID]
	switch {
	case so == ExhibitFailed:
		return so
	case seen != nil && seen.quarantined:
		v.notice("%s is quarantined: after it was received, storage gave other bytes than were received. It is not in the bundle.", exhibitFolder(it.Exhibit))
		return ExhibitQuarantined
	default:
		return ExhibitWithheld
	}
}
