package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// maxText is the longest member that is read as a whole, in bytes.
const maxText = canon.MaxSize + 1

// read returns the content of a small member. ok is false when it is not
// there, which checkMembers reports, or too long, which is reported here.
func (v *verifier) read(name string, limit int64) (text []byte, ok bool, err error) {
	m, there := v.byName[name]
	if !there {
		return nil, false, nil
	}
	if m.length > limit {
		v.checks.problem(contentsCheck, shown(m), faultf(evidence.Malformed, "it has %d bytes; at most %d are allowed", m.length, limit))
		return nil, false, nil
	}
	text = make([]byte, m.length)
	if err := readAt(v.r, text, contentStart(m)); err != nil {
		return nil, false, err
	}
	return text, true, nil
}

// contentStart returns the offset of the content of m.
func contentStart(m member) int64 {
	start := m.offset + localSize + int64(len(m.name))
	if m.large() {
		start += 20
	}
	return start
}

// decodeLine reads one line of canonical JSON into to, a pointer to a zero value.
func decodeLine(text []byte, to any) error {
	line, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok {
		return evidence.Errorf(evidence.Malformed, "its last line does not end")
	}
	return canon.Unmarshal(line, to)
}

// checkCover reads what the bundle says of itself. It returns false when not
// even the case is known.
func (v *verifier) checkCover() (bool, error) {
	if other, err := v.otherFormat(); err != nil || other {
		return false, err
	}
	haveCover, err := v.decode(coverName, &v.cover)
	if err != nil {
		return false, err
	}
	v.expected = append(v.expected, bagitName, bagInfoName, verifyName)
	if _, there := v.byName[pageName]; haveCover && !v.cover.Page.IsZero() || !haveCover && there {
		v.expected = append(v.expected, pageName)
	}
	v.expected = append(v.expected, caseName, coverName, keysName, checkpointName)
	if problem := v.cover.check(); haveCover && problem != "" {
		v.checks.problem(contentsCheck, coverName, faultf(evidence.Malformed, "%s", evidence.FileName(problem).Display()))
		haveCover = false
	}
	haveCase, err := v.decode(caseName, &v.of)
	if err != nil {
		return false, err
	}
	if haveCover {
		v.coverFacts(haveCase)
	}
	if err := v.checkFixed(haveCover); err != nil {
		return false, err
	}
	if !haveCase {
		v.of.ID, v.of.Number = v.cover.Case, v.cover.CaseNumber
	}
	if !haveCover {
		v.cover = cover{Case: v.of.ID, CaseNumber: v.of.Number}
	}
	v.report.Case = CaseFacts{ID: v.of.ID, Number: v.of.Number, Title: v.of.Title}
	if !haveCover && !haveCase {
		v.checks.problem(contentsCheck, caseName, faultf(evidence.Malformed, "the bundle does not say which case it is about; no further check could be made"))
	}
	return haveCover || haveCase, nil
}

// otherFormat reports whether the bundle says that it is of another format, and
// then says so: nothing more can be checked.
func (v *verifier) otherFormat() (bool, error) {
	text, ok, err := v.read(coverName, maxText)
	if err != nil || !ok {
		return false, err
	}
	var says struct {
		Type *string `json:"type"`
	}
	if json.Unmarshal(text, &says) != nil || says.Type == nil || *says.Type == Format {
		return false, nil //nolint:nilerr // what cannot be read is told where it is read in earnest
	}
	v.report.Format = *says.Type
	v.checks.problem(contentsCheck, coverName, faultf(evidence.Malformed, "the bundle is of the format %s; this program checks %s. Take the sealcase-verify that was published for that format", quoted(*says.Type), Format))
	return true, nil
}

// decode reads a member of one line of canonical JSON.
func (v *verifier) decode(name string, to any) (bool, error) {
	text, ok, err := v.read(name, maxText)
	if err != nil || !ok {
		return false, err
	}
	if err := decodeLine(text, to); err != nil {
		v.checks.fail(contentsCheck, name, err)
		return false, nil
	}
	return true, nil
}

// coverFacts takes over what the cover says and compares it.
func (v *verifier) coverFacts(haveCase bool) {
	c := v.cover
	v.report.Format = c.Type
	v.report.Disclosure = DisclosureFacts{
		ID: c.ID, Title: c.Title, Recipient: c.Recipient, Purpose: c.Purpose, At: c.At, Generator: c.Generator,
	}
	if haveCase && (v.of.ID != c.Case || v.of.Number != c.CaseNumber) {
		v.checks.problem(contentsCheck, caseName, faultf(evidence.Tampered, "it is another case than the one in %s", coverName))
	}
	if v.base != string(c.ID)+"/" {
		v.checks.problem(contentsCheck, evidence.FileName(v.base).Display(), faultf(evidence.Malformed, "the directory of the bundle should be named %s", c.ID))
	}
}

// checkFixed compares the members whose text follows from the format and, where
// it can be read, the cover.
func (v *verifier) checkFixed(haveCover bool) error {
	fixed := map[string]string{bagitName: bagitText, verifyName: verifyText}
	if haveCover {
		fixed[bagInfoName] = v.cover.bagInfo()
	}
	if _, there := v.byName[noneName]; haveCover && v.cover.Items == 0 || !haveCover && there {
		fixed[noneName], v.none = noneText, true
	}
	for _, name := range slices.Sorted(maps.Keys(fixed)) {
		text, ok, err := v.read(name, maxText)
		if err != nil {
			return err
		}
		if ok && string(text) != fixed[name] {
			v.checks.problem(contentsCheck, name, faultf(evidence.Tampered, "its text is not the one that this format prescribes"))
		}
	}
	m, there := v.byName[pageName]
	if want := v.cover.Page; haveCover && there && !want.IsZero() && m.sum != want {
		v.checks.problem(contentsCheck, pageName, faultf(evidence.Tampered, "its SHA-256 is %s; %s says %s", m.sum, coverName, want))
	}
	return nil
}

// readHead reads the checkpoint, whoever signed it. It returns false when there
// is none that can be read.
func (v *verifier) readHead() (bool, error) {
	text, ok, err := v.read(checkpointName, ledger.MaxNoteSize)
	if err != nil {
		return false, err
	}
	if _, there := v.byName[checkpointName]; !there {
		v.checks.problem(signatureCheck, checkpointName, faultf(evidence.Incomplete, "the signed head of the log is missing; nothing that follows could be checked"))
	}
	if !ok {
		return false, nil
	}
	cp, err := ledger.ParseCheckpoint(text)
	if err != nil {
		v.checks.fail(signatureCheck, checkpointName, err)
		return false, nil
	}
	v.checkpoint, v.signed = cp, text
	v.trust = attest.NewTrust(attest.AgencyOf(cp.Origin), v.given)
	v.report.Log = LogFacts{Origin: cp.Origin, Size: cp.Size, Root: cp.Root.String(), SignedBy: []string{}}
	return true, nil
}

// checkSignature looks at who signed the checkpoint, once all keys are known.
func (v *verifier) checkSignature(context.Context) error {
	cp, signers, err := ledger.OpenCheckpoint(v.signed, v.trust.For(attest.RoleLog, v.checkpoint.Size))
	if err != nil {
		// What nobody trusted signed may still be at odds with itself, which is
		// worth knowing: the checks go on.
		v.checks.fail(signatureCheck, checkpointName, err)
		cp = v.checkpoint
	}
	for _, k := range signers {
		v.report.Log.SignedBy = append(v.report.Log.SignedBy, k.ID())
	}
	if !strings.HasSuffix(cp.Origin, "/case/"+string(v.of.ID)) {
		v.checks.problem(signatureCheck, checkpointName, faultf(evidence.Tampered, "it is the head of another log, %s", quoted(cp.Origin)))
	}
	if c := v.cover; c.Type != "" && (c.LogOrigin != cp.Origin || c.LogSize != cp.Size || c.LogRoot != cp.Root) {
		v.checks.problem(contentsCheck, coverName, faultf(evidence.Tampered, "it states another head of the log than the one that is signed"))
	}
	v.checks.done(signatureCheck, int64(len(signers)))
	if err := v.checkKeys(signers); err != nil {
		return err
	}
	v.checkEarlier()
	return nil
}

// checkKeys looks at the keys that the bundle shows. They are not trusted.
func (v *verifier) checkKeys(signers []evidence.PublicKey) error {
	text, ok, err := v.read(keysName, maxText)
	if err != nil || !ok {
		return err
	}
	keys, err := evidence.ParseVKeys(text)
	if err != nil || !bytes.Equal(evidence.FormatVKeys(keys), text) {
		v.checks.problem(contentsCheck, keysName, faultf(evidence.Malformed, "it is not a list of keys, one a line"))
		return nil //nolint:nilerr // told in the report
	}
	for _, k := range signers {
		if !slices.ContainsFunc(keys, k.Equal) {
			v.checks.problem(contentsCheck, keysName, faultf(evidence.Incomplete, "it does not show the key %s, which signed", k.ID()))
		}
	}
	for _, k := range keys {
		if !v.trust.Knows(k) {
			v.notice("The bundle shows the key %s, which is not among those that you trust. Nothing rests on it.", k.ID())
		}
	}
	return nil
}
