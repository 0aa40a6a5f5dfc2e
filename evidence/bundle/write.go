package bundle

import (
	"context"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Write writes the bundle that src describes to w as a stream, with memory
// that depends on the number of items and entries, never on their length. It
// checks as it goes: what Verify would refuse fails with Tampered, Malformed,
// UntrustedKey or Incomplete, a Source that contradicts itself with Conflict
// or Invalid. After an error what w got is not a bundle (it has no end) and
// must be thrown away. progress may be nil.
func Write(ctx context.Context, w io.Writer, src Source, progress Progress) (Summary, error) {
	facts, err := src.Facts(ctx)
	if err != nil {
		return Summary{}, err
	}
	if progress == nil {
		progress = func(int, int64) {}
	}
	b := &writer{facts: facts, src: src, progress: progress, buffer: make([]byte, chunk)}
	if err := b.prepare(); err != nil {
		return Summary{}, err
	}
	at, _ := stampOf(facts.At)
	b.zip = newZipWriter(w, at)
	for _, step := range []func(context.Context) error{
		b.writeCover, b.writeEntries, b.writeEarlier, b.writeList, b.writeItems, b.writeManifests,
	} {
		if err := step(ctx); err != nil {
			return Summary{}, err
		}
	}
	if err := b.zip.close(); err != nil {
		return Summary{}, err
	}
	return Summary{
		TagDigest: b.tagDigest, Digest: evidence.Digest(b.zip.sum.Sum(nil)), Length: b.zip.offset,
		Items: facts.Items, Withheld: len(facts.Withheld), Entries: facts.Entries, LogSize: b.checkpoint.Size,
	}, nil
}

// writer is one bundle being written.
type writer struct {
	facts      Facts
	src        Source
	progress   Progress
	cover      cover
	base       string // the base directory, with its slash
	checkpoint ledger.Checkpoint
	log        *logView
	trust      *attest.Trust
	hidden     map[evidence.ItemID]bool // items that are withheld with all their entries
	earlier    []earlierHead            // in their order
	listed     int                      // exhibits in the list so far
	lines      []evidence.Digest        // of the fixed parts of disclosed items, in order
	zip        *zipWriter
	tagDigest  evidence.Digest
	buffer     []byte
}

// prepare checks the facts and makes the cover.
func (b *writer) prepare() error {
	f := b.facts
	cp, err := ledger.ParseCheckpoint(f.Checkpoint)
	if err != nil {
		return err
	}
	b.facts.Keys = attest.KeysOf(attest.AgencyOf(cp.Origin), f.Keys)
	if f.Keys = b.facts.Keys; len(f.Keys) == 0 {
		return evidence.Errorf(evidence.UntrustedKey, "none of the keys is of the agency whose log is %s", cp.Origin)
	}
	b.trust = attest.NewTrust(attest.AgencyOf(cp.Origin), f.Keys)
	if f.Stated != nil {
		if _, err := b.trust.Know(*f.Stated); err != nil {
			return err
		}
	}
	if cp, _, err = ledger.OpenCheckpoint(f.Checkpoint, b.trust.For(attest.RoleLog, cp.Size)); err != nil {
		return err
	}
	if !strings.HasSuffix(cp.Origin, "/case/"+string(f.Case.ID)) {
		return evidence.Errorf(evidence.Invalid, "the checkpoint %q is not of the case %s", cp.Origin, f.Case.ID)
	}
	b.checkpoint = cp
	d := f.Disclosure
	if d.Case != f.Case.ID {
		return evidence.Errorf(evidence.Invalid, "the disclosure %s is not of the case %s", d.ID, f.Case.ID)
	}
	b.cover = cover{
		Type: Format, ID: d.ID, Case: f.Case.ID, CaseNumber: f.Case.Number, Title: d.Title, Recipient: d.Recipient,
		Purpose: d.Purpose, By: d.By, RequestedAt: d.RequestedAt, At: f.At, Generator: f.Generator,
		Items: f.Items, Bytes: f.Bytes, Withheld: len(f.Withheld), Entries: f.Entries, Earlier: len(f.Earlier),
		LogOrigin: cp.Origin, LogSize: cp.Size, LogRoot: cp.Root,
	}
	if f.Page != nil {
		b.cover.Page = evidence.Sum(f.Page)
	}
	if problem := b.cover.check(); problem != "" {
		return evidence.Errorf(evidence.Invalid, "the bundle cannot be made: %s", problem)
	}
	b.base = string(d.ID) + "/"
	b.log = newLogView(b.cover, b.trust)
	b.hidden = map[evidence.ItemID]bool{}
	for _, w := range f.Withheld {
		if w.Hidden {
			b.hidden[w.Item.ID] = true
		}
	}
	return b.prepareEarlier()
}

// writeCover writes the members before the entries.
func (b *writer) writeCover(context.Context) error {
	c, err := canon.Marshal(b.facts.Case)
	if err != nil {
		return evidence.WrapError(evidence.Invalid, err, "the case cannot be written")
	}
	cover, err := canon.Marshal(b.cover)
	if err != nil {
		return evidence.WrapError(evidence.Invalid, err, "the disclosure cannot be written")
	}
	for _, m := range []struct {
		name string
		text []byte
	}{
		{bagitName, []byte(bagitText)},
		{bagInfoName, []byte(b.cover.bagInfo())},
		{verifyName, []byte(verifyText)},
		{pageName, b.facts.Page},
		{caseName, append(c, '\n')},
		{coverName, append(cover, '\n')},
		{keysName, evidence.FormatVKeys(b.facts.Keys)},
		{checkpointName, b.facts.Checkpoint},
	} {
		if m.name == pageName && m.text == nil {
			continue
		}
		if _, err := b.text(m.name, m.text); err != nil {
			return err
		}
	}
	return nil
}

// text writes a member that is at hand.
func (b *writer) text(name string, text []byte) (member, error) {
	return b.zip.add(b.base+name, int64(len(text)), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// writeManifests writes the two manifests, which cover all that is before.
func (b *writer) writeManifests(context.Context) error {
	if _, err := b.text(manifestName, manifest(b.zip.members, b.base, true)); err != nil {
		return err
	}
	tag, err := b.text(tagManifestName, manifest(b.zip.members, b.base, false))
	b.tagDigest = tag.sum
	return err
}
