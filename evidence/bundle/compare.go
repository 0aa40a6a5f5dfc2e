package bundle

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// Input is a bundle to be read.
type Input struct {
	Reader io.ReaderAt
	Size   int64
}

// Comparison is what Compare found of two bundles of one case.
type Comparison struct {
	Outcome  Outcome   `json:"outcome"` // the worst of both reports and of the comparison
	First    Report    `json:"first"`
	Second   Report    `json:"second"`
	Extends  bool      `json:"extends"` // the log of the second continues that of the first, entry for entry
	Problems []Problem `json:"problems"`
	Notices  []string  `json:"notices"`

	NewEntries   []Event           `json:"new_entries"`       // of the second, from the first's size on, that are shown
	NewWithheld  []WithheldEntries `json:"new_withheld"`      // of the second, from the first's size on, that are not
	NowShown     []Event           `json:"now_shown"`         // entries that the first withholds and the second shows
	NowWithheld  []WithheldEntries `json:"now_withheld"`      // entries that the first shows and the second does not
	NewExhibits  []Exhibit         `json:"new_exhibits"`      // that came into the case after the first
	NowDisclosed []Exhibit         `json:"now_disclosed"`     // that the first did not disclose and the second does
	Retracted    []Exhibit         `json:"no_more_disclosed"` // that the first disclosed and the second does not
}

// Compare verifies two bundles and says whether the second extends the first
// (FORMAT.md section 8), and what is new in it. Of the proofs each bundle is
// given the one that names it. What is wrong is in the Comparison; the error is
// for a reader that failed, for a cancelled ctx, and Invalid for a proof that
// belongs to neither. The proof in opts is not looked at.
func Compare(ctx context.Context, first, second Input, trusted []evidence.PublicKey, proofs [][]byte, opts Options) (Comparison, error) {
	c := Comparison{Problems: []Problem{}, Notices: []string{}, NewEntries: []Event{}, NowShown: []Event{}}
	opts.Proof = nil
	before := newVerifier(first.Reader, first.Size, trusted, opts)
	before.proofs = proofs
	if err := before.run(ctx); err != nil {
		return Comparison{}, fmt.Errorf("verifying the first bundle: %w", err)
	}
	after := newVerifier(second.Reader, second.Size, trusted, opts)
	after.proofs = proofs
	after.also = &earlierHead{size: before.checkpoint.Size}
	withheld := before.report.withheldIndexes()
	after.each = func(index int64, e *evidence.Entry, verified bool) {
		if index >= before.checkpoint.Size {
			c.NewEntries = append(c.NewEntries, after.log.acts.event(index, e, verified))
		} else if withheld(index) {
			c.NowShown = append(c.NowShown, after.log.acts.event(index, e, verified))
		}
	}
	if err := after.run(ctx); err != nil {
		return Comparison{}, fmt.Errorf("verifying the second bundle: %w", err)
	}
	for i, proof := range proofs {
		if !proofNames(proof, before.cover.ID) && !proofNames(proof, after.cover.ID) {
			return Comparison{}, evidence.Errorf(evidence.Invalid, "the proof %d belongs to neither bundle", i+1)
		}
	}
	c.First, c.Second = before.report, after.report
	c.judge(before, after)
	c.listWithheld(before.checkpoint.Size, withheld)
	c.listExhibits()
	return c, nil
}

// proofNames reports whether a proof is, by what it says, of that disclosure.
func proofNames(proof []byte, id evidence.DisclosureID) bool {
	p, err := ParseProof(proof)
	if err != nil {
		return false
	}
	e, f := readEntry(p.Entry)
	return f == nil && e.Details[DetailDisclosure] == string(id)
}

// chooseProof takes the one of several proofs that names this bundle.
func (v *verifier) chooseProof() {
	for _, proof := range v.proofs {
		if proofNames(proof, v.cover.ID) {
			v.opts.Proof = proof
			v.report.NotProven = notProven(true)
			return
		}
	}
}

// withheldIndexes returns a function that says whether an entry is withheld.
func (r Report) withheldIndexes() func(int64) bool {
	return func(index int64) bool {
		return slices.ContainsFunc(r.WithheldEntries, func(w WithheldEntries) bool { return w.has(index) })
	}
}

// judge says whether the second bundle extends the first.
func (c *Comparison) judge(before, after *verifier) {
	problem := func(code evidence.Code, format string, args ...any) {
		c.Problems = append(c.Problems, Problem{Code: code, Where: "both bundles", What: fmt.Sprintf(format, args...)})
	}
	a, b := before.checkpoint, after.checkpoint
	switch {
	case before.log == nil || after.log == nil:
		c.Notices = append(c.Notices, "The bundles were not compared: the log of one could not be read.")
	case a.Origin != b.Origin:
		problem(evidence.Tampered, "they are not of one case: the logs are %s and %s", quoted(a.Origin), quoted(b.Origin))
	case a.Size > b.Size:
		problem(evidence.Tampered, "the second bundle stands on an older head of the log, of %d entries, than the first, of %d; give them the other way round", b.Size, a.Size)
	case after.also.got != a.Root:
		problem(evidence.Tampered, "the agency has shown two histories of this case: the first %d entries of the second bundle are not those of the first", a.Size)
	default:
		c.Extends = true
		c.judgeEarlier(before, after, problem)
	}
	worst := slices.MinFunc([]Outcome{before.report.Outcome, after.report.Outcome, c.worst()}, func(a, b Outcome) int {
		return cmp.Compare(slices.Index(outcomes(), a), slices.Index(outcomes(), b))
	})
	c.Outcome = worst
}

// judgeEarlier looks for the first bundle among the earlier disclosures of the
// second.
func (c *Comparison) judgeEarlier(before, after *verifier, problem func(evidence.Code, string, ...any)) {
	id := before.cover.ID
	if id == after.cover.ID {
		c.Notices = append(c.Notices, "Both are the same disclosure.")
		return
	}
	i := slices.IndexFunc(after.earlier, func(h earlierHead) bool { return h.id == id })
	switch {
	case i >= 0 && after.earlier[i].size != before.checkpoint.Size:
		problem(evidence.Tampered, "the second bundle lists the first as standing on %d entries, it stands on %d", after.earlier[i].size, before.checkpoint.Size)
	case i >= 0:
	case before.report.Disclosure.Logged && before.recorded < after.checkpoint.Size:
		problem(evidence.Incomplete, "the second bundle does not list the first among the earlier disclosures, though the log had it on record before, in entry %d", before.recorded)
	default:
		c.Notices = append(c.Notices, "The second bundle does not list the first among the earlier disclosures: it was asked for before the first was on record, or the first never was.")
	}
}

func (c *Comparison) worst() Outcome {
	worst := OK
	for _, p := range c.Problems {
		if slices.Index(outcomes(), Outcome(p.Code)) < slices.Index(outcomes(), worst) {
			worst = Outcome(p.Code)
		}
	}
	return worst
}

// listWithheld lists which entries the second bundle withholds that the first,
// whose log has size entries, does not.
func (c *Comparison) listWithheld(size int64, before func(int64) bool) {
	var added, now withheldEntries
	for _, w := range c.Second.WithheldEntries {
		for _, r := range w.Ranges {
			for i := r.From; i <= r.To; i++ {
				if i >= size {
					added.add(i, w.Reason)
				} else if !before(i) {
					now.add(i, w.Reason)
				}
			}
		}
	}
	c.NewWithheld, c.NowWithheld = added.all(), now.all()
}

// listExhibits lists what changed of exhibits, by their items.
func (c *Comparison) listExhibits() {
	c.NewExhibits, c.NowDisclosed, c.Retracted = []Exhibit{}, []Exhibit{}, []Exhibit{}
	before := make(map[evidence.ItemID]Exhibit, len(c.First.Exhibits))
	for _, x := range c.First.Exhibits {
		before[x.Item] = x
	}
	for _, x := range c.Second.Exhibits {
		old, known := before[x.Item]
		switch {
		case !known:
			c.NewExhibits = append(c.NewExhibits, x)
		case old.Member == "" && x.Member != "":
			c.NowDisclosed = append(c.NowDisclosed, x)
		case old.Member != "" && x.Member == "":
			c.Retracted = append(c.Retracted, x)
		}
	}
}
