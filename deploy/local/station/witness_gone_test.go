package station_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/register"
)

// standing is how the register stands, to an auditor.
type standing struct {
	register.Status
	register.Numbers
}

func registerOf(eye wire) standing {
	status, _ := see[register.Status](eye, "/register")
	if status.Numbers == nil {
		return standing{Status: status}
	}
	return standing{status, *status.Numbers}
}

// TestWitnessGone kills the witness: work goes on, the gap is visible, and it is
// closed when the witness is back.
func TestWitnessGone(t *testing.T) {
	eye, auditor := onWire(t, "paula"), onWire(t, "aisha")
	c := openCase(t)
	bring(t, c, file(t, "before.txt", []byte("before")))
	var before standing
	until(t, "the witness vouches for everything", patience, func() bool {
		before = registerOf(auditor)
		return before.Size > 0 && len(before.Waiting) == 0 && before.HeadsWaiting == 0 && len(before.Anchors) == 1
	})
	if a := before.Anchors[0]; a.Kind != evidence.AnchorWitness || a.Size != before.Size || a.At.IsZero() {
		t.Errorf("vouched for: %+v of %+v", a, before)
	}
	shared.Witness.Kill()
	bring(t, c, file(t, "meanwhile.txt", []byte("meanwhile")))
	until(t, "the register goes on without it", patience, func() bool { return registerOf(auditor).Size > before.Size })
	disclose(t, c)
	all, _ := see[list[evidence.Disclosure]](eye, "/cases/"+string(c.ID)+"/disclosures")
	id := all.Items[0].ID
	wantVerified(t, fetch(t, id))
	wantCosigned(t, id, 2) // incomplete: a bundle is made all the same, and nobody vouches for it yet
	gap := registerOf(auditor)
	// It may have vouched once more before it was killed.
	if len(gap.Waiting) != 1 || len(gap.Anchors) != 1 || gap.Anchors[0].Size < before.Size || gap.Waiting[0].Behind != gap.Size-gap.Anchors[0].Size ||
		gap.Waiting[0].Since.Time().Before(before.SignedAt.Time()) {
		t.Errorf("the gap is not visible: %+v, before %+v", gap, before)
	}
	if err := shared.Witness.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is caught up", patience, func() bool {
		s := registerOf(auditor)
		return len(s.Waiting) == 0 && s.Anchors[0].Size == s.Size
	})
	wantCosigned(t, id, 0) // the same disclosure, whose proof is fetched again
}

// wantCosigned checks a disclosure as somebody who trusts the witness does.
func wantCosigned(t *testing.T, id evidence.DisclosureID, code int) {
	t.Helper()
	h := fetch(t, id)
	if o := verify(t, h.bundle, "-key", h.keys, "-proof", h.proof, "-witness", shared.WitnessKey); o.code != code {
		t.Errorf("verifying with the witness's key: exit code %d, want %d:\n%s", o.code, code, o.said())
	}
}
