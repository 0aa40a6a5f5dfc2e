package register

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// many is a store of cases, of which some have new heads. It can do nothing else.
type many struct {
	Store
	cases []evidence.CaseID
	heads map[evidence.CaseID]int64
}

func (m many) CaseIDs(context.Context) ([]evidence.CaseID, error) { return slices.Clone(m.cases), nil }

func (m many) HeadsOf(context.Context, time.Time) (map[evidence.CaseID]int64, error) {
	return m.heads, nil
}

// TestMirrorLooksAtAllLogsInTurn: each run looks at the register and at the logs with
// new heads, and of all others at a part, so that none is left out for long.
func TestMirrorLooksAtAllLogsInTurn(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, mirrorSlice - 1, mirrorSlice, mirrorSlice + 1, 5*mirrorSlice - 3} {
		r := many{heads: map[evidence.CaseID]int64{"case-00000": 3}}
		for i := range n {
			r.cases = append(r.cases, evidence.CaseID(fmt.Sprintf("case-%05d", n-i)))
		}
		s, now := &Register{store: r}, time.Now()
		seen := map[evidence.CaseID]int{}
		rounds := max(1, (n+mirrorSlice-1)/mirrorSlice)
		for range rounds {
			logs, last, err := s.mirrorWhich(t.Context(), now)
			if err != nil || len(logs) > mirrorSlice+2 {
				t.Fatalf("%d cases: a run looks at %d, %v", n, len(logs), err)
			}
			for _, c := range logs {
				seen[c]++
			}
			s.mirrorLooked, s.mirrorAfter = now, last
		}
		for _, c := range append([]evidence.CaseID{evidence.RegisterID(), "case-00000"}, r.cases...) {
			if seen[c] == 0 {
				t.Errorf("%d cases: %s was not looked at in %d runs", n, c, rounds)
			}
		}
		if seen[evidence.RegisterID()] != rounds || seen["case-00000"] != rounds {
			t.Errorf("%d cases: in %d runs %v", n, rounds, seen[evidence.RegisterID()])
		}
	}
}
