package custody

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
)

// completable returns those of the items that are on record, or that an upload
// brought whose receipt was cut off. Another one was put into the registry by
// nobody who uploaded anything: it is left alone and logged, and the audit
// reports it.
func (s *Service) completable(ctx context.Context, work []*sealing) ([]*sealing, error) {
	var kept []*sealing
	for _, w := range work {
		if !w.received {
			switch err := s.wasUploaded(ctx, w.item); evidence.CodeOf(err) {
			case "":
			case evidence.Tampered:
				s.logger.ErrorContext(ctx, "an item is not sealed", slog.String("item", string(w.item.ID)), slog.Any("error", err))
				continue
			default:
				return nil, err
			}
		}
		kept = append(kept, w)
	}
	return kept, nil
}

// wasUploaded returns nil when an upload of the person who is said to have
// brought the item stored these bytes, and Tampered when none did.
func (s *Service) wasUploaded(ctx context.Context, it evidence.Item) error {
	var record uploadRecord
	_, err := s.registry.FindUpload(ctx, func(body []byte) bool {
		record = uploadRecord{}
		return json.Unmarshal(body, &record) == nil && record.Item == it.ID && evidence.Derive[evidence.ItemID](string(record.ID)) == it.ID
	})
	if err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	if err == nil {
		s.forget(record.ID) // as the registry has it
		u, err := s.load(ctx, record.ID)
		if err != nil {
			return err
		}
		digest := evidence.Digest(u.hash.Sum(nil))
		if u.Case == it.Case && u.Intake == it.Intake && u.Name == it.Name && u.Path == it.Path && u.Length == it.Length && u.Offset == it.Length &&
			u.CreatedBy == it.ReceivedBy && digest == it.Digest && u.stored != nil && u.stored.Ref == it.Data {
			return nil
		}
	}
	return evidence.Errorf(evidence.Tampered, "the registry has the item %s, and %s uploaded nothing of the kind: it is not received, nor sealed; tell the supervisor", it.ID, it.ReceivedBy)
}
