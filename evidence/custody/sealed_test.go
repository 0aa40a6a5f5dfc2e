package custody_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// door is a signer behind a Vault that can be sealed. A real one cannot be held
// sealed at an exact moment; TestVaultSealed has a real one.
type door struct {
	evidence.Signer
	shut  *atomic.Bool
	signs *atomic.Int64 // requests that were answered
}

var errShut = evidence.WrapError(evidence.Sealed, errors.New("a test"), "Vault is sealed")

// Sign implements evidence.Signer.
func (d door) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	if d.shut.Load() {
		return nil, errShut
	}
	d.signs.Add(1)
	return d.Signer.Sign(ctx, messages...)
}

// PublicKeys implements evidence.Signer.
func (d door) PublicKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	if d.shut.Load() {
		return nil, errShut
	}
	return d.Signer.PublicKeys(ctx)
}

// vaulted puts everybody's keys behind a door.
func (l *lab) vaulted() (shut *atomic.Bool, workerSigns *atomic.Int64, behind func(evidence.Actor) evidence.Actor) {
	shut, workerSigns = &atomic.Bool{}, &atomic.Int64{}
	l.config.Worker = door{l.keys.worker, shut, workerSigns}
	l.config.Log = door{l.keys.log, shut, &atomic.Int64{}}
	l.config.SealKey = door{l.keys.seal, shut, &atomic.Int64{}}
	return shut, workerSigns, func(a evidence.Actor) evidence.Actor {
		a.Signer = door{a.Signer, shut, &atomic.Int64{}}
		return a
	}
}

// TestWhileVaultIsSealed: people's acts are refused at once and leave nothing;
// the machine's wait, and all are signed, recorded and covered by a head when
// Vault is back, in the order in which they came and with few requests.
func TestWhileVaultIsSealed(t *testing.T) {
	l := newLab(t)
	shut, signs, behind := l.vaulted()
	l.config.CheckpointDelay = 100 * time.Millisecond
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "y", Length: 1, Declared: evidence.Sum([]byte("y"))})
	l.check(err)
	_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, strings.NewReader("y"))
	l.check(err)
	size := int64(len(l.log(s, c.ID)))

	shut.Store(true)
	for name, act := range map[string]func() error{
		"read": func() error { return look(t.Context(), s, behind(investigator), it.ID) },
		"prepare": func() error {
			_, err := s.Sign(t.Context(), behind(investigator), move(c, evidence.StateOpen, "x"))
			return err
		},
		"open a case": func() error {
			_, err := s.SignOpening(t.Context(), behind(investigator), custody.Opening{ID: newID[evidence.CaseID](t), Title: "x", TimeZone: "UTC"})
			return err
		},
		"open an intake": func() error {
			_, err := s.OpenIntake(t.Context(), behind(examiner), intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
			return err
		},
		"disclose": func() error {
			_, err := s.RequestDisclosure(t.Context(), behind(prosecutor), disclosureOf(t, c))
			return err
		},
		"receive": func() error {
			_, err := s.CompleteUpload(t.Context(), behind(examiner), u.ID, evidence.Sum([]byte("y")))
			return err
		},
	} {
		begun := time.Now()
		if wantCode(t, act(), evidence.Sealed); time.Since(begun) > 2*time.Second {
			t.Errorf("%s was refused after %s", name, time.Since(begun))
		}
	}
	before := signs.Load()
	waiting := make(chan error, 3)
	batch := entriesOf(c.ID, 600)
	for i := range 3 {
		go func() {
			_, err := s.Append(t.Context(), batch[200*i:200*(i+1)]...)
			waiting <- err
		}()
		time.Sleep(50 * time.Millisecond)
	}
	short, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = s.Append(short, batch[:10]...) // a workflow asks again for what waits
	wantCode(t, err, evidence.Sealed)
	if got := int64(len(l.log(s, c.ID))); got != size {
		t.Errorf("%d entries while nothing can be signed, want %d", got, size)
	}
	select {
	case err := <-waiting:
		t.Errorf("an act of the machine ended: %v", err)
	default:
	}

	shut.Store(false)
	for range 3 {
		l.check(<-waiting)
	}
	log := l.checkSigned(s, c.ID, l.firstKeys()...)[size:]
	for i, e := range log {
		if e.Entry.ID != batch[i].ID {
			t.Fatalf("entry %d of those that waited is another", i)
		}
	}
	if used := signs.Load() - before; len(log) != 600 || used > 6 {
		t.Errorf("%d entries with %d requests, want 600 with 3 or few more", len(log), used)
	}
	l.awaitHead(c.ID, size+600)
	_, err = s.CompleteUpload(t.Context(), behind(examiner), u.ID, evidence.Sum([]byte("y")))
	l.check(err)
}

// awaitHead waits for a head of the log that covers size entries.
func (l *lab) awaitHead(c evidence.CaseID, size int64) {
	l.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		note, err := l.registry.Checkpoint(l.t.Context(), c, size)
		l.check(err)
		if note != nil {
			return
		}
		if time.Now().After(deadline) {
			l.t.Fatalf("no head of %d entries", size)
		}
	}
}

// TestTheQueueIsBounded: a process keeps so many acts of the machine and no more;
// what it kept is recorded, and what it refused is not.
func TestTheQueueIsBounded(t *testing.T) {
	l := newLab(t)
	shut, _, _ := l.vaulted()
	s := l.service()
	c := l.openCase(s)
	size := int64(len(l.log(s, c.ID)))
	shut.Store(true)
	const batch = 256
	kept := make(chan error)
	for range logbook.MaxWaiting / batch {
		list := entriesOf(c.ID, batch)
		go func() {
			_, err := s.Append(t.Context(), list...)
			kept <- err
		}()
	}
	var refused []evidence.Entry
	for deadline := time.Now().Add(20 * time.Second); ; { // until all of them wait
		refused = entriesOf(c.ID, batch)
		short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		_, err := s.Append(short, refused...)
		waited := short.Err() != nil
		cancel()
		if wantCode(t, err, evidence.Sealed); !waited {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the queue takes more and more")
		}
	}
	shut.Store(false)
	recorded := 0
	for range logbook.MaxWaiting / batch {
		if err := <-kept; err == nil {
			recorded += batch
		} else if evidence.CodeOf(err) != evidence.Sealed {
			t.Error(err)
		}
	}
	l.check(recordSoon(t, s, verifiedEntry(c.ID)))
	log := l.checkSigned(s, c.ID, l.firstKeys()...)
	if n := int64(len(log)) - size; n > logbook.MaxWaiting+1 || recorded < logbook.MaxWaiting/2 {
		t.Errorf("%d entries were kept, %d are acknowledged", n, recorded)
	}
	for _, e := range log {
		if e.Entry.ID == refused[0].ID {
			t.Error("an act that was refused is on record")
		}
	}
}

func recordSoon(t *testing.T, s *process, e evidence.Entry) error {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := s.Append(ctx, e)
	return err
}

// TestEndingWhileVaultIsSealed: what waits is let go, and those who wait hear it.
func TestEndingWhileVaultIsSealed(t *testing.T) {
	l := newLab(t)
	shut, _, _ := l.vaulted()
	s, err := newProcess(l.config)
	l.check(err)
	c := l.openCase(s)
	l.checkLog(s, c.ID)
	shut.Store(true)
	waiting := make(chan error, 1)
	go func() {
		_, err := s.Append(t.Context(), verifiedEntry(c.ID))
		waiting <- err
	}()
	time.Sleep(300 * time.Millisecond)
	l.check(s.Close(t.Context()))
	wantCode(t, <-waiting, evidence.Unavailable)
}

// TestPeopleGoOnWhileTheMachineWaits: a process that may not sign as the machine
// for a while still records what people signed.
func TestPeopleGoOnWhileTheMachineWaits(t *testing.T) {
	l := newLab(t)
	var shut atomic.Bool
	l.config.Worker = door{l.keys.worker, &shut, &atomic.Int64{}}
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	shut.Store(true)
	waiting := make(chan error, 1)
	go func() {
		_, err := s.Append(t.Context(), verifiedEntry(c.ID))
		waiting <- err
	}()
	time.Sleep(100 * time.Millisecond)
	l.check(look(t.Context(), s, investigator, it.ID))
	shut.Store(false)
	l.check(<-waiting)
	l.checkSigned(s, c.ID, l.firstKeys()...)
}
