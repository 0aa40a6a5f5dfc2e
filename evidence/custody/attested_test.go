package custody_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// checkSigned reads the log of a case as somebody does who trusts these keys and
// nothing else: key entries widen the trust, each entry must be signed by whom it
// says, and the newest head by a key that its own entries lead to. It returns the
// entries.
func (l *lab) checkSigned(s *process, c evidence.CaseID, trusted ...evidence.PublicKey) []evidence.LogEntry {
	l.t.Helper()
	log := l.log(s, c)
	trust := trustOf(trusted, log)
	checker := attest.NewChecker(trust)
	for _, e := range log {
		if err := checker.Check(e.Index, e.Entry, e.Raw); err != nil {
			l.t.Errorf("entry %d, %s by %s: %v", e.Index, e.Entry.Act, e.Entry.Actor.ID, err)
		}
	}
	note, err := s.Checkpoint(l.t.Context(), worker, c)
	l.check(err)
	if _, _, err := ledger.OpenCheckpoint(note, trust.For(attest.RoleLog, int64(len(log)))); err != nil {
		l.t.Errorf("the head: %v", err)
	}
	return log
}

// trustOf returns what is trusted by whoever was given these keys and has the log.
func trustOf(given []evidence.PublicKey, log []evidence.LogEntry) *attest.Trust {
	trust := attest.NewTrust(origin, given)
	for _, e := range log {
		_, _ = trust.Take(e.Index, e.Entry) // whoever checks the entry hears what is wrong with it
	}
	return trust
}

// firstKeys returns the first version of each of the agency's keys.
func (l *lab) firstKeys() (first []evidence.PublicKey) {
	l.t.Helper()
	for _, signer := range []evidence.Signer{l.config.Log, l.config.SealKey, l.config.Worker} {
		keys, err := signer.PublicKeys(l.t.Context())
		l.check(err)
		first = append(first, keys[0])
	}
	return first
}

// everything does every act on a case once, and returns it.
func (l *lab) everything(s *process) evidence.Case {
	l.t.Helper()
	ctx := l.t.Context()
	c := l.openCase(s)
	auditor := person("p-auditor", evidence.Auditor)
	l.check(addMember(ctx, s, investigator, c.ID, auditor.Person))
	l.people.hold(auditor.ID, evidence.Auditor, evidence.Supervisor)
	l.check(s.RecordRoster(ctx, worker, c.ID, auditor.ID))
	w, err := s.WishRemoved(ctx, investigator, c.ID, auditor.ID, "needs to know no more")
	l.check(err)
	_, err = perform(ctx, s, investigator, w)
	l.check(err)
	w, err = s.WishCorrected(ctx, investigator, c.ID, l.log(s, c.ID)[1].Entry.ID, "another title")
	l.check(err)
	_, err = perform(ctx, s, investigator, w)
	l.check(err)
	in := l.openIntake(s, c)
	a, b := l.bring(s, in, "a", []byte("aaa")), l.bring(s, in, "b", []byte("bbb"))
	u, err := s.CreateUpload(ctx, examiner, intake.UploadRequest{Intake: in.ID, Name: "c", Length: 3, Declared: evidence.Sum([]byte("else"))})
	l.check(err)
	_, err = s.WriteUpload(ctx, examiner, u.ID, 0, strings.NewReader("ccc"))
	l.check(err)
	_, err = s.CompleteUpload(ctx, examiner, u.ID, evidence.Digest{})
	wantCode(l.t, err, evidence.DigestMismatch)
	_, err = s.Quarantine(ctx, worker, b, evidence.Sum(nil), 0)
	l.check(err)
	l.sealAll(s, in)
	l.check(s.RecordAnalysis(ctx, worker, []exhibit.Analysis{{Item: a, Tools: []evidence.Tool{{Name: "t", Version: "1"}}, MediaType: "text/plain"}}))
	l.check(s.CloseIntake(ctx, worker, in.ID, state.Counts{Sealed: 1, Quarantined: 1, Bytes: 6}))
	l.check(s.ExtendLocks(ctx, worker, []evidence.Item{a}, evidence.At(a.Locked.Time().AddDate(0, 0, 1))))
	l.content(s, a.ID)
	part, _, err := openEvidence(ctx, s, prosecutor, a.ID, "a look", 1, 1)
	l.check(err)
	part.Close()
	_, err = s.VerifyItem(ctx, traveled(examiner), a.ID, nil)
	l.check(err)
	l.disclose(s, c)
	_, err = transition(ctx, s, investigator, c.ID, evidence.StateIntake, evidence.StateOpen, "there is a case")
	l.check(err)
	l.check(addMember(ctx, s, investigator, c.ID, supervisor.Person))
	l.changeClass(s, supervisor, c.ID, evidence.ClassSealed, "Order 26-mc-17")
	l.changeClass(s, investigator, c.ID, evidence.ClassOrdinary, "") // asks for it
	return c
}

// changeClass has a case be of another class, or asks for that.
func (l *lab) changeClass(s *process, who evidence.Actor, c evidence.CaseID, to evidence.Class, order string) {
	l.t.Helper()
	w, err := s.WishClass(l.t.Context(), who, c, to, "as the court says", order)
	l.check(err)
	_, err = perform(l.t.Context(), s, who, w)
	l.check(err)
}

// disclose makes a bundle and fetches it.
func (l *lab) disclose(s *process, c evidence.Case) evidence.Disclosure {
	l.t.Helper()
	ctx := l.t.Context()
	d, err := s.RequestDisclosure(ctx, prosecutor, disclosureOf(l.t, c))
	l.check(err)
	_, err = s.WriteBundle(ctx, worker, d.ID, nil)
	l.check(err)
	d, err = s.FinishDisclosure(ctx, worker, d.ID)
	l.check(err)
	bundle, _, err := openBundle(ctx, s, prosecutor, d.ID, 0, -1)
	l.check(err)
	bundle.Close()
	return d
}

// TestEveryEntryIsSigned does every act: people's carry their own signatures, the
// machine's the worker's, and a roster comes first.
func TestEveryEntryIsSigned(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.everything(s)
	byPerson := map[evidence.Act]evidence.PersonID{
		evidence.ActOpened: investigator.ID, evidence.ActMemberAdded: investigator.ID, evidence.ActTransitioned: investigator.ID,
		evidence.ActIntakeOpened: examiner.ID, evidence.ActReceived: examiner.ID, evidence.ActRejected: examiner.ID,
		evidence.ActDownloaded: investigator.ID, evidence.ActViewed: prosecutor.ID, evidence.ActRequested: prosecutor.ID,
		evidence.ActFetched: prosecutor.ID, evidence.ActMemberGone: investigator.ID, evidence.ActCorrected: investigator.ID,
		evidence.ActClassChanged: supervisor.ID, evidence.ActClassAsked: investigator.ID,
	}
	seen := map[evidence.Act]bool{}
	log := l.checkSigned(s, c.ID, l.firstKeys()...)
	for _, e := range log {
		seen[e.Entry.Act] = true
		if who, ok := byPerson[e.Entry.Act]; ok != !e.Entry.Actor.Service || ok && e.Entry.Actor.ID != who {
			t.Errorf("%s is an act of %s", e.Entry.Act, e.Entry.Actor.ID)
		}
	}
	for _, act := range evidence.Acts() {
		switch act {
		case evidence.ActKey, evidence.ActKeysStated, evidence.ActHead, evidence.ActAlarm, evidence.ActAcknowledged, evidence.ActAudited:
		default:
			if !seen[act] {
				t.Errorf("no entry %s", act)
			}
		}
	}
	if log[0].Entry.Act != evidence.ActRoster {
		t.Errorf("the log begins with %s", log[0].Entry.Act)
	}
	people, keys, err := attest.ReadRoster(log[0].Entry.Details)
	if err != nil || len(people) != 3 || len(keys) != 3 {
		t.Errorf("the first roster has %d people and %d keys, %v", len(people), len(keys), err)
	}
	for _, e := range log {
		if e.Entry.Act == evidence.ActVerified && e.Entry.Details["requested_by"] != string(examiner.ID) {
			t.Errorf("verified for %q", e.Entry.Details["requested_by"])
		}
	}
}

// TestWhoCannotSignActsNot: nothing is recorded without a good signature of the
// person who acts.
func TestWhoCannotSignActsNot(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	size := len(l.log(s, c.ID))
	without, as := investigator, investigator
	without.Signer, as.Signer = nil, examiner.Signer
	robbed := investigator
	robbed.Signer = ledger.NewLocalSigner(origin+"/person/p-investigator/v1", [32]byte{99})
	byWorker := investigator
	byWorker.Signer = l.config.Worker
	for _, tc := range []struct {
		name  string
		actor evidence.Actor
		want  evidence.Code
	}{
		{"no signer", without, evidence.Unauthenticated},
		{"another person's key", as, evidence.UntrustedKey},
		{"a key of the same name", robbed, evidence.UntrustedKey},
		{"the worker's key", byWorker, evidence.UntrustedKey},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, _, err := openEvidence(t.Context(), s, tc.actor, it.ID, "a look", 0, -1)
			wantCode(t, err, tc.want)
			if r != nil {
				t.Error("the bytes are open")
			}
			_, err = s.OpenIntake(t.Context(), tc.actor, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
			wantCode(t, err, tc.want)
			_, err = s.Sign(t.Context(), tc.actor, move(c, evidence.StateOpen, "x"))
			wantCode(t, err, tc.want)
		})
	}
	api := l.apiService(s)
	wantCode(t, api.RecordRoster(t.Context(), worker, c.ID, investigator.ID), evidence.Forbidden)
	wantCode(t, api.CloseIntake(t.Context(), worker, in.ID, state.Counts{}), evidence.Forbidden)
	if got := len(l.log(s, c.ID)); got != size {
		t.Errorf("%d entries, want %d", got, size)
	}
}
