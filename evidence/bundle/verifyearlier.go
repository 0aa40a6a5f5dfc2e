package bundle

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// readEarlier reads which heads the log must continue, before the log is read.
func (v *verifier) readEarlier(ctx context.Context) error {
	m, ok := v.byName[earlierName]
	if !ok || !v.expectsEarlier() {
		return nil
	}
	seen, number := map[evidence.DisclosureID]bool{v.cover.ID: true}, 0
	broken := func(f fault) { v.checks.problem(earlierCheck, earlierName, f) }
	err := v.lines(ctx, m, broken, func(line []byte) {
		number++
		problem := func(f fault) {
			v.checks.problem(earlierCheck, fmt.Sprintf("%s line %d", earlierName, number), shownFault(f))
		}
		h, ok := v.readEarlierLine(line, problem)
		if !ok {
			return
		}
		n := len(v.earlier)
		if seen[h.id] || n > 0 && compareEarlier(v.earlier[n-1], h) >= 0 {
			problem(faultf(evidence.Malformed, "it is not in its order, or lists a disclosure that is listed already, or this one"))
			return
		}
		seen[h.id] = true
		v.earlier = append(v.earlier, h)
	})
	if err != nil {
		return err
	}
	switch said := v.cover.Earlier; {
	case v.cover.Type == "":
	case number < said:
		v.checks.problem(earlierCheck, earlierName, faultf(evidence.Incomplete, "%d earlier disclosures are listed; %s announces %d", number, coverName, said))
	case number > said:
		v.checks.problem(earlierCheck, earlierName, faultf(evidence.Tampered, "%d earlier disclosures are listed; %s announces %d", number, coverName, said))
	}
	return nil
}

// expectsEarlier reports whether earlier disclosures should be listed, or may be
// where the bundle's own words cannot be read.
func (v *verifier) expectsEarlier() bool {
	_, there := v.byName[earlierName]
	return v.cover.Earlier > 0 || v.cover.Type == "" && there
}

// readEarlierLine reads one line. It returns false when the head that it names
// cannot be looked for in the log.
func (v *verifier) readEarlierLine(line []byte, problem func(fault)) (earlierHead, bool) {
	var l earlierLine
	if err := canon.Unmarshal(line, &l); err != nil {
		problem(fault{evidence.Malformed, evidence.MessageOf(err)})
		return earlierHead{}, false
	}
	if _, err := evidence.ParseID[evidence.DisclosureID](string(l.Disclosure)); err != nil {
		problem(faultf(evidence.Malformed, "it names no disclosure"))
		return earlierHead{}, false
	}
	cp, err := ledger.ParseCheckpoint([]byte(l.Checkpoint))
	if err != nil {
		problem(fault{evidence.Malformed, evidence.MessageOf(err)})
		return earlierHead{}, false
	}
	if _, _, err := ledger.OpenCheckpoint([]byte(l.Checkpoint), v.trust.For(attest.RoleLog, cp.Size)); err != nil {
		problem(fault{codeOf(err), evidence.MessageOf(err)})
	}
	if cp.Origin != v.checkpoint.Origin || cp.Size != l.Size || cp.Size < 1 || cp.Size > v.checkpoint.Size {
		problem(faultf(evidence.Tampered, "its head is of another log, %s, or has another size than is said, %d", cp.Origin, cp.Size))
		return earlierHead{}, false
	}
	return earlierHead{id: l.Disclosure, size: cp.Size, root: cp.Root}, true
}

// checkEarlier compares the heads with the log, which was read meanwhile.
func (v *verifier) checkEarlier() {
	for _, f := range v.log.checkEarlier(v.earlier) {
		v.checks.problem(earlierCheck, earlierName, shownFault(f))
	}
	index := map[evidence.DisclosureID]int64{}
	for _, d := range v.log.earlier {
		index[d.id] = d.index
	}
	for _, h := range v.earlier {
		facts := EarlierFacts{Disclosure: h.id, Size: h.size, Continued: h.got == h.root}
		if i, shown := index[h.id]; shown {
			facts.Entry = &i
		}
		v.report.Earlier = append(v.report.Earlier, facts)
	}
	v.checks.done(earlierCheck, int64(len(v.earlier)))
}
