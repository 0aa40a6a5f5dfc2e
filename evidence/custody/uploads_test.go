package custody_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/evidence/state"
)

var errBroken = errors.New("connection reset by peer")

// randomBytes returns the same n bytes for the same seed.
func randomBytes(n int, seed uint64) []byte {
	b := make([]byte, n)
	if _, err := rand.NewChaCha8([32]byte{byte(seed)}).Read(b); err != nil {
		panic(err) // it does not fail
	}
	return b
}

// broken gives the first n bytes of data, in pieces, then fails.
func broken(data []byte, n int) io.Reader {
	return io.MultiReader(bytes.NewReader(data[:n/2]), bytes.NewReader(data[n/2:n]), failing{})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errBroken }

// TestBrokenUploadIsResumedByANewProcess breaks uploads at random bytes, and
// carries each on with a new Service, which is all that is left after a kill.
func TestBrokenUploadIsResumedByANewProcess(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	random := rand.New(rand.NewPCG(1, 2))
	for _, length := range []int{1, 1000, 5<<20 - 1, 5 << 20, 5<<20 + 1, 10 << 20, 17<<20 + 123} {
		for _, declareFirst := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d bytes, declared first %t", length, declareFirst), func(t *testing.T) {
				data := randomBytes(length, 7)
				r := intake.UploadRequest{Intake: in.ID, Name: "disk.img", Length: int64(length)}
				if declareFirst {
					r.Declared = evidence.Sum(data)
				}
				u, err := s.CreateUpload(t.Context(), examiner, r)
				l.check(err)
				for range 5 {
					fresh := l.service()
					u, err = fresh.Upload(t.Context(), examiner, u.ID)
					l.check(err)
					rest := data[u.Offset:]
					ctx, cancel := context.WithCancel(t.Context())
					n := random.IntN(len(rest) + 1)
					if n == len(rest) {
						n = 0
					}
					cut := io.MultiReader(broken(rest, n), readerFunc(func([]byte) (int, error) { cancel(); return 0, errBroken }))
					written, err := fresh.WriteUpload(ctx, examiner, u.ID, u.Offset, cut)
					cancel()
					wantCode(t, err, evidence.Incomplete)
					if written != int64(n) {
						t.Fatalf("%d of %d bytes are kept", written, n)
					}
				}
				last := l.service()
				u, err = last.Upload(t.Context(), examiner, u.ID)
				l.check(err)
				_, err = last.WriteUpload(t.Context(), examiner, u.ID, u.Offset, bytes.NewReader(data[u.Offset:]))
				l.check(err)
				it, err := l.service().CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
				l.check(err)
				if !bytes.Equal(l.content(s, it.ID), data) {
					t.Error("the stored bytes differ")
				}
			})
		}
	}
	if n, _ := l.stored(l.objects.Buckets().Staging, ""); n != 0 {
		t.Errorf("%d objects are left in staging", n)
	}
	if _, unfinished := l.stored(l.objects.Buckets().Evidence, ""); unfinished != 0 {
		t.Errorf("%d multiparts are left", unfinished)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestWrongBytesAreNotStored(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	for _, tc := range []struct {
		length       int
		declareFirst bool
	}{{1000, true}, {1000, false}, {0, true}, {0, false}, {6 << 20, true}, {6 << 20, false}} {
		t.Run(fmt.Sprintf("%+v", tc), func(t *testing.T) {
			data, wrong := randomBytes(tc.length, 3), evidence.Sum([]byte("something else"))
			r := intake.UploadRequest{Intake: in.ID, Name: "x", Length: int64(tc.length)}
			if tc.declareFirst {
				r.Declared = wrong
			}
			u, err := s.CreateUpload(t.Context(), examiner, r)
			l.check(err)
			_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
			l.check(err)
			for range 2 { // a retry hears the same
				_, err = s.CompleteUpload(t.Context(), examiner, u.ID, wrong)
				wantCode(t, err, evidence.DigestMismatch)
			}
			_, err = s.Upload(t.Context(), examiner, u.ID)
			wantCode(t, err, evidence.NotFound)
			_, err = s.Item(t.Context(), examiner, u.Item)
			wantCode(t, err, evidence.NotFound)
			versions, unfinished := l.stored(l.objects.Buckets().Evidence, string(c.ID))
			staged, _ := l.stored(l.objects.Buckets().Staging, "")
			if versions != 0 || unfinished != 0 || staged != 0 {
				t.Errorf("stored: %d versions, %d multiparts, %d in staging; want nothing", versions, unfinished, staged)
			}
			log := l.log(s, c.ID)
			last := log[len(log)-1].Entry
			if last.Act != evidence.ActRejected || last.Digest != wrong || last.Details["observed_sha256"] != evidence.Sum(data).String() {
				t.Errorf("the log ends with %+v", last)
			}
		})
	}
	if n := l.acts(s, c.ID)[evidence.ActRejected]; n != 6 {
		t.Errorf("%d rejected entries, want 6", n)
	}
}

func TestUploadsThatCannotBeCompleted(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	data := []byte("0123456789")
	create := func(length int64, declared evidence.Digest) evidence.Upload {
		u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "x", Length: length, Declared: declared})
		l.check(err)
		return u
	}
	t.Run("too few bytes", func(t *testing.T) {
		u := create(11, evidence.Sum(data))
		n, err := s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
		if n != 10 || err != nil {
			t.Errorf("written %d, %v", n, err)
		}
		_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
		wantCode(t, err, evidence.Incomplete)
		if u, err := s.Upload(t.Context(), examiner, u.ID); u.Offset != 10 || err != nil {
			t.Errorf("the upload is at %d, %v", u.Offset, err)
		}
	})
	t.Run("too many bytes", func(t *testing.T) {
		u := create(9, evidence.Sum(data))
		n, err := s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
		wantCode(t, err, evidence.LengthMismatch)
		if n != 9 {
			t.Errorf("written %d", n)
		}
	})
	t.Run("another offset", func(t *testing.T) {
		u := create(10, evidence.Sum(data))
		_, err := s.WriteUpload(t.Context(), examiner, u.ID, 5, bytes.NewReader(data[5:]))
		wantCode(t, err, evidence.Conflict)
	})
	t.Run("no digest", func(t *testing.T) {
		u := create(10, evidence.Digest{})
		_, err := s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
		l.check(err)
		_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
		wantCode(t, err, evidence.Invalid)
		_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
		l.check(err)
	})
	t.Run("two digests", func(t *testing.T) {
		u := create(10, evidence.Sum(data))
		_, err := s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
		l.check(err)
		_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(nil))
		wantCode(t, err, evidence.Invalid)
	})
	t.Run("aborted", func(t *testing.T) {
		u := create(6<<20, evidence.Digest{})
		_, err := s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
		l.check(err)
		for range 2 {
			l.check(s.AbortUpload(t.Context(), examiner, u.ID))
		}
		_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
		wantCode(t, err, evidence.NotFound)
	})
	t.Run("someone else's", func(t *testing.T) {
		u := create(10, evidence.Digest{})
		for _, actor := range []evidence.Actor{investigator, stranger, worker, {}} {
			_, err := s.WriteUpload(t.Context(), actor, u.ID, 0, bytes.NewReader(data))
			wantCode(t, err, evidence.NotFound)
		}
	})
	t.Run("a closed intake", func(t *testing.T) {
		other := l.openIntake(s, c)
		l.check(s.CloseIntake(t.Context(), worker, other.ID, state.Counts{}))
		l.check(s.CloseIntake(t.Context(), worker, other.ID, state.Counts{}))
		_, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: other.ID, Name: "x"})
		wantCode(t, err, evidence.Conflict)
	})
}

func TestHostileNamesSurvive(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	names := []evidence.FileName{
		"../../etc/passwd", "nul\x00byte", "line\r\nbreak", "invoice\u202efdp.exe", "=cmd|' /C calc'!A0", "\xff\xfe\x80",
		"base64:AAAA", evidence.FileName(strings.Repeat("n", 255)), evidence.FileName(strings.Repeat("ü", 512)), " ", "/", "$where",
	}
	for _, name := range names {
		it := l.bring(s, in, name, []byte(name))
		if it.Name != name {
			t.Errorf("stored as %q, want %q", it.Name, name)
		}
	}
	for _, it := range l.sealAll(s, in) {
		if got := l.content(s, it.ID); string(got) != string(it.Name) {
			t.Errorf("content of %q is %q", it.Name, got)
		}
		v, err := s.VerifyItem(t.Context(), examiner, it.ID, nil)
		if err != nil || !v.OK {
			t.Errorf("%q: %+v, %v", it.Name, v, err)
		}
	}
	page, err := l.service().Items(t.Context(), examiner, c.ID, "", 100)
	l.check(err)
	for i, it := range page.Items {
		if it.Name != names[i] || it.Exhibit != i+1 {
			t.Errorf("exhibit %d is %q, want %q", it.Exhibit, it.Name, names[i])
		}
	}
	for _, bad := range []evidence.FileName{"", evidence.FileName(strings.Repeat("n", 1025))} {
		_, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: bad})
		wantCode(t, err, evidence.Invalid)
	}
}

// TestZeroBytes allows a file without content; its digest is that of nothing.
func TestZeroBytes(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "empty"})
	l.check(err)
	it, err := s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(nil))
	l.check(err)
	l.sealAll(s, in)
	if got := l.content(s, it.ID); len(got) != 0 {
		t.Errorf("content %q", got)
	}
	v, err := s.VerifyItem(t.Context(), examiner, it.ID, nil)
	if err != nil || !v.OK {
		t.Errorf("%+v, %v", v, err)
	}
}

// crashing is a registry whose process dies at the write that at names.
type crashing struct {
	rooms.Registry
	at   string
	died bool
}

var errCrash = errors.New("killed")

func (c *crashing) die(at string) error {
	if c.at == at || c.died {
		c.died = true
		return errCrash
	}
	return nil
}

func (c *crashing) AddUploadStep(ctx context.Context, id evidence.UploadID, n int, body []byte) (bool, error) {
	if bytes.Contains(body, []byte(`"stored"`)) {
		if err := c.die("object stored"); err != nil {
			return false, err
		}
	}
	if bytes.Contains(body, []byte(`"completed"`)) {
		if err := c.die("entry recorded"); err != nil {
			return false, err
		}
	}
	return c.Registry.AddUploadStep(ctx, id, n, body)
}

func (c *crashing) AddItems(ctx context.Context, items []evidence.Item) ([]int, error) {
	if err := c.die("items sealed"); err != nil {
		return nil, err
	}
	return c.Registry.AddItems(ctx, items)
}

func (c *crashing) AddItem(ctx context.Context, it evidence.Item) (bool, error) {
	if it.State == evidence.ItemQuarantined {
		if err := c.die("item quarantined"); err != nil {
			return false, err
		}
	}
	if err := c.die("step recorded"); err != nil {
		return false, err
	}
	return c.Registry.AddItem(ctx, it)
}

func (c *crashing) AddEntries(ctx context.Context, id evidence.CaseID, list []evidence.LogEntry) (int, error) {
	if err := c.die("item recorded"); err != nil {
		return 0, err
	}
	return c.Registry.AddEntries(ctx, id, list)
}

func TestCompleteUploadAfterACrash(t *testing.T) {
	shared := newLab(t)
	for _, at := range []string{"object stored", "step recorded", "item recorded", "entry recorded"} {
		for _, length := range []int{1000, 6 << 20} {
			t.Run(fmt.Sprintf("after %s, %d bytes", at, length), func(t *testing.T) {
				l := shared.with(t)
				s := l.service()
				c := l.openCase(s)
				in := l.openIntake(s, c)
				data := randomBytes(length, 5)
				u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "x", Length: int64(length)})
				l.check(err)
				_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
				l.check(err)
				l.config.Registry = &crashing{Registry: l.registry, at: at}
				_, err = l.service().CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
				if !errors.Is(err, errCrash) {
					t.Fatalf("got %v", err)
				}
				l.config.Registry = l.registry
				for range 2 {
					it, err := l.service().CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
					l.check(err)
					if it.Exhibit != 1 {
						t.Errorf("exhibit %d", it.Exhibit)
					}
				}
				if versions, unfinished := l.stored(l.objects.Buckets().Evidence, string(c.ID)); versions != 1 || unfinished != 0 {
					t.Errorf("%d versions, %d multiparts", versions, unfinished)
				}
				if n := l.acts(s, c.ID)[evidence.ActReceived]; n != 1 {
					t.Errorf("%d received entries", n)
				}
			})
		}
	}
}

// TestItemWithoutReceiptIsHealed leaves an item that nobody retries: the worker
// puts its receipt on record before it seals it.
func TestItemWithoutReceiptIsHealed(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	l.config.Registry = &crashing{Registry: l.registry, at: "item recorded"}
	_, err := upload(t.Context(), l.service(), in, "x", []byte("left"))
	if !errors.Is(err, errCrash) {
		t.Fatalf("got %v", err)
	}
	l.config.Registry = l.registry
	next := l.bring(s, in, "y", []byte("next"))
	if next.Exhibit != 2 {
		t.Errorf("exhibit %d, want 2", next.Exhibit)
	}
	sealed := l.sealAll(s, in)
	again, err := s.SealItems(t.Context(), worker, sealed)
	l.check(err)
	for i, it := range again {
		if it.State != evidence.ItemSealed || it.Version != 2 || it.Exhibit != i+1 {
			t.Errorf("item %+v", it)
		}
	}
	acts := l.acts(s, c.ID)
	if acts[evidence.ActReceived] != 2 || acts[evidence.ActSealed] != 2 {
		t.Errorf("acts %v", acts)
	}
	if seals, _ := l.stored(l.objects.Buckets().Evidence, string(c.ID)); seals != 4 {
		t.Errorf("%d versions, want 2 of data and 2 of seals", seals)
	}
}

func TestPartSizeSuffices(t *testing.T) {
	for _, length := range []int64{0, 16 << 20, 156 << 30, 1 << 40, intake.MaxLength} {
		size := buffers.PartSize(length, 16<<20)
		if (length+size-1)/size > 10_000 {
			t.Errorf("%d bytes in parts of %d are more than 10,000", length, size)
		}
	}
	if size := buffers.PartSize(1<<40, 16<<20); size != 105<<20 {
		t.Errorf("a tebibyte has parts of %d bytes, want 105 MiB", size)
	}
}

// TestUploadAcrossTwoServices sends the pieces of one upload to two processes in
// turn, as a load balancer does. One that is behind says so, and then knows.
func TestUploadAcrossTwoServices(t *testing.T) {
	l := newLab(t)
	services := []*process{l.service(), l.service()}
	c := l.openCase(services[0])
	in := l.openIntake(services[0], c)
	data := randomBytes(13<<20, 4)
	u, err := services[0].CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "x", Length: int64(len(data))})
	l.check(err)
	conflicts := 0
	for turn := 0; u.Offset < u.Length; turn++ {
		s := services[turn/2%2]
		if u, err = s.Upload(t.Context(), examiner, u.ID); err != nil {
			t.Fatal(err)
		}
		piece := data[u.Offset:min(u.Offset+(3<<20), u.Length)]
		_, err := s.WriteUpload(t.Context(), examiner, u.ID, u.Offset, bytes.NewReader(piece))
		if evidence.CodeOf(err) == evidence.Conflict {
			conflicts++
			continue
		}
		l.check(err)
		if conflicts > 10 {
			t.Fatal("the processes do not agree")
		}
		u, err = s.Upload(t.Context(), examiner, u.ID)
		l.check(err)
	}
	it, err := l.service().CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
	l.check(err)
	if !bytes.Equal(l.content(services[0], it.ID), data) {
		t.Error("the stored bytes differ")
	}
}
