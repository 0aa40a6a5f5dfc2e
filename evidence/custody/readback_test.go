package custody_test

import (
	"context"
	"io"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/rooms"
)

// TestReadBackReports hashes a large item and hears how far it is.
func TestReadBackReports(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	it := l.bring(s, l.openIntake(s, c), "disk.img", randomBytes(20<<20, 1))
	var reads []int64
	whole, read, err := s.ReadBack(t.Context(), worker, it, func(read int64) { reads = append(reads, read) })
	if err != nil || whole != it.Digest || read != it.Length {
		t.Fatalf("%s, %d bytes, %v", whole, read, err)
	}
	if len(reads) != 2 || reads[0] != 8<<20 || reads[1] != 16<<20 {
		t.Fatalf("reported at %v", reads)
	}
	_, _, err = s.ReadBack(t.Context(), examiner, it, nil)
	wantCode(t, err, evidence.Forbidden)
}

// TestWhatIsSealedWasRead: a workflow that says that it had the bytes read back is
// not believed; a process that did not read them itself does before it seals.
func TestWhatIsSealedWasRead(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	good, gone := l.bring(s, in, "good", []byte("good")), l.bring(s, in, "gone", []byte("gone"))
	l.failReads(gone.Data.Key)
	other := l.service()
	_, err := other.SealItems(t.Context(), worker, []evidence.Item{gone})
	if err == nil {
		t.Error("bytes that storage does not give were sealed")
	}
	sealed, err := other.SealItems(t.Context(), worker, []evidence.Item{good})
	if err != nil || sealed[0].State != evidence.ItemSealed {
		t.Errorf("%+v, %v", sealed, err)
	}
	if n := l.acts(s, c.ID)[evidence.ActSealed]; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

// failReads has the object store give nothing of a key any more, as services that
// are made afterwards see it: bytes that storage lost cannot be made otherwise,
// where it keeps its word.
func (l *lab) failReads(key string) { l.config.Objects = forgetful{l.config.Objects, key} }

// forgetful is an object store that has lost the bytes under a key.
type forgetful struct {
	rooms.Objects
	key string
}

// Open implements rooms.Objects.
func (f forgetful) Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error) {
	if ref.Key == f.key {
		return nil, evidence.Errorf(evidence.NotFound, "there is no such object")
	}
	return f.Objects.Open(ctx, ref, offset, length)
}
