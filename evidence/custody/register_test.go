package custody_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/timestamp"
	"github.com/sealcase/sealcase/evidence/timestamp/timestamptest"
	"github.com/sealcase/sealcase/evidence/witness"
)

// outside is a witness and a time-stamp authority, each a server of its own.
type outside struct {
	witness   *witness.Server
	url       string
	authority *timestamptest.Authority
	instead   atomic.Pointer[http.HandlerFunc] // answers in the witness's place
}

const witnessName = "witness.court.example"

func newOutside(t testing.TB) *outside { return newOutsideNamed(t, witnessName) }

func newOutsideNamed(t testing.TB, name string) *outside {
	t.Helper()
	o := &outside{authority: timestamptest.New(t)}
	log := ledger.NewLocalKey(origin+"/log", [32]byte{1})
	log.Rotate() // whoever runs the witness was told of the next version, too
	keys, err := log.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	policy := witness.Policy{origin + "/register": keys}
	o.witness, err = witness.NewServer(witness.ServerConfig{Dir: t.TempDir(), Name: name, Logs: policy, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := o.instead.Load(); f != nil {
			(*f)(w, r)
			return
		}
		o.witness.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.Close(); _ = o.witness.Close() })
	o.url = server.URL
	return o
}

// answer has the witness answer otherwise; nil for as it is.
func (o *outside) answer(f http.HandlerFunc) {
	if f == nil {
		o.instead.Store(nil)
		return
	}
	o.instead.Store(&f)
}

// watch has services of the lab be watched from outside.
func (l *lab) watch(o *outside) {
	l.t.Helper()
	w, err := witness.NewClient(witness.ClientConfig{URL: o.url, Key: o.witness.Key(), HTTP: &http.Client{Timeout: 2 * time.Second}})
	l.check(err)
	roots, err := timestamp.ParseRoots(o.authority.Roots)
	l.check(err)
	a, err := timestamp.New(timestamp.Config{URL: o.authority.URL, Roots: roots, HTTP: &http.Client{Timeout: 2 * time.Second}})
	l.check(err)
	l.config.Witnesses, l.config.Authorities = []register.Witness{w}, []register.Authority{a}
}

// publish registers what changed and wants so many heads registered.
func (l *lab) publish(s *process, want int) {
	l.t.Helper()
	n, err := s.PublishHeads(l.t.Context(), worker)
	l.check(err)
	if n != want {
		l.t.Errorf("%d heads were registered, want %d", n, want)
	}
}

// anchor has the register anchored and returns how each outsider stands.
func (l *lab) anchor(s *process) map[evidence.AnchorKind]register.Anchoring {
	l.t.Helper()
	list, err := s.AnchorRegister(l.t.Context(), worker)
	l.check(err)
	out := map[evidence.AnchorKind]register.Anchoring{}
	for _, a := range list {
		out[a.Kind] = a
	}
	return out
}

// signedCase opens a case whose head is signed.
func (l *lab) signedCase(s *process) (evidence.Case, ledger.Checkpoint) {
	l.t.Helper()
	c := l.openCase(s)
	return c, l.head(s, c.ID)
}

func (l *lab) head(s *process, c evidence.CaseID) ledger.Checkpoint {
	l.t.Helper()
	note, err := s.Checkpoint(l.t.Context(), worker, c)
	l.check(err)
	cp, err := ledger.ParseCheckpoint(note)
	l.check(err)
	return cp
}

// heads returns the head entries of the register, by case.
func (l *lab) heads(s *process) map[evidence.CaseID][]evidence.Entry {
	l.t.Helper()
	out := map[evidence.CaseID][]evidence.Entry{}
	for _, e := range l.log(s, evidence.RegisterID()) {
		if e.Entry.Act == evidence.ActHead {
			c := evidence.CaseID(e.Entry.Details[register.DetailHeadCase])
			out[c] = append(out[c], e.Entry)
		}
	}
	return out
}

func TestRegisterTakesTheHeadsOfChangedLogs(t *testing.T) {
	l := newLab(t)
	s := l.service()
	a, headA := l.signedCase(s)
	b, _ := l.signedCase(s)
	l.publish(s, 2)
	l.publish(s, 0)
	other := l.service()
	l.publish(other, 0) // another process finds them registered
	l.openIntake(s, b)
	head := l.head(s, b.ID)
	l.publish(other, 1)
	l.publish(s, 0)
	heads := l.heads(s)
	if len(heads[a.ID]) != 1 || len(heads[b.ID]) != 2 {
		t.Fatalf("registered %v", heads)
	}
	if d := heads[a.ID][0].Details; d[register.DetailHeadOrigin] != headA.Origin || d[register.DetailHeadSize] != strconv.FormatInt(headA.Size, 10) || d[register.DetailHeadRoot] != headA.Root.String() {
		t.Errorf("registered %v, the head is %+v", d, headA)
	}
	if d := heads[b.ID][1].Details; d[register.DetailHeadSize] != strconv.FormatInt(head.Size, 10) {
		t.Errorf("registered %v, the head is %+v", d, head)
	}
	if size, err := s.SignRegister(t.Context(), worker); err != nil || size < 3 {
		t.Errorf("signed at %d, %v", size, err)
	}
	if _, err := s.PublishHeads(t.Context(), investigator); evidence.CodeOf(err) != evidence.Forbidden {
		t.Errorf("a person publishes: %v", err)
	}
}

// TestRegisterFindsLateHeads: of a process whose clock is an hour behind, and
// after a day in which nothing ran.
func TestRegisterFindsLateHeads(t *testing.T) {
	l := newLab(t)
	now := time.Now()
	behind := *l
	var err error
	behind.registry, err = registry.Open(t.Context(), registry.Config{URI: l.uri, Database: l.database, Clock: func() time.Time { return now.Add(-time.Hour) }})
	l.check(err)
	defer func() { _ = behind.registry.Close(context.Background()) }()
	behind.config.Registry = behind.registry
	late := behind.service()
	l.config.Clock = func() time.Time { return now }
	s := l.service()
	l.signedCase(s)
	l.publish(s, 1)
	l.signedCase(late)
	now = now.Add(time.Minute)
	l.publish(s, 0) // it does not look back that far each minute
	now = now.Add(15 * time.Minute)
	l.publish(s, 1)
	l.signedCase(late)
	now = now.Add(30 * time.Hour)
	l.publish(s, 1) // it looks at every case
}

// TestRegisterStatusAfterOthersSigned: the API reads the register once and the
// worker goes on signing it; what is shown is the newest head all the same.
func TestRegisterStatusAfterOthersSigned(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	worker, api := l.service(), l.service()
	l.signedCase(worker)
	l.publish(worker, 1)
	l.anchor(worker)
	_, err := api.RegisterStatus(t.Context(), watcher)
	l.check(err)
	l.signedCase(worker)
	l.publish(worker, 1)
	l.anchor(worker)
	want, err := worker.RegisterStatus(t.Context(), watcher)
	l.check(err)
	got, err := api.RegisterStatus(t.Context(), watcher)
	l.check(err)
	told, err := api.RegisterStatus(t.Context(), investigator)
	l.check(err)
	if told.Numbers != nil || len(told.Waiting) != 0 || len(told.Anchors) != 2 || told.Anchors[0].Size != 0 || !told.Anchors[0].At.IsZero() {
		t.Errorf("whoever does not watch the register is told %+v", told)
	}
	if cp, err := ledger.ParseCheckpoint([]byte(got.Numbers.Checkpoint)); err != nil || cp.Size != want.Numbers.Size || got.Numbers.Checkpoint != want.Numbers.Checkpoint {
		t.Errorf("the API shows the head of size %d (%v), the worker that of %d", cp.Size, err, want.Numbers.Size)
	}
}

// TestProcessesRegisterAtTheSameTime: each head once, and no false alarm.
func TestProcessesRegisterAtTheSameTime(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	services := []*process{l.service(), l.service(), l.service()}
	done := make(chan error, len(services))
	for _, s := range services {
		go func() {
			for range 4 {
				c := custody.Opening{ID: newID[evidence.CaseID](t), Title: "A case", TimeZone: "Europe/Berlin"}
				_, err := open(context.Background(), s, investigator, c)
				if err == nil {
					_, err = s.Checkpoint(context.Background(), worker, c.ID)
				}
				if err == nil {
					_, err = s.PublishHeads(context.Background(), worker)
				}
				if err == nil {
					_, err = s.AnchorRegister(context.Background(), worker)
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range services {
		l.check(<-done)
	}
	if heads := l.heads(services[0]); len(heads) != 12 {
		t.Errorf("%d cases are registered", len(heads))
	}
	alarms, err := services[0].Alarms(t.Context(), worker, false)
	if err != nil || len(alarms) != 0 {
		t.Errorf("%+v, %v", alarms, err)
	}
	l.anchor(services[0])
	if alarms, err := services[1].CheckWitnesses(t.Context()); err != nil || len(alarms) != 0 {
		t.Errorf("%+v, %v", alarms, err)
	}
}
