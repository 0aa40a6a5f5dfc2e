package bundle

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// writeList writes case/items.jsonl: disclosed and withheld items in the order
// of their exhibit numbers.
func (b *writer) writeList(ctx context.Context) error {
	_, err := b.zip.add(b.base+itemsName, unknown, func(to io.Writer) error {
		w := bufio.NewWriterSize(to, 64<<10)
		withheld := b.facts.Withheld
		for it, err := range b.src.Items(ctx) {
			if err != nil {
				return err
			}
			for ; len(withheld) > 0 && withheld[0].Item.Exhibit < it.Exhibit; withheld = withheld[1:] {
				if err := b.writeLine(w, withheldLine(withheld[0])); err != nil {
					return err
				}
			}
			if err := b.writeLine(w, itemLine{Item: &it, Member: evidenceName(it)}); err != nil {
				return err
			}
		}
		for _, h := range withheld {
			if err := b.writeLine(w, withheldLine(h)); err != nil {
				return err
			}
		}
		return w.Flush()
	})
	if err != nil {
		return err
	}
	if n := len(b.lines); n != b.facts.Items {
		return evidence.Errorf(evidence.Conflict, "the source announced %d items and has %d", b.facts.Items, n)
	}
	if missing := b.log.unlisted(); len(missing) > 0 {
		return evidence.Errorf(evidence.Incomplete, "%d items were received that are neither disclosed nor withheld, the first is E-%05d",
			len(missing), missing[0].exhibit)
	}
	if faults := b.log.listFaults(); len(faults) > 0 {
		return evidence.Errorf(faults[0].code, "%s", faults[0].what)
	}
	return nil
}

// withheldLine returns the line of the list for a withheld item.
func withheldLine(w WithheldItem) itemLine {
	if w.Hidden {
		return itemLine{Exhibit: w.Item.Exhibit, ID: w.Item.ID, Withheld: w.Reason}
	}
	return itemLine{Item: &w.Item, Withheld: w.Reason}
}

// writeLine checks a line of the list against the log and writes it.
func (b *writer) writeLine(w io.Writer, l itemLine) error {
	b.listed++
	if l.number() != b.listed {
		return evidence.Errorf(evidence.Invalid, "the exhibit %d of the list has the number %d: they are not in order, or one is missing", b.listed, l.number())
	}
	if f := checkForm(l); f != nil {
		return evidence.Errorf(f.code, "E-%05d: %s", l.number(), f.what)
	}
	if faults := append(checkLine(l, b.facts.Case.ID), b.log.checkLine(l)...); len(faults) > 0 {
		return evidence.Errorf(faults[0].code, "E-%05d: %s", l.number(), faults[0].what)
	}
	text, err := canon.Marshal(l)
	if err != nil {
		return evidence.WrapError(evidence.Invalid, err, "E-%05d cannot be written", l.number())
	}
	if l.Member != "" {
		fixed, err := fixedPart(*l.Item)
		if err != nil {
			return err
		}
		b.lines = append(b.lines, fixed)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// writeItems writes the seal and the bytes of each disclosed item.
func (b *writer) writeItems(ctx context.Context) error {
	done, bytes := 0, int64(0)
	for it, err := range b.src.Items(ctx) {
		if err != nil {
			return err
		}
		fixed, err := fixedPart(it)
		if err != nil {
			return err
		}
		if done >= len(b.lines) || fixed != b.lines[done] {
			return evidence.Errorf(evidence.Conflict, "E-%05d changed while the bundle was written", it.Exhibit)
		}
		if err := b.writeSeal(ctx, it); err != nil {
			return err
		}
		if err := b.writeBytes(ctx, it, func(n int64) { b.progress(done, bytes+n) }); err != nil {
			return err
		}
		done, bytes = done+1, bytes+it.Length
		b.progress(done, bytes)
	}
	if done != len(b.lines) || bytes != b.facts.Bytes {
		return evidence.Errorf(evidence.Conflict, "the source announced %d items of %d bytes and has %d of %d",
			b.facts.Items, b.facts.Bytes, done, bytes)
	}
	if done == 0 {
		_, err := b.text(noneName, []byte(noneText))
		return err
	}
	return nil
}

// fixedPart returns a digest of what may not change in an item while a bundle
// is written: all but what analysis, a longer lock or a hand-over change at any
// time in a living case. The list has these as they were when it was written.
func fixedPart(it evidence.Item) (evidence.Digest, error) {
	it.Version, it.MediaType, it.Custodian, it.Locked, it.At = 0, "", "", evidence.Instant{}, evidence.Instant{}
	text, err := json.Marshal(it) // compared with itself only, so any fixed form will do
	if err != nil {
		return evidence.Digest{}, evidence.WrapError(evidence.Invalid, err, "E-%05d cannot be written", it.Exhibit)
	}
	return evidence.Sum(text), nil
}

func (b *writer) writeSeal(ctx context.Context, it evidence.Item) error {
	envelope, err := b.src.Seal(ctx, it)
	if err != nil {
		return fmt.Errorf("reading the seal of E-%05d: %w", it.Exhibit, err)
	}
	if _, faults := checkSeal(envelope, b.trust, b.facts.Case.Number, it, b.log.items[it.ID]); len(faults) > 0 {
		return evidence.Errorf(faults[0].code, "E-%05d: %s", it.Exhibit, faults[0].what)
	}
	_, err = b.text(sealName(it), envelope)
	return err
}

// writeBytes writes the evidence member of it.
func (b *writer) writeBytes(ctx context.Context, it evidence.Item, progress func(int64)) error {
	in, err := b.src.Open(ctx, it)
	if err != nil {
		return fmt.Errorf("opening E-%05d: %w", it.Exhibit, err)
	}
	defer in.Close()
	m, err := b.zip.add(b.base+evidenceName(it), it.Length, func(w io.Writer) error {
		// One byte more than expected is enough to see that there are more.
		limited := io.LimitReader(in, it.Length+1)
		if err := copyBytes(ctx, w, limited, b.buffer, progress); err != nil {
			return fmt.Errorf("reading E-%05d: %w", it.Exhibit, err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if m.sum != it.Digest {
		return evidence.Errorf(evidence.Tampered, "E-%05d: storage gave bytes with the SHA-256 %s, the sealed ones have %s", it.Exhibit, m.sum, it.Digest)
	}
	return nil
}
