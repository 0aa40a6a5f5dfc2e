package custody

import (
	"context"
	"encoding/hex"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// The details of head entries of the register.
const (
	DetailHeadCase   = "case"        // whose log it is
	DetailHeadOrigin = "origin"      // of that log
	DetailHeadSize   = "size"        // of that log, decimal
	DetailHeadRoot   = "root"        // of that log at that size, hexadecimal
	DetailHeadNote   = "note_sha256" // SHA-256 of the signed checkpoint of that log, hexadecimal
)

// registering is what a process remembers of the register; all of it can be
// found again.
type registering struct {
	mu         sync.Mutex
	registered map[evidence.CaseID]int64 // the largest size of each log known to be in the register
	looked     time.Time                 // when heads were last looked for; zero before
	lookedFar  time.Time
	cosigned   map[string]int64 // by witness: the size that it cosigned last, as far as is known
	anchored   map[string]int64 // by kind and name: the largest size of an anchor that is kept
	failing    map[string]bool  // by kind and name: it was logged
}

func newRegistering() registering {
	return registering{
		registered: map[evidence.CaseID]int64{}, cosigned: map[string]int64{},
		anchored: map[string]int64{}, failing: map[string]bool{},
	}
}

// headEntryID is the identifier of the register's entry about a head: the same
// head is registered once, whoever does it.
func headEntryID(c evidence.CaseID, size int64) evidence.EntryID {
	return evidence.DeriveEntryID(string(evidence.ActHead), string(c), strconv.FormatInt(size, 10))
}

// PublishHeads puts the heads of the logs that changed since the last time into
// the register, and returns how many. A log that must not be used, because it
// was tampered with, is left out and logged; the audit says what is wrong with
// it. A run costs a read for each of the last three minutes (150 of them every
// quarter of an hour), and for each changed log about three reads and its part
// of one insert. Idempotent; only a service may.
func (s *Service) PublishHeads(ctx context.Context, actor evidence.Actor) (published int, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return 0, err
	}
	began := s.config.Clock()
	changed, far, err := s.changedLogs(ctx, began)
	if err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(changed, ledger.TileSize) {
		n, err := s.publish(ctx, actor, chunk)
		published += n
		if err != nil {
			return published, err
		}
	}
	s.register.mu.Lock()
	defer s.register.mu.Unlock()
	s.register.looked = began
	if far {
		s.register.lookedFar = began
	}
	return published, nil
}

// publish registers the newest heads of logs.
func (s *Service) publish(ctx context.Context, actor evidence.Actor, logs []evidence.CaseID) (published int, err error) {
	entries := make([]*evidence.Entry, len(logs))
	sizes := make([]int64, len(logs))
	err = parallel.Each(ctx, len(logs), func(ctx context.Context, i int) error {
		e, size, err := s.headEntry(ctx, actor, logs[i])
		if err == nil {
			entries[i], sizes[i] = e, size
			return nil
		}
		switch code := evidence.CodeOf(err); code {
		case evidence.Unavailable, evidence.Sealed, evidence.StorageFull: // so would the others
			return err
		case evidence.NotFound: // a case that was never opened has no log
		default:
			s.logger.ErrorContext(ctx, "the head of a log cannot be registered", slog.String("case", string(logs[i])), slog.Any("error", err))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	var list []evidence.Entry
	for _, e := range entries {
		if e != nil {
			list = append(list, *e)
		}
	}
	if _, err := s.record(ctx, actor, list...); err != nil {
		return 0, err
	}
	for i, c := range logs {
		if entries[i] != nil {
			s.rememberRegistered(c, sizes[i])
		}
	}
	return len(list), nil
}

// headEntry returns the register's entry about the newest logbook.Head of a log; nil
// when it has that already.
func (s *Service) headEntry(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (*evidence.Entry, int64, error) {
	h, err := s.book.Log(c).Checkpoint(ctx)
	if err != nil {
		return nil, 0, err
	}
	there, err := s.isRegistered(ctx, c, h.Size)
	if err != nil || there {
		return nil, 0, err
	}
	e, err := s.describeHead(ctx, actor, c, h)
	return &e, h.Size, err
}

// describeHead returns the register's entry about a signed head.
func (s *Service) describeHead(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) (evidence.Entry, error) {
	note, err := s.registry.Checkpoint(ctx, c, h.Size) // what counts, of two that signed it
	if err != nil {
		return evidence.Entry{}, err
	}
	if note == nil {
		return evidence.Entry{}, evidence.Errorf(evidence.Incomplete, "the signed head of %d entries is missing from the registry", h.Size)
	}
	e, err := s.entry(headEntryID(c, h.Size), evidence.RegisterID(), evidence.ActHead, actor)
	if err != nil {
		return evidence.Entry{}, err
	}
	e.Details = map[string]string{
		DetailHeadCase: string(c), DetailHeadOrigin: ledger.CaseOrigin(s.config.Origin, c), DetailHeadSize: strconv.FormatInt(h.Size, 10),
		DetailHeadRoot: hex.EncodeToString(h.Root[:]), DetailHeadNote: evidence.Sum(note).String(),
	}
	return e, nil
}

// SignRegister makes sure that the register's newest logbook.Head is signed, and
// returns its size; 0 while nothing was registered. Only a service may.
func (s *Service) SignRegister(ctx context.Context, actor evidence.Actor) (size int64, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return 0, err
	}
	h, err := s.registerHead(ctx)
	return h.Size, err
}

// registerHead returns the register's newest logbook.Head, signed; the zero head while
// nothing was registered.
func (s *Service) registerHead(ctx context.Context) (logbook.Head, error) {
	h, err := s.book.Log(evidence.RegisterID()).Checkpoint(ctx)
	if evidence.CodeOf(err) == evidence.NotFound {
		return logbook.Head{}, nil
	}
	return h, err
}

// registerNow registers one head of a log and collects what outsiders give for
// it, as far as they do before ctx ends. It fails only when the head cannot be
// registered.
func (s *Service) registerNow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) error {
	there, err := s.isRegisteredAt(ctx, c, h.Size)
	if err != nil {
		return err
	}
	if !there {
		e, err := s.describeHead(ctx, actor, c, h)
		if err != nil {
			return err
		}
		if _, err := s.record(ctx, actor, e); err != nil {
			return err
		}
	}
	s.rememberRegistered(c, h.Size)
	bounded, cancel := context.WithTimeout(ctx, anchorLimit)
	defer cancel()
	if _, err := s.AnchorRegister(bounded, actor); err != nil {
		s.logger.WarnContext(ctx, "the register could not be anchored now; its next run does", slog.Any("error", err))
	}
	return nil
}

// isRegisteredAt reports whether the register has the head of a log at exactly
// that size.
func (s *Service) isRegisteredAt(ctx context.Context, c evidence.CaseID, size int64) (bool, error) {
	_, err := s.book.Log(evidence.RegisterID()).Entry(ctx, headEntryID(c, size))
	if evidence.CodeOf(err) == evidence.NotFound {
		return false, nil
	}
	return err == nil, err
}
