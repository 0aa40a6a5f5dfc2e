package logbook

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Draft is an entry on its way into a log. One draft is appended once.
type Draft struct {
	entry    evidence.LogEntry // Raw is nil until it is signed
	unsigned []byte            // canonical bytes without the signature; nil for what was signed elsewhere
	signer   evidence.Signer   // of the person who acted; nil for the machine's and for what was signed elsewhere
	err      error
	done     chan struct{}
}

// Machine returns an act of the machine to be appended, which is signed with its
// batch.
func Machine(e evidence.Entry) (*Draft, error) { return draftOf(e) }

// Personal returns an act of a person to be appended, signed by that person's
// signer, which signs again where the entry has to say that its clock is behind.
func Personal(ctx context.Context, e evidence.Entry, signer evidence.Signer) (*Draft, error) {
	d, err := draftOf(e)
	if err != nil {
		return nil, err
	}
	if err := d.sign(ctx, signer); err != nil {
		return nil, fmt.Errorf("nothing was recorded: %w", err)
	}
	d.signer = signer
	return d, nil
}

// Signed returns an entry to be appended as it was signed elsewhere: raw are its
// canonical bytes.
func Signed(e evidence.Entry, raw []byte) *Draft {
	return &Draft{entry: evidence.LogEntry{Raw: raw, Entry: e}, done: make(chan struct{})}
}

func draftOf(e evidence.Entry) (*Draft, error) {
	unsigned, err := canonical(e)
	if err != nil {
		return nil, err
	}
	d := Signed(e, nil)
	d.unsigned = unsigned
	return d, nil
}

// Entry returns the entry with its bytes: nil while it is not signed. The index is
// that of the log once it is appended.
func (d *Draft) Entry() evidence.LogEntry { return d.entry }

// machine reports whether the worker's key signs the entry.
func (d *Draft) machine() bool { return d.entry.Entry.Actor.Service }

func (d *Draft) sign(ctx context.Context, signer evidence.Signer) error {
	raw, err := attest.SignCanonical(ctx, signer, []*evidence.Entry{&d.entry.Entry}, [][]byte{d.unsigned})
	if err == nil {
		d.entry.Raw = raw[0]
	}
	return err
}

// longestSignature is how many bytes a signature adds to an entry at most.
const longestSignature = 2048

// canonical returns the canonical bytes of an entry that is not signed yet.
func canonical(e evidence.Entry) ([]byte, error) {
	unsigned, err := canon.Marshal(e)
	if err == nil && len(unsigned)+longestSignature > canon.MaxSize {
		err = evidence.Errorf(evidence.TooLarge, "an entry of the log may have %d bytes, this has %d; nothing was recorded: say it in fewer words", canon.MaxSize-longestSignature, len(unsigned))
	}
	return unsigned, err
}

// finish ends drafts, each with err or none.
func finish(batch []*Draft, err error) {
	for _, d := range batch {
		d.err = err
		close(d.done)
	}
}
