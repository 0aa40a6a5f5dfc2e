package bundle

import (
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// checkRegister checks that the agency's register has the head of a proof, and
// who outside the agency vouches for the register.
func (v *verifier) checkRegister(p Proof, head ledger.Checkpoint) {
	r := p.Register
	if r == nil {
		v.notice("The proof does not show that the agency's register has the head of the case's log: it was made before that was so. A proof that is fetched later does.")
		return
	}
	problem := func(err error) { v.checks.fail(registerCheck, "proof, register", err) }
	defer func() { v.checks.done(registerCheck, 1) }()
	cp, _, err := ledger.OpenCheckpoint(r.Checkpoint, v.trust.For(attest.RoleLog, attest.Everything))
	if err != nil {
		problem(err)
		return
	}
	agency, _, _ := strings.Cut(v.checkpoint.Origin, "/case/"+string(v.of.ID))
	if want := ledger.CaseOrigin(agency, evidence.RegisterID()); cp.Origin != want {
		problem(evidence.Errorf(evidence.Tampered, "it is the head of %q, not of the register %q", cp.Origin, want))
		return
	}
	if err := ledger.VerifyInclusion(ledger.LeafHash(r.Entry), r.Index, cp.Size, r.Inclusion, cp.Root); err != nil {
		problem(err)
		return
	}
	v.report.Register = &RegisterFacts{Origin: cp.Origin, Size: cp.Size, Entry: r.Index, Witnesses: []Witnessed{}, Unknown: []string{}, Timestamps: []Timestamp{}}
	v.checkHead(r.Entry, p.Checkpoint, head, problem)
	v.checkCosignatures(r.Checkpoint, problem)
	v.reportTimestamps(r)
}

// checkHead compares the register's entry with the head of the proof.
func (v *verifier) checkHead(raw, note []byte, head ledger.Checkpoint, problem func(error)) {
	e, ok := v.checkEntry(attest.Everything, raw, problem) // made after the proof's head
	if !ok {
		return
	}
	if e.Act != evidence.ActHead || e.Case != evidence.RegisterID() || !e.Actor.Service {
		problem(evidence.Errorf(evidence.Tampered, "the entry of the register does not record a head"))
		return
	}
	v.report.Register.At = e.At
	compareDetails(e, problem, []wanted{
		{DetailCase, string(v.of.ID), evidence.Tampered, true},
		{DetailOrigin, head.Origin, evidence.Tampered, true},
		{DetailSize, strconv.FormatInt(head.Size, 10), evidence.Tampered, true},
		{DetailRoot, head.Root.String(), evidence.Tampered, true},
		{DetailNote, evidence.Sum(note).String(), evidence.Tampered, false},
	})
}

// checkCosignatures looks at who cosigned the register's checkpoint.
func (v *verifier) checkCosignatures(signed []byte, problem func(error)) {
	_, found, err := ledger.OpenCosignatures(signed, v.opts.Witnesses)
	if err != nil {
		problem(err)
		return
	}
	for _, c := range found {
		v.report.Register.Witnesses = append(v.report.Register.Witnesses, Witnessed{Witness: c.By.ID(), At: c.At})
	}
	v.report.Register.Unknown = v.unknownLines(signed)
	switch n := len(v.report.Register.Unknown); {
	case n > 0 && len(v.opts.Witnesses) == 0:
		v.notice("The register's head bears %s by others than the agency. Nothing of that was checked: you named no witness.", plural(int64(n), "line", "lines"))
	case n > 0:
		v.notice("The register's head bears %s by others than the agency and the witnesses that you named. That was not checked.", plural(int64(n), "line", "lines"))
	case len(v.opts.Witnesses) == 0:
		v.notice("No witness has cosigned the register's head: nobody outside the agency vouches that others are shown the same register.")
	}
}

// unknownLines returns the names on signature lines that are neither the log's
// own nor by a witness that the reader named.
func (v *verifier) unknownLines(signed []byte) []string {
	lines, err := ledger.SignatureLines(signed)
	if err != nil {
		return nil
	}
	unknown := []string{}
	origin := v.report.Register.Origin
	for _, l := range lines {
		if l.Name != origin && !v.trustedWitness(l.Name, l.Hash) {
			unknown = append(unknown, l.Name)
		}
	}
	return unknown
}

// checkWitnessed fails when the reader named witnesses and none has cosigned.
// shown says that the proof shows the register.
func (v *verifier) checkWitnessed(shown bool) {
	if len(v.opts.Witnesses) == 0 {
		return
	}
	if r := v.report.Register; r != nil && len(r.Witnesses) > 0 {
		return
	}
	why := "the register's head bears no cosignature by a witness that you named"
	switch {
	case v.opts.Proof == nil:
		why = "you named witnesses, and their cosignatures are in the proof of disclosure, which was not given"
	case !shown:
		why = "the proof does not show the register, which witnesses cosign. Fetch the proof again"
	}
	v.checks.problem(registerCheck, "proof, register", faultf(evidence.Incomplete, "%s", why))
}

// reportTimestamps lists the time stamps. Whom to believe on time is the
// reader's affair, so they are not judged.
func (v *verifier) reportTimestamps(r *RegisterProof) {
	for _, token := range r.Timestamps {
		v.report.Register.Timestamps = append(v.report.Register.Timestamps, Timestamp{Digest: evidence.Sum(token), Length: len(token)})
	}
	if n := len(r.Timestamps); n > 0 {
		v.notice("The register's head bears %s (RFC 3161). That was not checked here: \"sealcase bundle times\" does, and FORMAT.md section 7.2 says how openssl does.", plural(int64(n), "time stamp", "time stamps"))
	}
}
