package custody_test

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// watcher may see how far the register is.
var watcher = person("p-watcher", evidence.Auditor)

func TestRegisterIsVouchedForFromOutside(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	s := l.service()
	if got := l.anchor(s); len(got) != 0 {
		t.Errorf("an empty register is anchored: %+v", got)
	}
	c, head := l.signedCase(s)
	l.publish(s, 1)
	for kind, a := range l.anchor(s) {
		if a.Code != "" || !a.New {
			t.Errorf("%s: %+v", kind, a)
		}
	}
	for kind, a := range l.anchor(s) {
		if a.Code != "" || a.New {
			t.Errorf("again, %s: %+v", kind, a)
		}
	}
	if n := o.authority.Answered(); n != 1 {
		t.Errorf("the authority was asked %d times", n)
	}
	status, err := l.service().RegisterStatus(t.Context(), watcher) // as another process sees it
	l.check(err)
	if len(status.Anchors) != 2 || len(status.Waiting) != 0 || status.Numbers.HeadsWaiting != 0 || status.Origin != origin+"/register" || status.Numbers.Checkpoint == "" {
		t.Errorf("status %+v", status)
	}
	p, err := s.RegisterProof(t.Context(), c.ID, head.Size)
	l.check(err)
	cp, by, err := ledger.OpenCosignatures(p.Checkpoint, []evidence.WitnessKey{o.witness.Key()})
	l.check(err)
	if len(by) != 1 || len(p.Timestamps) != 1 {
		t.Errorf("%d cosignatures and %d tokens", len(by), len(p.Timestamps))
	}
	l.check(ledger.VerifyInclusion(ledger.LeafHash(p.Entry), p.Index, cp.Size, p.Inclusion, cp.Root))
	_, err = s.RegisterProof(t.Context(), c.ID, head.Size+1)
	wantCode(t, err, evidence.NotFound)
}

// TestOutsidersAwayHoldNothingUp: they are reported, the gap is visible, and
// they are caught up when they are back; a witness that is new as well.
func TestOutsidersAwayHoldNothingUp(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	s := l.service()
	l.signedCase(s)
	l.publish(s, 1)
	l.anchor(s)
	before, err := s.RegisterStatus(t.Context(), watcher)
	l.check(err)
	gone := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "away", http.StatusBadGateway) }
	o.answer(gone)
	o.authority.Instead(gone)
	c, head := l.signedCase(s)
	l.publish(s, 1)
	for kind, a := range l.anchor(s) {
		if a.Code != evidence.Unavailable || a.New {
			t.Errorf("%s: %+v", kind, a)
		}
	}
	status, err := s.RegisterStatus(t.Context(), watcher)
	l.check(err)
	if len(status.Waiting) != 2 || status.Waiting[0].Behind != status.Numbers.Size-before.Numbers.Size || status.Waiting[0].Since.IsZero() || len(status.Anchors) != 2 {
		t.Errorf("status %+v", status)
	}
	p, err := s.RegisterProof(t.Context(), c.ID, head.Size)
	l.check(err)
	if _, by, _ := ledger.OpenCosignatures(p.Checkpoint, []evidence.WitnessKey{o.witness.Key()}); len(by)+len(p.Timestamps) != 0 {
		t.Errorf("somebody vouches for it: %v", by)
	}
	if alarms, err := s.CheckWitnesses(t.Context()); err != nil || len(alarms) != 0 {
		t.Errorf("an outage is an alarm: %v, %v", alarms, err)
	}
	o.answer(nil)
	o.authority.Instead(nil)
	for kind, a := range l.anchor(s) {
		if a.Code != "" || !a.New {
			t.Errorf("back, %s: %+v", kind, a)
		}
	}
	l.watch(newOutsideNamed(t, "witness.press.example")) // one that has seen nothing
	if a := l.anchor(l.service())[evidence.AnchorWitness]; a.Code != "" || !a.New {
		t.Errorf("a new one: %+v", a)
	}
}

// TestBadWitnessesAreRefused: what they answer is not kept, is reported, and
// costs nothing else.
func TestBadWitnessesAreRefused(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	s := l.service()
	l.signedCase(s)
	l.publish(s, 1)
	l.anchor(s)
	l.signedCase(s)
	l.publish(s, 1)
	stranger := ed25519.NewKeyFromSeed(make([]byte, 32))
	release := make(chan struct{})
	defer close(release)
	cosigned := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			_, note, _ := bytes.Cut(body, []byte("\n\n"))
			cp, err := ledger.ParseCheckpoint(note)
			if err != nil {
				t.Error(err)
				return
			}
			line, err := ledger.Cosign(cp, name, stranger, time.Now())
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(line)
		}
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		code   evidence.Code
	}{
		"wrong key": {cosigned(witnessName), evidence.UntrustedKey},
		"garbage":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }, evidence.Malformed},
		"broken":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, evidence.Unavailable},
		"slow":      {func(http.ResponseWriter, *http.Request) { <-release }, evidence.Unavailable},
		"older size, again and again": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/x.tlog.size")
			w.WriteHeader(http.StatusConflict)
			size := "1\n"
			if body, _ := io.ReadAll(r.Body); string(body[:6]) == "old 1\n" {
				size = "2\n"
			}
			_, _ = io.WriteString(w, size)
		}, evidence.Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			o.answer(tt.answer)
			a := l.with(t).anchor(l.with(t).service())[evidence.AnchorWitness]
			if a.Code != tt.code || a.New || a.Message == "" {
				t.Errorf("%+v, want %q", a, tt.code)
			}
		})
	}
	o.answer(nil)
	if a := l.anchor(s)[evidence.AnchorWitness]; a.Code != "" || !a.New {
		t.Errorf("when it is good again: %+v", a)
	}
	if open, err := s.Alarms(t.Context(), worker, true); err != nil || len(open) != 0 {
		t.Errorf("alarms %v, %v", open, err)
	}
}

// TestAnotherRegisterIsAnAlarm: the same keys and name, another database: what
// an administrator shows who puts an old copy in place, or keeps two.
func TestAnotherRegisterIsAnAlarm(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	s := l.service()
	l.signedCase(s)
	l.signedCase(s)
	l.publish(s, 2)
	l.anchor(s)
	if alarms, err := s.CheckWitnesses(t.Context()); err != nil || len(alarms) != 0 {
		t.Fatalf("%v, %v", alarms, err)
	}
	shorter := newLab(t)
	shorter.watch(o)
	two := shorter.service()
	shorter.signedCase(two)
	shorter.publish(two, 1)
	alarms, err := two.CheckWitnesses(t.Context())
	l.check(err)
	if len(alarms) != 1 || alarms[0].Kind != evidence.AlarmWitness || alarms[0].Where != witnessName {
		t.Fatalf("rolled back: %+v", alarms)
	}
	if a := shorter.anchor(two)[evidence.AnchorWitness]; a.Code != evidence.Tampered {
		t.Errorf("rolled back: %+v", a)
	}
	raised, err := two.Alarms(t.Context(), worker, true)
	l.check(err)
	if len(raised) != 1 || raised[0].ID != alarms[0].ID {
		t.Errorf("raised %+v, found %+v", raised, alarms)
	}
	for range 3 { // until it is longer than what the witness saw
		shorter.signedCase(two)
	}
	shorter.publish(two, 3)
	if a := shorter.anchor(two)[evidence.AnchorWitness]; a.Code != evidence.Tampered {
		t.Errorf("forked: %+v", a)
	}
	raised, err = two.Alarms(t.Context(), worker, true)
	l.check(err)
	if len(raised) != 2 {
		t.Errorf("raised %+v", raised)
	}
	if a := l.anchor(s)[evidence.AnchorWitness]; a.Code != "" {
		t.Errorf("the honest one: %+v", a)
	}
}
