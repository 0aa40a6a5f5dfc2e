package registry

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// AddAnalysis adds the record of one run of analyzers over an item. Recording
// the same run again changes nothing.
func (r *Registry) AddAnalysis(ctx context.Context, it evidence.ItemID, run string, body []byte) error {
	_, err := r.insert(ctx, analyses, document{ID: fmt.Sprintf("%s/%s", it, run), Item: string(it), Body: string(body)})
	return err
}

// Analyses returns the records of the runs over an item, in no certain order.
func (r *Registry) Analyses(ctx context.Context, it evidence.ItemID) ([][]byte, error) {
	found, err := r.find(ctx, analyses, "item", string(it))
	return bodies(found), err
}

// AddFindings adds one page of the findings of a run. Recording the same page
// again changes nothing.
func (r *Registry) AddFindings(ctx context.Context, it evidence.ItemID, run string, page int, found []evidence.Finding) error {
	body, err := encode(found)
	if err != nil {
		return err
	}
	_, err = r.insert(ctx, findings, document{ID: findingsID(it, run, page), Body: body})
	return err
}

// Findings returns one page of the findings of a run; nothing when there is no
// such page.
func (r *Registry) Findings(ctx context.Context, it evidence.ItemID, run string, page int) ([]evidence.Finding, error) {
	d, ok, err := r.one(ctx, findings, findingsID(it, run, page))
	if err != nil || !ok {
		return nil, err
	}
	return decode[[]evidence.Finding](d)
}

func findingsID(it evidence.ItemID, run string, page int) string {
	return fmt.Sprintf("%s/%s/%06d", it, run, page)
}
