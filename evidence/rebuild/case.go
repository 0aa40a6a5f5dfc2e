package rebuild

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// making is a case in the making.
type making struct {
	*work
	id       evidence.CaseID
	said     state.Case
	received []int                             // exhibit numbers, as they came
	items    map[evidence.ItemID]evidence.Item // some of them, as they stand
	versions []evidence.Item                   // to be written
	analysed int
}

// itemsKept is how many items are kept in memory besides the registry.
const itemsKept = 4096

// oneCase makes a case anew. Its members come last: only then does anybody see
// it.
func (w *work) oneCase(ctx context.Context, c evidence.CaseID) error {
	m := &making{work: w, id: c, items: map[evidence.ItemID]evidence.Item{}}
	if err := w.log(ctx, c, func(e evidence.LogEntry) error { return m.take(ctx, e) }); err != nil {
		return err
	}
	if err := m.writeItems(ctx); err != nil {
		return err
	}
	now, ok := m.said.Now()
	if !ok {
		w.problem(c, "no good entry opens this case; there is nothing to make")
		return nil
	}
	if added, err := w.Registry.AddCaseNumber(ctx, now.Number, c); err != nil {
		return err
	} else if !added {
		w.problem(c, "another case has its number")
	}
	w.report.Intakes += len(m.said.Intakes)
	if err := m.disclosures(ctx); err != nil {
		return err
	}
	if err := w.Registry.AddRecords(ctx, m.said.Records()); err != nil {
		return err
	}
	if m.analysed > 0 {
		w.lost(c, "what analyzers found in %d items: have them analysed again", m.analysed)
	}
	w.report.Cases++
	return nil
}

// take takes in an entry of the case.
func (m *making) take(ctx context.Context, e evidence.LogEntry) error {
	m.said.Add(e.Entry)
	if e.Entry.Act == evidence.ActReceived {
		m.received = append(m.received, e.Entry.Exhibit)
	}
	switch e.Entry.Act {
	case evidence.ActReceived, evidence.ActSealed, evidence.ActQuarantined, evidence.ActAnalysed:
		return m.item(ctx, e.Entry)
	}
	return nil
}

// item makes the version of an item that an entry says.
func (m *making) item(ctx context.Context, e evidence.Entry) error {
	if e.Act == evidence.ActAnalysed && e.Details["findings"] != "0" {
		m.analysed++
	}
	before, known := m.items[e.Item]
	if !known && e.Act != evidence.ActReceived {
		var err error
		if before, err = m.Registry.Item(ctx, e.Item); err != nil && evidence.CodeOf(err) != evidence.NotFound {
			return err
		}
	}
	after, changed := state.Item(before, e)
	if !changed {
		return nil
	}
	if after.Version == 1 {
		m.report.Items++
	}
	if e.Act == evidence.ActSealed {
		if err := m.checkSealed(ctx, after); err != nil {
			return err
		}
	}
	m.versions = append(m.versions, after)
	m.items[e.Item] = after
	if len(m.versions) < batch && len(m.items) < itemsKept {
		return nil
	}
	return m.writeItems(ctx)
}

// writeItems writes the versions that wait, and forgets what is written.
func (m *making) writeItems(ctx context.Context) error {
	taken, err := m.Registry.AddItems(ctx, m.versions)
	for _, i := range taken {
		m.problem(m.id, "the exhibit number %d was given twice; the item %s is left out", m.versions[i].Exhibit, m.versions[i].ID)
	}
	m.versions = nil
	if len(m.items) >= itemsKept {
		clear(m.items)
	}
	return err
}
