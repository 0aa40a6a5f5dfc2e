package bundle

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// checkProof checks the detached proof, when one was given: a later head of
// the same log, signed by a trusted key, that continues the bundle's and holds
// a "disclosed" entry for this very bundle.
func (v *verifier) checkProof() {
	if v.opts.Proof == nil {
		v.notice("No proof of disclosure was given, so it was not checked that the agency's log records this bundle.")
		v.checkWitnessed(false)
		return
	}
	p, err := ParseProof(v.opts.Proof)
	if err != nil {
		v.checks.fail(disclosureCheck, "proof", err)
		v.checkWitnessed(false)
	} else {
		head, ok := v.checkDisclosure(p)
		if ok {
			v.checkRegister(p, head)
		}
		v.checkWitnessed(ok && p.Register != nil)
	}
	v.checks.done(disclosureCheck, 1)
	v.report.Disclosure.Logged = v.checks.find(disclosureCheck).Result == Passed
}

// checkDisclosure checks all of a proof but the register's part. It returns the
// proof's head, and false when that could not be opened.
func (v *verifier) checkDisclosure(p Proof) (ledger.Checkpoint, bool) {
	problem := func(err error) { v.checks.fail(disclosureCheck, "proof", err) }
	v.recorded = p.Index
	v.widenByProof(p)
	head, _, err := ledger.OpenCheckpoint(p.Checkpoint, v.trust.For(attest.RoleLog, attest.Everything))
	if err != nil {
		problem(err)
		return head, false
	}
	if head.Origin != v.checkpoint.Origin {
		problem(evidence.Errorf(evidence.Tampered, "the proof is about another log, %q", head.Origin))
		return head, false
	}
	if p.Index < v.checkpoint.Size || p.Index >= head.Size {
		problem(evidence.Errorf(evidence.Tampered, "the entry %d of the proof does not come after the bundle's %d entries and within the proof's %d",
			p.Index, v.checkpoint.Size, head.Size))
		return head, false
	}
	if err := ledger.VerifyConsistency(v.checkpoint.Size, head.Size, p.Consistency, v.checkpoint.Root, head.Root); err != nil {
		problem(err)
	}
	if err := ledger.VerifyInclusion(ledger.LeafHash(p.Entry), p.Index, head.Size, p.Inclusion, head.Root); err != nil {
		problem(err)
	}
	v.checkDisclosed(p.Entry, problem)
	return head, true
}

// widenByProof takes in what was said of the agency's keys after the bundle.
func (v *verifier) widenByProof(p Proof) {
	widen := func(learned []evidence.PublicKey, err error, why string) {
		if err != nil {
			v.checks.fail(disclosureCheck, "proof", err)
			return
		}
		for _, k := range learned {
			v.notice("The key %s is trusted for the proof because %s.", k.ID(), why)
		}
	}
	for _, details := range p.Keys {
		learned, err := v.trust.Take(attest.Everything-1, evidence.Entry{Act: evidence.ActKey, Details: details})
		widen(learned, err, "one that you trust introduced it")
	}
	for _, s := range p.Stated {
		learned, err := v.trust.Follow(s)
		widen(learned, err, "your root states it")
	}
}

// checkDisclosed compares the entry of a proof with the bundle.
func (v *verifier) checkDisclosed(raw []byte, problem func(error)) {
	e, ok := v.checkEntry(v.recorded, raw, problem)
	if !ok {
		return
	}
	if e.Act != evidence.ActDisclosed || e.Case != v.of.ID {
		problem(evidence.Errorf(evidence.Tampered, "the entry of the proof does not record a disclosure of this case"))
		return
	}
	compareDetails(e, problem, []wanted{
		{DetailDisclosure, v.id(), evidence.Tampered, true},
		{DetailTagDigest, v.report.TagDigest.String(), evidence.Tampered, true},
		{DetailLogSize, strconv.FormatInt(v.checkpoint.Size, 10), evidence.Tampered, false},
		// All contents are bound by the digest of the tag manifest: when only
		// this one differs, the frame around them does.
		{DetailBundle, v.report.Digest.String(), evidence.Malformed, false},
	})
}

// id returns the bundle's identifier; the base directory says it where nothing else
// does.
func (v *verifier) id() string {
	return cmp.Or(string(v.cover.ID), strings.TrimSuffix(v.base, "/"))
}

// checkEntry reads an entry of a proof and checks its signature, where keys count
// as at an index of the case's log. It returns false when it cannot be read.
func (v *verifier) checkEntry(index int64, raw []byte, problem func(error)) (*evidence.Entry, bool) {
	e, f := readEntry(raw)
	if f != nil {
		problem(evidence.Errorf(f.code, "%s", f.what))
		return nil, false
	}
	if err := v.log.checker.Check(index, *e, raw); err != nil {
		problem(err)
	}
	return e, true
}

// wanted is what a detail of an entry must say.
type wanted struct {
	name, want string
	code       evidence.Code
	required   bool
}

func compareDetails(e *evidence.Entry, problem func(error), list []wanted) {
	for _, d := range list {
		got, there := e.Details[d.name]
		if got != d.want && (there || d.required) {
			problem(evidence.Errorf(d.code, "the log records something else: its %s is %q, here it is %q", d.name, got, d.want))
		}
	}
}

// trustedWitness reports whether the reader named a witness with that key.
func (v *verifier) trustedWitness(name string, hash uint32) bool {
	return slices.ContainsFunc(v.opts.Witnesses, func(w evidence.WitnessKey) bool { return w.Name == name && w.Hash() == hash })
}
