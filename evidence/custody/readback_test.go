package custody_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// TestReadBackIsResumed hashes a large item in two processes: the second goes
// on where the first one's last report was.
func TestReadBackIsResumed(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	it := l.bring(s, l.openIntake(s, c), "disk.img", randomBytes(20<<20, 1))
	var states [][]byte
	var reads []int64
	whole, read, err := s.ReadBack(t.Context(), worker, it, nil, func(state []byte, read int64) {
		states, reads = append(states, state), append(reads, read)
	})
	if err != nil || whole != it.Digest || read != it.Length {
		t.Fatalf("%s, %d bytes, %v", whole, read, err)
	}
	if len(states) != 2 || reads[0] != 8<<20 || reads[1] != 16<<20 {
		t.Fatalf("reported at %v", reads)
	}
	for i, state := range states {
		got, read, err := l.service().ReadBack(t.Context(), worker, it, state, nil)
		if err != nil || got != whole || read != it.Length {
			t.Errorf("from report %d: %s, %d bytes, %v", i, got, read, err)
		}
	}
	_, _, err = s.ReadBack(t.Context(), worker, it, []byte("not a state"), nil)
	wantCode(t, err, evidence.Invalid)
	_, _, err = s.ReadBack(t.Context(), examiner, it, nil, nil)
	wantCode(t, err, evidence.Forbidden)
}
