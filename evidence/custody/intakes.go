package custody

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/replay"
)

// IntakeRequest asks for a new intake.
type IntakeRequest struct {
	ID        evidence.IntakeID `json:"id"`
	Case      evidence.CaseID   `json:"case"`
	Source    string            `json:"source"`              // where the evidence comes from, in words
	Authority string            `json:"authority,omitempty"` // the warrant, order or consent relied on
}

// IntakeCounts is how far the items of an intake have come. Received counts
// those that are neither sealed nor quarantined yet.
type IntakeCounts struct {
	Received    int   `json:"received"`
	Sealed      int   `json:"sealed"`
	Quarantined int   `json:"quarantined"`
	Bytes       int64 `json:"bytes"` // of all of them
}

// Items returns how many items the counts cover.
func (c IntakeCounts) Items() int { return c.Received + c.Sealed + c.Quarantined }

// OpenIntake begins a delivery of evidence. Idempotent under r.ID. It fails
// with Conflict when the case does not accept evidence.
func (s *Service) OpenIntake(ctx context.Context, actor evidence.Actor, r IntakeRequest) (evidence.Intake, error) {
	if err := s.allow(ctx, actor, r.Case, bringIn, "case"); err != nil {
		return evidence.Intake{}, err
	}
	if _, err := evidence.ParseID[evidence.IntakeID](string(r.ID)); err != nil {
		return evidence.Intake{}, err
	}
	err := cmp.Or(evidence.CheckText("the source", r.Source, evidence.MaxText, true), evidence.CheckText("the authority", r.Authority, evidence.MaxText, false))
	if err != nil {
		return evidence.Intake{}, err
	}
	in, err := s.registry.Intake(ctx, r.ID)
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
	h, err := s.log(r.Case).refresh(ctx, 0)
	if err != nil {
		return evidence.Intake{}, err
	}
	in = evidence.Intake{
		ID: r.ID, Case: r.Case, Source: r.Source, Authority: r.Authority, OpenedAt: s.now(), OpenedBy: actor.ID,
		FirstExhibit: h.tally.Highest + 1,
	}
	a, err := s.intakeOpened(ctx, actor, in) // signed before anything is recorded
	if err != nil {
		return evidence.Intake{}, err
	}
	if added, err := s.registry.AddIntake(ctx, in); err != nil {
		return evidence.Intake{}, err
	} else if !added {
		return s.OpenIntake(ctx, actor, r) // the same request ran twice at once
	}
	_, err = s.put(ctx, a)
	return in, err
}

func (s *Service) acceptsEvidence(ctx context.Context, c evidence.CaseID) error {
	found, err := s.registry.Case(ctx, c)
	if err != nil {
		return hide(err, "case")
	}
	if !found.State.AcceptsEvidence() {
		return evidence.Errorf(evidence.Conflict, "the case is %s and takes no more evidence; open it again first", found.State)
	}
	return nil
}

// recordIntake makes sure that an intake which is known is on record.
func (s *Service) recordIntake(ctx context.Context, actor evidence.Actor, in evidence.Intake) error {
	_, err := s.log(in.Case).recorded(ctx, intakeEntry(in.ID))
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	a, err := s.intakeOpened(ctx, actor, in)
	if err == nil {
		_, err = s.put(ctx, a)
	}
	return err
}

func intakeEntry(id evidence.IntakeID) evidence.EntryID {
	return evidence.DeriveEntryID("intake-opened", string(id))
}

// intakeOpened returns the entry that opens an intake, signed.
func (s *Service) intakeOpened(ctx context.Context, actor evidence.Actor, in evidence.Intake) (*appending, error) {
	e, err := s.entry(intakeEntry(in.ID), in.Case, evidence.ActIntakeOpened, actor)
	if err != nil {
		return nil, err
	}
	e.At, e.Authority = in.OpenedAt, in.Authority
	e.Details = map[string]string{detailIntake: string(in.ID), detailSource: in.Source, detailFirst: strconv.Itoa(in.FirstExhibit)}
	return s.prepare(ctx, actor, e)
}

// intake returns an intake, which never changes, without asking who wants it: as
// the entry says with which a person opened it. What the registry keeps of it
// only says where to look.
func (s *Service) intake(ctx context.Context, id evidence.IntakeID) (evidence.Intake, error) {
	if in, ok := s.intakes.Load(id); ok {
		return in.(evidence.Intake), nil
	}
	in, err := s.registry.Intake(ctx, id)
	if err != nil {
		return evidence.Intake{}, hide(err, "intake")
	}
	e, err := s.log(in.Case).recorded(ctx, intakeEntry(id))
	if evidence.CodeOf(err) == evidence.NotFound {
		return evidence.Intake{}, evidence.Errorf(evidence.Conflict, "this intake is not on record yet; whoever opens it tries that again")
	}
	if err != nil {
		return evidence.Intake{}, err
	}
	var said replay.Case
	said.Add(e.Entry)
	if len(said.Intakes) != 1 {
		return evidence.Intake{}, otherIntake()
	}
	opened := said.Intakes[0]
	if in.FirstExhibit = opened.FirstExhibit; in != opened || opened.ID != id {
		return evidence.Intake{}, otherIntake()
	}
	s.intakes.Store(id, in)
	return in, nil
}

func otherIntake() error {
	return evidence.Errorf(evidence.Tampered, "the registry says something else of this intake than the entry that opened it; nothing is done with it, tell the supervisor")
}

// intakeOf returns the intake of an item, which is of the same case.
func (s *Service) intakeOf(ctx context.Context, it evidence.Item) (evidence.Intake, error) {
	in, err := s.intake(ctx, it.Intake)
	if err == nil && in.Case != it.Case {
		err = otherIntake()
	}
	return in, err
}

// Intake returns an intake.
func (s *Service) Intake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (evidence.Intake, error) {
	in, err := s.intake(ctx, id)
	if err != nil {
		return evidence.Intake{}, err
	}
	if err := s.allow(ctx, actor, in.Case, seeCase, "intake"); err != nil {
		return evidence.Intake{}, err
	}
	return in, nil
}

// IntakeStatus counts the items of an intake.
func (s *Service) IntakeStatus(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (IntakeCounts, error) {
	in, err := s.Intake(ctx, actor, id)
	if err != nil {
		return IntakeCounts{}, err
	}
	h, err := s.log(in.Case).refresh(ctx, 0)
	return h.tally.Intakes[id], err
}

// CloseIntake records that a delivery ended, with its counts. Only a service
// may; idempotent.
func (s *Service) CloseIntake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, counts IntakeCounts) error {
	if err := onlyService(actor); err != nil {
		return err
	}
	in, err := s.intake(ctx, id)
	if err != nil {
		return err
	}
	e, err := s.entry(evidence.DeriveEntryID("intake-closed", string(id)), in.Case, evidence.ActIntakeClosed, actor)
	if err != nil {
		return err
	}
	e.Authority = in.Authority
	e.Details = map[string]string{
		detailIntake: string(id), "sealed": strconv.Itoa(counts.Sealed), "quarantined": strconv.Itoa(counts.Quarantined),
		"bytes": strconv.FormatInt(counts.Bytes, 10),
	}
	_, err = s.record(ctx, actor, e)
	return err
}

// isClosed reports whether an intake ended, as of a second ago.
func (s *Service) isClosed(ctx context.Context, in evidence.Intake) (bool, error) {
	h, err := s.log(in.Case).refresh(ctx, time.Second)
	return slices.Contains(h.tally.Closed, in.ID), err
}

// PendingItems returns at most limit items of the intake that are received and
// neither sealed nor quarantined, from exhibit number from on (0: the first of
// the intake), and the number from which the next call scans on; items of the
// intake below it are done or returned. At the end of what there is, next is
// the exhibit number that the case gives next. Only a service may.
func (s *Service) PendingItems(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, from, limit int) (pending []evidence.Item, next int, err error) {
	if err := onlyService(actor); err != nil {
		return nil, 0, err
	}
	in, err := s.intake(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	next = max(from, in.FirstExhibit)
	for {
		tile, err := s.registry.ItemTile(ctx, in.Case, tileOf(next))
		if err != nil {
			return nil, 0, err
		}
		for _, it := range tile {
			if it.Exhibit < next {
				continue
			}
			if len(pending) == limit {
				return pending, next, nil
			}
			if it.Intake == id && it.State == evidence.ItemReceived {
				pending = append(pending, it)
			}
			next = it.Exhibit + 1
		}
		if len(tile) < itemTile {
			return pending, next, nil
		}
	}
}

// itemTile is how many exhibits share a partition of the registry.
const itemTile = 64

// tileOf returns the tile of an exhibit.
func tileOf(exhibit int) int { return (exhibit - 1) / itemTile }
