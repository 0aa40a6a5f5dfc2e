package intake

import (
	"context"
	"encoding/json"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// wasUploaded returns nil when the person who is said to have received the item
// signed that they brought these bytes, under this name, into this intake, and
// Tampered when they did not: the machine completes nothing that no person did.
func (s *Uploads) wasUploaded(ctx context.Context, it evidence.Item) error {
	var record uploadRecord
	_, err := s.store.FindUpload(ctx, func(body []byte) bool {
		record = uploadRecord{}
		return json.Unmarshal(body, &record) == nil && record.Item == it.ID && evidence.Derive[evidence.ItemID](string(record.ID)) == it.ID
	})
	if evidence.CodeOf(err) == evidence.NotFound {
		return notUploaded(it)
	}
	if err != nil {
		return err
	}
	u, err := s.journal.readUpload(ctx, record.ID)
	if err == nil {
		err = s.journal.checkUpload(ctx, uploadBrought, u.asBrought(), it.Digest, u.brought)
	}
	switch evidence.CodeOf(err) {
	case "":
		return s.cutOff(ctx, it, u, it.Digest)
	case evidence.Tampered, evidence.NotFound:
		return notUploaded(it)
	default:
		return err
	}
}

func notUploaded(it evidence.Item) error {
	return evidence.Errorf(evidence.Tampered, "the registry has the item %s, and %s uploaded nothing of the kind: it is not received, nor sealed; tell the supervisor", it.ID, it.ReceivedBy)
}

// cutOff returns nil when an item of which no receipt is on record is what an
// upload makes that brought bytes with that digest: nothing else of what the
// registry has of it goes into a receipt. Of its number only the log can say
// whether it is free; its times lie between the beginning of the upload and now.
func (s *Uploads) cutOff(ctx context.Context, it evidence.Item, u *upload, digest evidence.Digest) error {
	latest := s.now().Time().Add(logbook.ClockLimit)
	place := it.Data
	place.Version = ""
	want := evidence.Item{
		ID: u.Item, Case: u.Case, Version: 1, Intake: u.Intake, Name: u.Name, Path: u.Path, Length: u.Length,
		State: evidence.ItemReceived, Custodian: u.CreatedBy, ReceivedBy: u.CreatedBy, ModifiedAt: u.ModifiedAt,
		Exhibit: it.Exhibit, Digest: digest, Collection: u.asBrought().Collection, ReceivedAt: it.ReceivedAt, Data: it.Data, Locked: it.Locked, At: it.ReceivedAt,
	}
	switch {
	case it != want, place != u.Object, u.stored == nil || u.stored.Ref != it.Data,
		!between(u.CreatedAt.Time().Add(-logbook.ClockLimit), it.ReceivedAt, latest),
		!between(u.Lock.Until.Time(), it.Locked, latest.Add(s.retention)):
		return notUploaded(it)
	}
	return s.freeExhibit(ctx, it)
}

func between(first time.Time, at evidence.Instant, last time.Time) bool {
	return !at.Time().Before(first) && !at.Time().After(last)
}

// freeExhibit returns nil when no other item was received under the number of one
// of which no receipt was found: since its intake was opened, and not before.
func (s *Uploads) freeExhibit(ctx context.Context, it evidence.Item) error {
	in, err := s.intakes.intakeOf(ctx, it)
	if err != nil {
		return err
	}
	l := s.book.Log(it.Case)
	opened, err := l.Entry(ctx, act.IntakeOpenedEntry(in.ID))
	if err != nil {
		return err
	}
	h, err := l.Head(ctx, 0)
	if err != nil {
		return err
	}
	taken := it.Exhibit < in.FirstExhibit
	for from := opened.Index; from < h.Size && !taken; from += ledger.TileSize {
		list, err := s.book.Log(it.Case).Entries(ctx, from, min(h.Size, from+ledger.TileSize))
		if err != nil {
			return err
		}
		for _, e := range list {
			taken = taken || e.Entry.Act == evidence.ActReceived && e.Entry.Exhibit == it.Exhibit && e.Entry.Item != it.ID // its own came just now
		}
	}
	if taken {
		return notUploaded(it)
	}
	return nil
}
