package intake

import (
	"cmp"
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Request asks for a new intake.
type Request struct {
	ID        evidence.IntakeID `json:"id"`
	Case      evidence.CaseID   `json:"case"`
	Source    string            `json:"source"`              // where the evidence comes from, in words
	Authority string            `json:"authority,omitempty"` // the warrant, order or consent relied on
}

// Counts is how far the items of an intake have come.
type Counts = state.Counts

// OpenIntake begins a delivery of evidence. Idempotent under r.ID. It fails
// with Conflict when the case does not accept evidence.
func (s *Intakes) OpenIntake(ctx context.Context, actor evidence.Actor, r Request) (evidence.Intake, error) {
	if err := s.clerk.Allow(ctx, actor, r.Case, act.BringIn, "case"); err != nil {
		return evidence.Intake{}, err
	}
	if _, err := evidence.ParseID[evidence.IntakeID](string(r.ID)); err != nil {
		return evidence.Intake{}, err
	}
	err := cmp.Or(evidence.CheckText("the source", r.Source, evidence.MaxText, true), evidence.CheckText("the authority", r.Authority, evidence.MaxText, false))
	if err != nil {
		return evidence.Intake{}, err
	}
	in, err := s.intakeRecord(ctx, r.ID)
	switch {
	case err == nil && (in.Case != r.Case || in.OpenedBy != actor.ID || in.Source != r.Source || in.Authority != r.Authority):
		return evidence.Intake{}, evidence.Errorf(evidence.Conflict, "this intake identifier is in use; draw a new one")
	case err == nil:
		if err := s.recordIntake(ctx, actor, in); err != nil {
			return evidence.Intake{}, err
		}
		return s.intake(ctx, in.ID)
	case evidence.CodeOf(err) != evidence.NotFound:
		return evidence.Intake{}, err
	}
	if err := s.acceptsEvidence(ctx, r.Case); err != nil {
		return evidence.Intake{}, err
	}
	h, err := s.book.Log(r.Case).Head(ctx, 0)
	if err != nil {
		return evidence.Intake{}, err
	}
	in = evidence.Intake{
		ID: r.ID, Case: r.Case, Source: r.Source, Authority: r.Authority, OpenedAt: s.now(), OpenedBy: actor.ID,
		FirstExhibit: h.Said.Highest + 1,
	}
	a, err := s.intakeOpened(ctx, actor, in) // signed before anything is recorded
	if err != nil {
		return evidence.Intake{}, err
	}
	if err := s.store.AddRecords(ctx, []state.Record{state.IntakeRecord(in)}); err != nil {
		return evidence.Intake{}, err
	}
	if known, err := s.intakeRecord(ctx, r.ID); err != nil || known != in {
		if err != nil {
			return evidence.Intake{}, err
		}
		return s.OpenIntake(ctx, actor, r) // the same request ran twice at once
	}
	_, err = s.book.Log(in.Case).Append(ctx, a)
	return in, err
}

// intakeRecord returns what the registry keeps of an intake, or NotFound.
func (s *Intakes) intakeRecord(ctx context.Context, id evidence.IntakeID) (evidence.Intake, error) {
	r, err := s.store.Record(ctx, state.KindIntake, string(id))
	if err != nil {
		return evidence.Intake{}, err
	}
	return state.Decode[evidence.Intake](r)
}

// acceptsEvidence returns nil when evidence may come into a case, as of half a
// second ago; what is appended is judged by the case as it stands then.
func (s *Intakes) acceptsEvidence(ctx context.Context, c evidence.CaseID) error {
	h, err := s.book.Log(c).Head(ctx, logbook.AccessAge)
	if err == nil {
		err = h.Whole()
	}
	if err != nil {
		return err
	}
	now, ok := h.Said.Now()
	switch {
	case !ok:
		return evidence.NoSuch("case")
	case !now.State.AcceptsEvidence():
		return evidence.Errorf(evidence.Conflict, "the case is %s and takes no more evidence; what you sent is kept for seven days: have the case opened again, then try again", now.State)
	default:
		return nil
	}
}

// recordIntake makes sure that an intake which is known is on record.
func (s *Intakes) recordIntake(ctx context.Context, actor evidence.Actor, in evidence.Intake) error {
	_, err := s.book.Log(in.Case).Entry(ctx, act.IntakeOpenedEntry(in.ID))
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	a, err := s.intakeOpened(ctx, actor, in)
	if err == nil {
		_, err = s.book.Log(in.Case).Append(ctx, a)
	}
	return err
}

// intakeOpened returns the entry that opens an intake, signed.
func (s *Intakes) intakeOpened(ctx context.Context, actor evidence.Actor, in evidence.Intake) (*logbook.Draft, error) {
	said := act.IntakeOpened{Intake: in.ID, Source: in.Source, FirstExhibit: in.FirstExhibit}
	e, err := act.New(in.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) { e.At, e.Authority = in.OpenedAt, in.Authority })
	if err != nil {
		return nil, err
	}
	return s.clerk.Prepare(ctx, actor, e)
}

// intake returns an intake, which never changes, without asking who wants it: as
// the entry says with which a person opened it. What the registry keeps of it
// only says where to look.
func (s *Intakes) intake(ctx context.Context, id evidence.IntakeID) (evidence.Intake, error) {
	if in, ok := s.known.Load(id); ok {
		return in.(evidence.Intake), nil
	}
	in, err := s.intakeRecord(ctx, id)
	if err != nil {
		return evidence.Intake{}, evidence.Hide(err, "intake")
	}
	h, err := s.book.Log(in.Case).Head(ctx, time.Minute)
	opened, ok := state.Intake{}, false
	if err == nil {
		opened, ok = h.Said.Intake(id)
	}
	if err == nil && !ok {
		if h, err = s.book.Log(in.Case).Head(ctx, 0); err == nil {
			opened, ok = h.Said.Intake(id)
		}
	}
	if err != nil {
		return evidence.Intake{}, err
	}
	if !ok {
		return evidence.Intake{}, evidence.Errorf(evidence.Conflict, "this intake is not on record yet; whoever opens it tries that again")
	}
	if in.FirstExhibit = opened.FirstExhibit; in != opened.Intake {
		return evidence.Intake{}, otherIntake()
	}
	s.known.Store(id, in)
	return in, nil
}

func otherIntake() error {
	return evidence.Errorf(evidence.Tampered, "the registry says something else of this intake than the entry that opened it; nothing is done with it, tell the supervisor")
}

// intakeOf returns the intake of an item, which is of the same case.
func (s *Intakes) intakeOf(ctx context.Context, it evidence.Item) (evidence.Intake, error) {
	in, err := s.intake(ctx, it.Intake)
	if err == nil && in.Case != it.Case {
		err = otherIntake()
	}
	return in, err
}

// Intake returns an intake.
func (s *Intakes) Intake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (evidence.Intake, error) {
	in, err := s.intake(ctx, id)
	if err != nil {
		return evidence.Intake{}, err
	}
	if err := s.clerk.Allow(ctx, actor, in.Case, act.SeeCase, "intake"); err != nil {
		return evidence.Intake{}, err
	}
	return in, nil
}

// IntakeStatus counts the items of an intake.
func (s *Intakes) IntakeStatus(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (Counts, error) {
	in, err := s.Intake(ctx, actor, id)
	if err != nil {
		return Counts{}, err
	}
	h, err := s.book.Log(in.Case).Head(ctx, 0)
	if err != nil {
		return Counts{}, err
	}
	now, _ := h.Said.Intake(id)
	return now.Counts, nil
}

// CloseIntake records that a delivery ended, with its counts. Only a service
// may; idempotent.
func (s *Intakes) CloseIntake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, counts Counts) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	in, err := s.intake(ctx, id)
	if err != nil {
		return err
	}
	said := act.IntakeClosed{Intake: id, Sealed: counts.Sealed, Quarantined: counts.Quarantined, Bytes: counts.Bytes}
	e, err := act.New(in.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) { e.Authority = in.Authority })
	if err != nil {
		return err
	}
	_, err = s.clerk.PutOnRecord(ctx, actor, e)
	return err
}

// isClosed reports whether an intake ended, as of a second ago.
func (s *Intakes) isClosed(ctx context.Context, in evidence.Intake) (bool, error) {
	h, err := s.book.Log(in.Case).Head(ctx, time.Second)
	if err != nil {
		return false, err
	}
	now, _ := h.Said.Intake(in.ID)
	return now.Closed, nil
}

// PendingItems returns at most limit items of the intake that are received and
// neither sealed nor quarantined, from exhibit number from on (0: the first of
// the intake), and the number from which the next call scans on; items of the
// intake below it are done or returned. At the end of what there is, next is
// the exhibit number that the case gives next. Items whose end is on record are
// none of them, whatever the registry says. Only a service may.
func (s *Intakes) PendingItems(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, from, limit int) (pending []evidence.Item, next int, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return nil, 0, err
	}
	in, err := s.intake(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	rows, next, err := s.pendingRows(ctx, in, from, limit)
	if err != nil {
		return nil, 0, err
	}
	pending, err = s.unfinished(ctx, in.Case, rows)
	return pending, next, err
}

// unfinished returns the items that the log does not say are sealed or
// quarantined. Of the others the registry is told: whoever put their end on record
// was killed before it did.
func (s *Intakes) unfinished(ctx context.Context, c evidence.CaseID, rows []evidence.Item) ([]evidence.Item, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	h, err := s.book.Log(c).Head(ctx, 0)
	if err != nil {
		return nil, err
	}
	waits := make([]bool, len(rows))
	err = parallel.Each(ctx, len(rows), func(ctx context.Context, i int) error {
		said, entries, err := s.exhibits.Said(ctx, h, c, rows[i].ID)
		switch code := evidence.CodeOf(err); {
		case err != nil && code.Retryable():
			return err
		case err != nil || said.State == evidence.ItemReceived: // with an error: the receipt may have been cut off
			waits[i] = true
			return nil
		}
		return s.addMissing(ctx, rows[i].Version, said.Version, entries)
	})
	var pending []evidence.Item
	for i, row := range rows {
		if waits[i] {
			pending = append(pending, row)
		}
	}
	return pending, err
}

// addMissing adds the versions of an item after one, up to another, that its
// entries say.
func (s *Intakes) addMissing(ctx context.Context, after, last int, entries []evidence.LogEntry) error {
	var it evidence.Item
	for _, e := range entries {
		next, changed := state.Item(it, e.Entry)
		if !changed || next.Version > last {
			continue
		}
		if it = next; it.Version <= after {
			continue
		}
		if _, err := s.store.AddItem(ctx, it); err != nil {
			return err
		}
	}
	return nil
}

// pendingRows returns the items of which the registry says that they wait.
func (s *Intakes) pendingRows(ctx context.Context, in evidence.Intake, from, limit int) (pending []evidence.Item, next int, err error) {
	next = max(from, in.FirstExhibit)
	for {
		at := evidence.ItemTileOf(next)
		tile, err := s.store.ItemTile(ctx, in.Case, at)
		if err != nil {
			return nil, 0, err
		}
		for _, it := range tile {
			if it.Exhibit < next || evidence.ItemTileOf(it.Exhibit) != at {
				continue
			}
			if len(pending) == limit {
				return pending, next, nil
			}
			if it.Intake == in.ID && it.State == evidence.ItemReceived {
				pending = append(pending, it)
			}
			next = it.Exhibit + 1
		}
		if len(tile) < evidence.ItemTile {
			return pending, next, nil
		}
		next = max(next, (at+1)*evidence.ItemTile+1) // whatever numbers its rows name
	}
}
