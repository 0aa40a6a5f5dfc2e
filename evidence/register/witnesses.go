package register

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// CheckWitnesses holds the register against what witnesses saw of it: against
// the cosignatures that are kept, and, asking each witness, against what it
// remembers. It returns an alarm for each witness that saw another register, or
// a longer one. A witness that does not answer is no alarm: Register says that
// it is behind. It raises none of them; RaiseAlarms does.
func (r *Register) CheckWitnesses(ctx context.Context) ([]evidence.Alarm, error) {
	if len(r.witnesses) == 0 {
		return nil, nil
	}
	h, err := r.registerHead(ctx)
	if err != nil {
		return nil, err
	}
	alarms := make([][]evidence.Alarm, len(r.witnesses))
	err = parallel.Each(ctx, len(alarms), func(ctx context.Context, i int) error {
		var err error
		alarms[i], err = r.checkWitness(ctx, r.witnesses[i], h)
		return err
	})
	return slices.Concat(alarms...), err
}

func (r *Register) checkWitness(ctx context.Context, w Witness, h logbook.Head) ([]evidence.Alarm, error) {
	name := w.Key().Name
	var alarms []evidence.Alarm
	last, ok, err := r.lastAnchor(ctx, evidence.AnchorWitness, name, h.Size)
	if err == nil && ok {
		err = r.holdAnchor(ctx, w.Key(), last, h.Size)
	}
	if d, ok := errors.AsType[*dispute](err); ok {
		alarms = append(alarms, r.disputeAlarm(name, d))
	} else if err != nil {
		return nil, err
	}
	if h.Size == 0 { // nothing to show; whoever has seen something shows it when there is
		return alarms, nil
	}
	_, err = r.askWitness(ctx, w, h)
	if d, ok := errors.AsType[*dispute](err); ok {
		alarms = append(alarms, r.disputeAlarm(name, d))
	} else if err != nil {
		r.logger.WarnContext(ctx, "a witness cannot be asked what it saw", slog.String("by", name), slog.Any("error", err))
	}
	return alarms, nil
}

// dispute is that a witness saw another register than ours, or a longer one.
type dispute struct {
	size int64 // of what it cosigned
	err  error // evidence.ErrRolledBack or ErrForked, in an evidence.Error
}

// Error implements error.
func (d *dispute) Error() string { return d.err.Error() }

// Unwrap returns what the witness said.
func (d *dispute) Unwrap() error { return d.err }

// disputeAlarm is the alarm of a dispute. It is the same one for as long as the
// witness holds to the same head, however our register grows.
func (r *Register) disputeAlarm(witness string, d *dispute) evidence.Alarm {
	what := "is not the one"
	if errors.Is(d, evidence.ErrRolledBack) {
		what = "is shorter than the one"
	}
	return evidence.NewAlarm(evidence.AlarmWitness, "", witness,
		fmt.Sprintf("The register %s that this witness cosigned at %d entries: %s. It was rewritten, or an old copy of the database was put in its place. Ask the witness's operator for what it has.",
			what, d.size, evidence.MessageOf(d)),
		evidence.At(r.clock()), what, strconv.FormatInt(d.size, 10))
}

// holdAnchor compares a kept cosignature with the register as it is, of that size.
func (r *Register) holdAnchor(ctx context.Context, key evidence.WitnessKey, a evidence.Anchor, size int64) error {
	l := r.book.Log(evidence.RegisterID())
	root, err := l.Root(ctx, a.Size)
	if err != nil {
		return err
	}
	if root == (ledger.Hash{}) {
		return &dispute{a.Size, evidence.WrapError(evidence.Tampered, evidence.ErrRolledBack, "its cosignature of %d entries is kept, and the register has %d", a.Size, size)}
	}
	note, err := r.store.Checkpoint(ctx, evidence.RegisterID(), a.Size)
	if err != nil {
		return err
	}
	cosigned, err := ledger.AddCosignatures(note, a.Body)
	var cp ledger.Checkpoint
	var by []ledger.Cosignature
	if err == nil {
		cp, by, err = ledger.OpenCosignatures(cosigned, []evidence.WitnessKey{key})
	}
	if err != nil || len(by) == 0 || cp.Root != root {
		return &dispute{a.Size, evidence.WrapError(evidence.Tampered, evidence.ErrForked, "its cosignature of %d entries is kept, and is not of the register as it is", a.Size)}
	}
	return nil
}
