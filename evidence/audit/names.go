package audit

import (
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// safeKey returns the key of an object as people may see it who are not members
// of any case: what is not of our own making may be the name of a file, and is
// told by a digest. Storage lists it under its version.
func safeKey(key string) string {
	if mirror.Named(key) {
		return key
	}
	parts := strings.Split(key, "/")
	for i, part := range parts {
		if part != "" && !isOurs(part) {
			parts[i] = "name-" + evidence.Sum([]byte(part)).String()[:12]
		}
	}
	return strings.Join(parts, "/")
}

// isOurs reports whether a part of a key is one that we write: an identifier, or
// one of a few words.
func isOurs(part string) bool {
	switch part {
	case "cases", "logs", "anchors", "disclosures", "alarms", "entries", "checkpoints", "data", "seal", "seal.json", "bundle.zip", "bundle.proof.json":
		return true
	}
	_, notCase := evidence.ParseID[evidence.CaseID](part)
	_, notItem := evidence.ParseID[evidence.ItemID](part)
	_, notDisclosure := evidence.ParseID[evidence.DisclosureID](part)
	return notCase == nil || notItem == nil || notDisclosure == nil
}

// safePerson returns an identifier of a person that somebody wrote into a record,
// where it has the form of one.
func safePerson(p evidence.PersonID) string {
	if !isWord(string(p)) {
		return "somebody"
	}
	return string(p)
}

// safeWord returns a key that somebody wrote, where it has the form of one.
func safeWord(key string) string {
	for part := range strings.SplitSeq(key, "/") {
		if !isWord(part) {
			return "something"
		}
	}
	return key
}

func isWord(id string) bool {
	for _, c := range []byte(id) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != ':' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}
