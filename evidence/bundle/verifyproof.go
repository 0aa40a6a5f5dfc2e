package bundle

import (
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// checkProof checks the detached proof, when one was given: a later head of
// the same log, signed by a trusted key, that continues the bundle's and holds
// a "disclosed" entry for this very bundle.
func (v *verifier) checkProof() {
	if v.opts.Proof == nil {
		v.notice("No proof of disclosure was given, so it was not checked that the agency's log records this bundle.")
		return
	}
	problem := func(err error) { v.checks.fail(disclosureCheck, "proof", err) }
	defer func() {
		v.checks.done(disclosureCheck, 1)
		v.report.Disclosure.Logged = v.checks.find(disclosureCheck).Result == Passed
	}()
	p, err := ParseProof(v.opts.Proof)
	if err != nil {
		problem(err)
		return
	}
	head, _, err := ledger.OpenCheckpoint(p.Checkpoint, keysFor(forHeads, v.trusted))
	if err != nil {
		problem(err)
		return
	}
	if head.Origin != v.checkpoint.Origin {
		problem(evidence.Errorf(evidence.Tampered, "the proof is about another log, %q", head.Origin))
		return
	}
	if p.Index < v.checkpoint.Size || p.Index >= head.Size {
		problem(evidence.Errorf(evidence.Tampered, "the entry %d of the proof does not come after the bundle's %d entries and within the proof's %d",
			p.Index, v.checkpoint.Size, head.Size))
		return
	}
	if err := ledger.VerifyConsistency(v.checkpoint.Size, head.Size, p.Consistency, v.checkpoint.Root, head.Root); err != nil {
		problem(err)
	}
	if err := ledger.VerifyInclusion(ledger.LeafHash(p.Entry), p.Index, head.Size, p.Inclusion, head.Root); err != nil {
		problem(err)
	}
	v.checkDisclosed(p.Entry, problem)
}

// checkDisclosed compares the entry of a proof with the bundle.
func (v *verifier) checkDisclosed(raw []byte, problem func(error)) {
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		problem(err)
		return
	}
	if err := e.Check(); err != nil {
		problem(err)
		return
	}
	if e.Act != evidence.ActDisclosed || e.Case != v.of.ID {
		problem(evidence.Errorf(evidence.Tampered, "the entry of the proof does not record a disclosure of this case"))
		return
	}
	for _, d := range []struct {
		name, want string
		code       evidence.Code
		required   bool
	}{
		{DetailDisclosure, string(v.cover.ID), evidence.Tampered, true},
		{DetailTagDigest, v.report.TagDigest.String(), evidence.Tampered, true},
		{DetailLogSize, strconv.FormatInt(v.checkpoint.Size, 10), evidence.Tampered, false},
		// All contents are bound by the digest of the tag manifest: when only
		// this one differs, the frame around them does.
		{DetailBundle, v.report.Digest.String(), evidence.Malformed, false},
	} {
		got, there := e.Details[d.name]
		if got != d.want && (there || d.required) {
			problem(evidence.Errorf(d.code, "the log records another bundle than this: its %s is %q, this bundle's is %q", d.name, got, d.want))
		}
	}
}
