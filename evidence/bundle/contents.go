package bundle

import (
	_ "embed" // for the text of VERIFY.txt
	"fmt"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Format names the form of bundles that this package writes and verifies; it
// is the "type" of case/disclosure.json. A later form has another name.
const Format = "sealcase/bundle/v2"

// Members of a bundle, without the base directory, in their order. Between
// items and manifest stand, for each disclosed item, its seal and its bytes.
const (
	bagitName       = "bagit.txt"
	bagInfoName     = "bag-info.txt"
	verifyName      = "VERIFY.txt"
	pageName        = "verify.html"
	caseName        = "case/case.json"
	coverName       = "case/disclosure.json"
	keysName        = "custody/keys.vkey"
	checkpointName  = "custody/checkpoint.note"
	entriesFolder   = "custody/entries/"
	earlierName     = "custody/earlier.jsonl"
	itemsName       = "case/items.jsonl"
	sealsFolder     = "custody/seals/"
	evidenceFolder  = "data/evidence/"
	payloadFolder   = "data/"
	noneName        = "data/none.txt"
	manifestName    = "manifest-sha256.txt"
	tagManifestName = "tagmanifest-sha256.txt"
)

// bagitText is bagit.txt, fixed by RFC 8493 section 2.1.1.
const bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

// verifyText is VERIFY.txt: the same in every bundle of this format, so that
// nobody can put other advice there.
//
//go:embed VERIFY.txt
var verifyText string

// noneText is data/none.txt, which a bundle has that discloses no exhibit: a bag
// must have a payload directory, and a zip without directory entries has one only
// where something is in it.
//
//go:embed NONE.txt
var noneText string

// cover is case/disclosure.json: what the bundle is.
type cover struct {
	Type        string                `json:"type"` // Format
	ID          evidence.DisclosureID `json:"id"`
	Case        evidence.CaseID       `json:"case"`
	CaseNumber  string                `json:"case_number"`
	Title       string                `json:"title"`
	Recipient   string                `json:"recipient"`
	Purpose     string                `json:"purpose"`
	By          evidence.PersonID     `json:"by"`
	RequestedAt evidence.Instant      `json:"requested_at"`
	At          evidence.Instant      `json:"at"`
	Generator   string                `json:"generator"`
	Items       int                   `json:"items"`
	Bytes       int64                 `json:"bytes"`
	Withheld    int                   `json:"withheld"`
	Entries     int64                 `json:"withheld_entries"`
	Earlier     int                   `json:"earlier"`
	Page        evidence.Digest       `json:"page_sha256,omitzero"`
	LogOrigin   string                `json:"log_origin"`
	LogSize     int64                 `json:"log_size"`
	LogRoot     ledger.Hash           `json:"log_root"`
}

// check returns what keeps c from being the cover of a bundle, or "".
func (c cover) check() string {
	if _, err := evidence.ParseID[evidence.DisclosureID](string(c.ID)); err != nil {
		return "it names no disclosure"
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(c.Case)); err != nil {
		return "it names no case"
	}
	if _, ok := stampOf(c.At); !ok {
		return "its time is not between the years 1980 and 2107"
	}
	switch {
	case c.Type != Format:
		return fmt.Sprintf("its type is not %q", Format)
	case c.Items < 0 || c.Bytes < 0 || c.Withheld < 0 || c.Entries < 0 || c.Earlier < 0:
		return "a count is negative"
	case c.LogSize < 1:
		return "it stands on a log without entries"
	case c.Generator == "" || len(c.Generator) > 100 || strings.ContainsFunc(c.Generator, notPrintable):
		return "the generator is not 1 to 100 printable ASCII characters"
	}
	return ""
}

func notPrintable(r rune) bool { return r < ' ' || r > '~' }

// bagInfo returns bag-info.txt, which follows from the cover.
func (c cover) bagInfo() string {
	items, length := c.Items, c.Bytes
	if items == 0 {
		items, length = 1, int64(len(noneText))
	}
	return fmt.Sprintf("Bag-Software-Agent: %s\nBagging-Date: %s\nExternal-Identifier: %s\nPayload-Oxum: %d.%d\nSealcase-Format: %s\n",
		c.Generator, c.At.Time().UTC().Format("2006-01-02"), c.ID, length, items, c.Type)
}

// leafLine is a line of the log that stands for a withheld entry.
type leafLine struct {
	Leaf   ledger.Hash `json:"leaf"`
	Reason string      `json:"reason"`
}

// leafStart begins every leafLine and no entry.
const leafStart = `{"leaf":`

// earlierLine is a line of custody/earlier.jsonl.
type earlierLine struct {
	Checkpoint string                `json:"checkpoint"`
	Disclosure evidence.DisclosureID `json:"disclosure"`
	Size       int64                 `json:"size"`
}

// exhibitFolder returns "E-00012".
func exhibitFolder(exhibit int) string { return fmt.Sprintf("E-%05d", exhibit) }

// evidenceName returns the member that holds the bytes of it.
func evidenceName(it evidence.Item) string {
	return evidenceFolder + exhibitFolder(it.Exhibit) + "/" + it.Name.SafeName()
}

// sealName returns the member that holds the seal of it.
func sealName(it evidence.Item) string {
	return sealsFolder + exhibitFolder(it.Exhibit) + ".dsse.json"
}

// tileName returns the member that holds the entries of a tile.
func tileName(tile int64) string { return fmt.Sprintf("%s%05d.jsonl", entriesFolder, tile) }

// tileCount returns how many tiles a log of size entries has.
func tileCount(size int64) int64 { return (size + ledger.TileSize - 1) / ledger.TileSize }

// manifest returns the BagIt manifest of those members that are part of the
// payload, or else of those that are not, in the order of members. Members
// have their base directory, which a manifest leaves out.
func manifest(members []member, base string, payload bool) []byte {
	var b []byte
	for _, m := range members {
		name := strings.TrimPrefix(m.name, base)
		if strings.HasPrefix(name, payloadFolder) == payload && name != tagManifestName {
			b = append(b, m.sum.String()...)
			b = append(b, "  "...)
			b = append(b, name...)
			b = append(b, '\n')
		}
	}
	return b
}
