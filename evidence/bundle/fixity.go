package bundle

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// checkFixity compares the manifests with what the walk hashed, both ways.
func (v *verifier) checkFixity() error {
	v.report.TagDigest = v.byName[tagManifestName].sum
	for _, payload := range []bool{true, false} {
		name := tagManifestName
		if payload {
			name = manifestName
		}
		if _, there := v.byName[name]; !there {
			v.checks.problem(fixityCheck, name, faultf(evidence.Incomplete, "the manifest is missing"))
			continue
		}
		want := manifest(v.members, v.base, payload)
		// No line is longer than a digest, a name and three more characters.
		got, ok, err := v.read(name, int64(len(v.members))*(64+maxName+3))
		if err != nil {
			return err
		}
		if ok && !bytes.Equal(got, want) {
			v.compareManifest(name, string(got), string(want))
		}
	}
	v.checks.done(fixityCheck, int64(len(v.members)))
	return nil
}

// compareManifest finds what differs between a manifest and the one that the
// members call for.
func (v *verifier) compareManifest(name, got, want string) {
	listed, wellFormed := readManifest(got)
	if !wellFormed {
		v.checks.problem(fixityCheck, name, faultf(evidence.Malformed, "it has a line that is not a SHA-256, two spaces and a name, or names a member twice"))
	}
	present, _ := readManifest(want)
	differs := false
	for line := range strings.Lines(want) {
		member := strings.TrimSuffix(line[64+2:], "\n")
		digest, ok := listed[member]
		switch at := evidence.FileName(member).Display(); {
		case !ok:
			differs = true
			v.checks.problem(fixityCheck, at, faultf(evidence.Malformed, "it is in the bundle and %s does not list it", name))
		case digest != present[member]:
			differs = true
			v.checks.problem(fixityCheck, at, faultf(evidence.Tampered, "its SHA-256 is %s; %s lists %s", present[member], name, evidence.FileName(digest).Display()))
		}
	}
	for line := range strings.Lines(got) {
		_, member, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if _, there := present[member]; ok && !there {
			differs = true
			v.checks.problem(fixityCheck, evidence.FileName(member).Display(), faultf(evidence.Incomplete, "%s lists it and it is not in the bundle", name))
		}
	}
	if wellFormed && !differs {
		v.checks.problem(fixityCheck, name, faultf(evidence.Malformed, "its lines are not in the order of the members"))
	}
}

// readManifest returns the digests of a manifest by member; ok is false when a
// line is not as it must be.
func readManifest(text string) (digests map[string]string, ok bool) {
	digests, ok = map[string]string{}, true
	for line := range strings.Lines(text) {
		digest, member, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		_, twice := digests[member]
		if !found || len(digest) != 64 || member == "" || twice || !strings.HasSuffix(line, "\n") {
			ok = false
			continue
		}
		digests[member] = digest
	}
	return digests, ok
}
