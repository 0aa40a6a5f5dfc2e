package mirror_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/object"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.MinIO) }

const origin = "test.example"

// shelf is a mirror in buckets of a test's own, and who reaches them around it.
type shelf struct {
	*mirror.Mirror
	t       *testing.T
	objects *object.Store
	admin   *minio.Client
	log     evidence.Signer
	worker  evidence.Signer
	trust   mirror.Trust
	id      evidence.CaseID
	odd     []mirror.Oddity
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	at := servertest.S3(t)
	config := object.Config{Endpoint: at.Endpoint, AccessKey: at.AccessKey, SecretKey: at.SecretKey, TLS: at.TLS, Prefix: "t" + strings.ToLower(rand.Text()[:12])}
	s := &shelf{
		t: t, log: ledger.NewLocalSigner(origin+"/log/v1", [32]byte{1}), worker: ledger.NewLocalSigner(origin+"/worker/v1", [32]byte{2}),
	}
	s.check(object.Bootstrap(t.Context(), config))
	var err error
	s.objects, err = object.Open(t.Context(), config)
	s.check(err)
	s.check(s.objects.Probe(t.Context()))
	s.admin, err = minio.New(at.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(at.AccessKey, at.SecretKey, ""), Region: "us-east-1"})
	s.check(err)
	s.Mirror = mirror.New(s.objects, time.Hour, nil)
	s.id, err = evidence.NewID[evidence.CaseID](rand.Reader)
	s.check(err)
	s.trust.Origin = ledger.CaseOrigin(origin, s.id)
	var keys []evidence.PublicKey
	for _, signer := range []evidence.Signer{s.log, s.worker} {
		list, err := signer.PublicKeys(t.Context())
		s.check(err)
		keys = append(keys, list...)
	}
	s.trust.By = attest.NewTrust(origin, keys)
	return s
}

func (s *shelf) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// entries returns n entries of the machine, signed at once.
func (s *shelf) entries(n int) [][]byte {
	s.t.Helper()
	list := make([]*evidence.Entry, n)
	for i := range list {
		id, err := evidence.NewID[evidence.EntryID](rand.Reader)
		s.check(err)
		e, err := evidence.NewEntry(id, s.id, evidence.ActSealed, evidence.At(time.Now()), evidence.ServiceActor("worker"), rand.Reader)
		s.check(err)
		list[i] = &e
	}
	raw, err := attest.Sign(s.t.Context(), s.worker, list...)
	s.check(err)
	return raw
}

func (s *shelf) note(signer evidence.Signer, raw ...[]byte) []byte {
	s.t.Helper()
	var tree ledger.Tree
	for _, r := range raw {
		tree.Append(ledger.LeafHash(r))
	}
	note, err := ledger.SignCheckpoint(s.t.Context(), ledger.Checkpoint{Origin: s.trust.Origin, Size: tree.Size(), Root: tree.Root()}, signer)
	s.check(err)
	return note
}

// mirrorHead mirrors the head that our key signs of raw.
func (s *shelf) mirrorHead(raw ...[]byte) {
	s.t.Helper()
	s.check(s.AddCheckpoint(s.t.Context(), s.id, int64(len(raw)), s.note(s.log, raw...)))
}

// read reads the log: how many entries came, which heads, and how it ended.
func (s *shelf) read() (got [][]byte, heads []int64, err error) {
	s.odd = nil
	log := s.Log(s.id, func(o mirror.Oddity) { s.odd = append(s.odd, o) })
	for e, err := range log.Read(s.t.Context(), s.trust, func(h mirror.Head) error {
		heads = append(heads, h.Checkpoint.Size)
		return nil
	}) {
		if err != nil {
			return got, heads, err
		}
		if e.Index != int64(len(got)) {
			s.t.Fatalf("entry %d in place %d", e.Index, len(got))
		}
		got = append(got, e.Raw)
	}
	return got, heads, nil
}

// over puts other bytes over a key, as an administrator of the store can.
func (s *shelf) over(key string, body []byte) {
	s.t.Helper()
	_, err := s.admin.PutObject(s.t.Context(), s.objects.Buckets().Ledger, key, bytes.NewReader(body), int64(len(body)), minio.PutObjectOptions{})
	s.check(err)
}

func (s *shelf) key(from, to int) string {
	return fmt.Sprintf("logs/%s/entries/%012d-%012d.jsonl", s.id, from, to)
}

func TestReadWhatWasWritten(t *testing.T) {
	s := newShelf(t)
	raw := s.entries(9)
	ctx := t.Context()
	s.check(s.AddEntries(ctx, s.id, 0, raw[:3]))
	s.mirrorHead(raw[:3]...)
	s.check(s.AddEntries(ctx, s.id, 2, raw[2:5])) // another process, which did not know
	s.check(s.AddEntries(ctx, s.id, 3, raw[3:8]))
	s.mirrorHead(raw[:5]...)
	s.mirrorHead(raw[:8]...)
	s.check(s.AddEntries(ctx, s.id, 8, raw[8:])) // its head is still on the way
	got, heads, err := s.read()
	s.check(err)
	if diff := cmp.Diff(raw[:8], got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{3, 5, 8}, heads); diff != "" || len(s.odd) != 0 {
		t.Errorf("heads (-want +got):\n%sodd: %v", diff, s.odd)
	}
	for known, want := range map[int64]int64{0: 9, 3: 9, 9: 9} {
		if mark, err := s.Mark(ctx, s.id, known); mark != want || err != nil {
			t.Errorf("mark from %d: %d, %v", known, mark, err)
		}
	}
	notes, err := s.Heads(ctx, s.id, 5, 1)
	if err != nil || len(notes) != 1 || notes[0].Size != 8 {
		t.Errorf("newest head: %v, %v", notes, err)
	}
	if notes, err = s.Heads(ctx, s.id, 0, 2); err != nil || len(notes) != 2 || notes[0].Size != 8 || notes[1].Size != 5 {
		t.Errorf("newest heads: %v, %v", notes, err)
	}
	var logs []evidence.CaseID
	for id, err := range s.Logs(ctx, "") {
		s.check(err)
		logs = append(logs, id)
	}
	if diff := cmp.Diff([]evidence.CaseID{s.id}, logs); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
}

// TestTampered lets somebody with all rights in the store do what they can:
// what was there stays readable, and what they did is told.
func TestTampered(t *testing.T) {
	for _, tc := range []struct {
		name   string
		tamper func(s *shelf, raw [][]byte)
		odd    string // what is told
		code   evidence.Code
		size   int // entries that can be read
	}{
		{"other bytes over a segment", func(s *shelf, raw [][]byte) { s.over(s.key(0, 4), []byte("{}\n{}\n{}\n{}\n")) }, "something else was stored over it", "", 6},
		{"a delete marker over a segment", func(s *shelf, raw [][]byte) {
			s.check(s.admin.RemoveObject(s.t.Context(), s.objects.Buckets().Ledger, s.key(0, 4), minio.RemoveObjectOptions{}))
		}, "a delete marker hides it", "", 6},
		{"a forged segment beside the true one", func(s *shelf, raw [][]byte) {
			s.over(s.key(0, 5), bytes.Join(append(s.entries(5), nil), []byte("\n")))
		}, "another than in", "", 6},
		{"a segment that is not what its name says", func(s *shelf, raw [][]byte) { s.over(s.key(4, 9), []byte("{}\n")) }, "does not hold the entries", "", 6},
		{"hundreds of segments beside the true one", func(s *shelf, raw [][]byte) {
			for n := range 100 {
				s.over(s.key(0, 10+n), bytes.Repeat([]byte("{}\n"), 10+n))
			}
		}, "than we ever do, and these are not read", evidence.Tampered, 6},
		{"names of nothing", func(s *shelf, raw [][]byte) { s.over(s.key(4, 2), nil); s.over("logs/x/entries/1", nil) }, "nothing of ours has such a name", "", 6},
		{"a head that nobody of ours signed", func(s *shelf, raw [][]byte) {
			s.over(fmt.Sprintf("logs/%s/checkpoints/%012d.note", s.id, 7), s.note(ledger.NewLocalSigner(origin+"/log/v1", [32]byte{9}), append(s.entries(1), raw...)...))
		}, "no key of ours signed it", "", 6},
		{"a fork with the stolen key", func(s *shelf, raw [][]byte) {
			s.over(fmt.Sprintf("logs/%s/checkpoints/%012d.note", s.id, 6), s.note(s.log, s.entries(6)...))
		}, "the log was forked", "", 6},
		{"a head of a longer log with the stolen key", func(s *shelf, raw [][]byte) {
			s.over(fmt.Sprintf("logs/%s/checkpoints/%012d.note", s.id, 8), s.note(s.log, s.entries(8)...))
		}, "", evidence.Incomplete, 6},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShelf(t)
			raw := s.entries(6)
			s.check(s.AddEntries(t.Context(), s.id, 0, raw[:4]))
			s.mirrorHead(raw[:4]...)
			s.check(s.AddEntries(t.Context(), s.id, 4, raw[4:]))
			s.mirrorHead(raw...)
			tc.tamper(s, raw)
			got, _, err := s.read()
			if evidence.CodeOf(err) != tc.code {
				t.Errorf("ended with %v, want %q", err, tc.code)
			}
			if diff := cmp.Diff(raw[:tc.size], got); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			told := fmt.Sprint(s.odd)
			if !strings.Contains(told, tc.odd) || (tc.odd == "") != (len(s.odd) == 0) {
				t.Errorf("told %s, want %q", told, tc.odd)
			}
		})
	}
}

// TestNotBelieved mirrors entries that no key of ours vouches for.
func TestNotBelieved(t *testing.T) {
	for _, tc := range []struct {
		name string
		put  func(s *shelf)
		code evidence.Code
	}{
		{"a forged entry under a head that was signed", func(s *shelf) {
			raw := s.entries(3)
			s.check(s.AddEntries(s.t.Context(), s.id, 0, s.entries(3)))
			s.mirrorHead(raw...)
		}, evidence.Tampered},
		{"an entry that its actor did not sign", func(s *shelf) {
			s.worker = ledger.NewLocalSigner(origin+"/worker/v1", sha256.Sum256([]byte("another")))
			raw := s.entries(2)
			s.check(s.AddEntries(s.t.Context(), s.id, 0, raw))
			s.mirrorHead(raw...)
		}, evidence.UntrustedKey},
		{"an entry of another log", func(s *shelf) {
			was := s.id
			s.id = evidence.Derive[evidence.CaseID]("another")
			raw := s.entries(2)
			s.id = was
			s.check(s.AddEntries(s.t.Context(), s.id, 0, raw))
			s.mirrorHead(raw...)
		}, evidence.Tampered},
		{"no head", func(s *shelf) { s.check(s.AddEntries(s.t.Context(), s.id, 0, s.entries(2))) }, evidence.Incomplete},
		{"nothing at all", func(*shelf) {}, evidence.Incomplete},
		{"a beginning that is missing", func(s *shelf) {
			raw := s.entries(4)
			s.check(s.AddEntries(s.t.Context(), s.id, 2, raw[2:]))
			s.mirrorHead(raw...)
		}, evidence.Incomplete},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newShelf(t)
			tc.put(s)
			if _, heads, err := s.read(); evidence.CodeOf(err) != tc.code || len(heads) != 0 {
				t.Errorf("heads %v, ended with %v, want %q", heads, err, tc.code)
			}
		})
	}
}

func TestManifests(t *testing.T) {
	s := newShelf(t)
	d := evidence.Disclosure{ID: evidence.Derive[evidence.DisclosureID]("d"), Case: s.id, Version: 3, Title: "T", State: evidence.DisclosureReady, At: evidence.At(time.Now())}
	a := evidence.NewAlarm(evidence.AlarmLog, s.id, "12", "entries are missing", evidence.At(time.Now()))
	anchor := evidence.Anchor{Size: 4, Kind: evidence.AnchorWitness, By: "w.example/key", At: evidence.At(time.Now()), Body: []byte("— line\n")}
	ctx := t.Context()
	for range 2 { // repeated
		s.check(s.AddDisclosure(ctx, d))
		s.check(s.AddAlarm(ctx, a))
		s.check(s.AddAnchor(ctx, anchor))
	}
	s.over("alarms/x", []byte("?"))
	s.over("alarms/"+string(evidence.Derive[evidence.AlarmID]("x"))+".json", []byte("?"))
	var odd []mirror.Oddity
	note := func(o mirror.Oddity) { odd = append(odd, o) }
	for got, err := range s.Disclosures(ctx, note) {
		s.check(err)
		if diff := cmp.Diff(d, got); diff != "" {
			t.Errorf("disclosure (-want +got):\n%s", diff)
		}
	}
	for got, err := range s.Alarms(ctx, note) {
		s.check(err)
		if diff := cmp.Diff(a, got); diff != "" {
			t.Errorf("alarm (-want +got):\n%s", diff)
		}
	}
	for got, err := range s.Anchors(ctx, note) {
		s.check(err)
		if diff := cmp.Diff(anchor, got); diff != "" {
			t.Errorf("anchor (-want +got):\n%s", diff)
		}
	}
	if len(odd) != 2 {
		t.Errorf("odd: %v", odd)
	}
}

func TestRefusals(t *testing.T) {
	s := newShelf(t)
	for name, raw := range map[string][][]byte{"none": nil, "a line feed": {[]byte("a\nb")}, "an empty one": {{}}, "too many": make([][]byte, mirror.SegmentMost+1)} {
		if err := s.AddEntries(t.Context(), s.id, 0, raw); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.AddEntries(ctx, s.id, 0, s.entries(1)); evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNamed: what the mirror writes has names of ours, and nothing else has.
func TestNamed(t *testing.T) {
	s := newShelf(t)
	s.check(s.AddEntries(t.Context(), s.id, 0, s.entries(3)))
	s.check(s.AddCheckpoint(t.Context(), s.id, 3, []byte("a head\n")))
	s.check(s.AddEntries(t.Context(), evidence.RegisterID(), 0, s.entries(1)))
	s.check(s.AddDisclosure(t.Context(), evidence.Disclosure{ID: evidence.Derive[evidence.DisclosureID]("x")}))
	s.check(s.AddAlarm(t.Context(), evidence.NewAlarm(evidence.AlarmClock, "", "x", "y", evidence.At(time.Now()))))
	for _, kind := range []evidence.AnchorKind{evidence.AnchorWitness, evidence.AnchorTimestamp} {
		s.check(s.AddAnchor(t.Context(), evidence.Anchor{Size: 7, Kind: kind, By: "court.example/w1"}))
	}
	ours := 0
	for v, err := range s.objects.List(t.Context(), s.objects.Buckets().Ledger, "", "") {
		s.check(err)
		if strings.HasPrefix(v.Ref.Key, evidence.ProbeFolder) {
			continue
		}
		if ours++; !mirror.Named(v.Ref.Key) {
			t.Errorf("%s is not a name of ours", v.Ref.Key)
		}
		for _, key := range []string{v.Ref.Key + "x", "x" + v.Ref.Key, strings.Replace(v.Ref.Key, "-", "_", 1), strings.ToUpper(v.Ref.Key)} {
			if key != v.Ref.Key && mirror.Named(key) {
				t.Errorf("%s is a name of ours", key)
			}
		}
	}
	if ours != 7 {
		t.Errorf("%d objects", ours)
	}
}
