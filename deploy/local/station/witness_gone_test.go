package station_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

// registerOf returns how the register stands.
func registerOf(eye wire) custody.RegisterStatus {
	status, _ := see[custody.RegisterStatus](eye, "/register")
	return status
}

// TestWitnessGone kills the witness: work goes on, the gap is visible, and it is
// closed when the witness is back.
func TestWitnessGone(t *testing.T) {
	eye := onWire(t, "paula")
	c := openCase(t)
	bring(t, c, file(t, "before.txt", []byte("before")))
	until(t, "the witness vouches for everything", patience, func() bool {
		s := registerOf(eye)
		return s.Size > 0 && len(s.Waiting) == 0 && s.HeadsWaiting == 0 && len(s.Anchors) == 1
	})
	before := registerOf(eye)
	if a := before.Anchors[0]; a.Kind != evidence.AnchorWitness || a.Size != before.Size || a.At.IsZero() {
		t.Errorf("vouched for: %+v of %+v", a, before)
	}
	shared.Witness.Kill()
	bring(t, c, file(t, "meanwhile.txt", []byte("meanwhile")))
	until(t, "the register goes on without it", patience, func() bool { return registerOf(eye).Size > before.Size })
	wantVerified(t, disclose(t, c))
	gap := registerOf(eye)
	if len(gap.Waiting) != 1 || gap.Waiting[0].Behind != gap.Size-before.Size || gap.Waiting[0].Since.Time().Before(before.SignedAt.Time()) {
		t.Errorf("the gap is not visible: %+v, before %+v", gap, before)
	}
	if err := shared.Witness.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "it is caught up", patience, func() bool {
		s := registerOf(eye)
		return len(s.Waiting) == 0 && s.Anchors[0].Size == s.Size
	})
	wantVerified(t, disclose(t, c))
}
