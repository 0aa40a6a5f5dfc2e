package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// audited is a world in which the register and the engine of workflows say how an
// audit is.
type audited struct {
	*world
	register, engine *evidence.Audit
}

func (a *audited) Audit(context.Context, evidence.Actor, evidence.AuditID) (evidence.Audit, error) {
	if a.register == nil {
		return evidence.Audit{}, evidence.Errorf(evidence.NotFound, "there is no such audit, or it has not ended")
	}
	return *a.register, nil
}

func (a *audited) AlarmsOf(context.Context, evidence.Actor, []evidence.AlarmID) ([]evidence.Alarm, int, error) {
	return nil, 0, nil
}

func (a *audited) AuditProgress(context.Context, evidence.AuditID) (evidence.Audit, error) {
	if a.engine == nil {
		return evidence.Audit{}, evidence.Errorf(evidence.NotFound, "there is no such audit")
	}
	return *a.engine, nil
}

// TestOutcomesAreTheRegisters: that nothing differs is said by the register or by
// nobody.
func TestOutcomesAreTheRegisters(t *testing.T) {
	running := &evidence.Audit{ID: "audit-aaaaaaaaaaaaaaaaaaaaaaaaaa", State: evidence.AuditRunning}
	nothing := &evidence.Audit{ID: running.ID, State: evidence.AuditDone}
	differs := &evidence.Audit{ID: running.ID, State: evidence.AuditDone, Found: 2}
	for name, tc := range map[string]struct {
		register, engine *evidence.Audit
		status           int
		says             string
	}{
		"both":                    {differs, nothing, http.StatusOK, `"found":2`},
		"the register only":       {differs, nil, http.StatusOK, `"found":2`},
		"the engine, and it runs": {nil, running, http.StatusOK, `"state":"running"`},
		"the engine only":         {nil, nothing, 0, "its outcome is not on record in the register"},
		"neither":                 {nil, nil, http.StatusNotFound, "no such audit"},
	} {
		t.Run(name, func(t *testing.T) {
			w := &audited{newWorld(), tc.register, tc.engine}
			resp := do(t, serve(t, w.world, func(c *api.Config) { c.AlarmBook, c.Workflows = w, w }), http.MethodGet, "/api/v1/audits/"+string(running.ID), nil, nil)
			var body json.RawMessage
			if err := json.NewDecoder(resp.Body).Decode(&body); err != nil {
				t.Fatal(err)
			}
			if bad := resp.StatusCode >= 400; !strings.Contains(string(body), tc.says) || tc.status != 0 && resp.StatusCode != tc.status || tc.status == 0 && !bad {
				t.Errorf("got %d %s", resp.StatusCode, body)
			}
		})
	}
}
