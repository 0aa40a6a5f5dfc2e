package audit

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// register compares the register as any log, and takes in which heads of cases
// it names.
func (r *run) register(ctx context.Context, f *findings) error {
	if err := r.catchUp(ctx, evidence.RegisterID(), f); err != nil {
		return err
	}
	var err error
	if r.stored, err = r.config.Registry.Alarms(ctx); err != nil {
		return err
	}
	_, err = r.log(ctx, evidence.RegisterID(), f, func(e evidence.Entry) {
		r.head(e)
		r.alarmEntry(e)
	})
	found := f.list // before it was known which of these were gone
	*f = *r.findings(f.id, f.now)
	for _, a := range found {
		f.alarm(a)
	}
	return err
}

// head takes in a `head` entry of the register.
func (r *run) head(e evidence.Entry) {
	if e.Act != evidence.ActHead {
		return
	}
	c, err := evidence.ParseID[evidence.CaseID](e.Details["case"])
	if err != nil {
		return
	}
	cp := ledger.Checkpoint{Origin: e.Details["origin"]}
	if cp.Size, err = strconv.ParseInt(e.Details["size"], 10, 64); err != nil {
		return
	}
	if cp.Root, err = ledger.ParseHash(e.Details["root"]); err == nil {
		r.heads[c] = cp
	}
}
