package audit

import (
	"bytes"
	"context"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// tickets are those that the registry says were used, by the bits of their
// identifiers: 17 bytes of memory each.
type tickets struct {
	used  [][16]byte // ascending
	found []bool     // which of them are reads on record
}

// usedTickets reads which tickets were used. A ticket is the identifier of the
// entry with which somebody put a read on record.
func (r *run) usedTickets(ctx context.Context, f *findings) error {
	for id, err := range r.config.Registry.Redemptions(ctx) {
		if err != nil {
			return err
		}
		bits, ok := bitsOf(id)
		if !ok {
			f.differs(evidence.AlarmRecord, "", "tickets", string(id), "the registry says that %s was used, which is no ticket: nothing is opened by that; somebody put it there", safeWord(string(id)))
			continue
		}
		r.tickets.used = append(r.tickets.used, bits)
	}
	slices.SortFunc(r.tickets.used, compareBits)
	r.tickets.found = make([]bool, len(r.tickets.used))
	return nil
}

// take takes in an entry that passed every check.
func (t *tickets) take(e evidence.Entry) {
	if !isRead(e) {
		return
	}
	bits, _ := bitsOf(e.ID)
	if i, ok := slices.BinarySearchFunc(t.used, bits, compareBits); ok {
		t.found[i] = true
	}
}

// redeemed tells of tickets that were used and that no read on record gave. Those
// of cases that an earlier run compared, and of reads since the log was read, are
// looked up; that such an entry is in its log is that case's comparison.
func (r *run) redeemed(ctx context.Context, f *findings) error {
	for i, bits := range r.tickets.used {
		if r.tickets.found[i] {
			continue
		}
		id := evidence.EntryID("entry-" + strings.ToLower(idBits.EncodeToString(bits[:])))
		e, err := r.config.Registry.Entry(ctx, id)
		if err != nil && evidence.CodeOf(err).Retryable() {
			return err
		}
		if err != nil || !isRead(e.Entry) {
			f.add(evidence.AlarmRecord, "ticket "+string(id), "the registry says that the ticket %s was used, and no read on record gave it: nothing is opened by that; somebody put it there, or the read was taken away", id)
		}
		if err := r.step(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// isRead reports whether an entry is a ticket.
func isRead(e evidence.Entry) bool {
	switch e.Act {
	case evidence.ActViewed, evidence.ActDownloaded, evidence.ActFetched:
		return !e.Actor.Service
	}
	return false
}

var idBits = base32.StdEncoding.WithPadding(base32.NoPadding)

// bitsOf returns the bits of an identifier.
func bitsOf(id evidence.EntryID) (bits [16]byte, ok bool) {
	if _, err := evidence.ParseID[evidence.EntryID](string(id)); err != nil {
		return bits, false
	}
	raw, err := idBits.DecodeString(strings.ToUpper(strings.TrimPrefix(string(id), "entry-")))
	if err != nil || len(raw) != len(bits) {
		return bits, false
	}
	return [16]byte(raw), true
}

func compareBits(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) }
