package custody_test

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// rooted is a lab whose agency has a root. It is what custody is given as the root's
// statements, in Vault's stead: what package vault's tests show of the real one.
type rooted struct {
	*lab
	root   *ledger.LocalSigner
	mu     sync.Mutex
	signed attest.Signed
	serial int64
}

func newRooted(t *testing.T) *rooted {
	r := &rooted{lab: newLab(t), root: ledger.NewLocalSigner(origin+"/root/v1", [32]byte{50})}
	r.config.Root, r.config.Statements = r.keysOf(r.root), r
	return r
}

func (r *rooted) keysOf(s evidence.Signer) []evidence.PublicKey {
	r.t.Helper()
	keys, err := s.PublicKeys(r.t.Context())
	r.check(err)
	return keys
}

// Stated implements clerk.Statements.
func (r *rooted) Stated(context.Context) (attest.Signed, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.signed.Root == "" {
		return attest.Signed{}, evidence.Errorf(evidence.NotFound, "no statement")
	}
	return r.signed, nil
}

// install gives the services a statement; they know it at once.
func (r *rooted) install(s attest.Signed, services ...*process) {
	r.t.Helper()
	r.mu.Lock()
	r.signed = s
	r.mu.Unlock()
	for _, service := range services {
		_, err := service.Keys(r.t.Context())
		r.check(err)
	}
}

// state returns the next statement of all the agency's keys, from an hour ago on.
func (r *rooted) state(change func(s *attest.Statement)) attest.Signed {
	r.t.Helper()
	r.serial++
	s := attest.Statement{Agency: origin, At: evidence.At(time.Now()), Serial: r.serial, Type: attest.StatementType}
	for _, k := range []evidence.Signer{r.keys.log, r.keys.seal, r.keys.worker} {
		for _, key := range r.keysOf(k) {
			s.Keys = append(s.Keys, attest.StatedKey{From: evidence.At(time.Now().Add(-time.Hour)), Key: key.VKey()})
		}
	}
	if change != nil {
		change(&s)
	}
	signed, err := attest.SignStatement(r.t.Context(), r.root, s)
	r.check(err)
	return signed
}

// revokeFirst has a statement revoke the first version of each key from an instant
// on.
func revokeFirst(at time.Time) func(s *attest.Statement) {
	return func(s *attest.Statement) {
		for i := range s.Keys {
			if strings.Contains(s.Keys[i].Key, "/v1+") {
				s.Keys[i].Revoked = &attest.Revocation{From: evidence.At(at), Reason: "stolen"}
			}
		}
	}
}

// auditRooted audits as the worker does, and returns what was found.
func (r *rooted) auditRooted(s *process) string {
	r.t.Helper()
	config := r.auditConfig(s)
	config.Keys, config.Root, config.Stated = s.VaultKeys, r.config.Root, r.Stated
	var found []evidence.Alarm
	_, err := audit.New(config).Run(r.t.Context(), audit.Progress{}, func(_ context.Context, list []evidence.Alarm) error {
		found = append(found, list...)
		return nil
	}, nil)
	r.check(err)
	return alarms(found)
}

// TestRooted does the main job with keys that a root states, through a rotation and
// a revocation: whoever has the root's key alone can check everything.
func TestRooted(t *testing.T) {
	r := newRooted(t)
	w := r.service()
	_, err := w.Keys(t.Context())
	codeIs(t, "before the root stated anything", err, evidence.Unavailable)
	r.install(r.state(nil), w)
	api := r.apiService(w)
	root := r.keysOf(r.root)
	verify := func(what string, d evidence.Disclosure, data, proof []byte) {
		t.Helper()
		report, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), root, bundle.Options{Proof: proof})
		r.check(err)
		if report.Outcome != bundle.OK {
			t.Errorf("%s, %s: %s: %v", what, d.ID, report.Outcome, report.Problems)
		}
	}

	c := r.openCase(w)
	in := r.openIntake(api, c)
	r.bring(api, in, "before", []byte("before"))
	r.sealAll(w, in)
	d, data, proof := r.handOver(w, disclosureOf(t, c))
	verify("before the rotation", d, data, proof)
	r.checkSigned(w, c.ID, root...)

	r.rotate() // in Vault; the root has not stated it
	r.bring(api, in, "during", []byte("during"))
	r.sealAll(w, in)
	log := r.checkSigned(w, c.ID, root...)
	if key := log[len(log)-1].Entry.Signature.Key; !strings.HasPrefix(key, origin+"/worker/v1+") {
		t.Errorf("%s signs before the root states it", key)
	}
	if found := r.auditRooted(w); !strings.Contains(found, "which statement 1 of the root does not name") {
		t.Errorf("an audit finds %q", found)
	}

	at := time.Now()
	r.install(r.state(revokeFirst(at)), w, api)
	r.bring(api, in, "after", []byte("after"))
	r.sealAll(w, in)
	log = r.checkSigned(w, c.ID, root...)
	if key := log[len(log)-1].Entry.Signature.Key; !strings.HasPrefix(key, origin+"/worker/v2+") {
		t.Errorf("%s signs after it was revoked", key)
	}
	statements := 0
	for _, e := range log {
		if e.Entry.Act == evidence.ActKeysStated {
			statements++
		}
		if e.Entry.Act == evidence.ActKey {
			t.Error("a key entry introduces a key, beside the root")
		}
	}
	if statements != 2 {
		t.Errorf("%d statements are in the log", statements)
	}
	d, data, proof = r.handOver(w, disclosureOf(t, c))
	verify("after the revocation", d, data, proof)
	for _, s := range []*process{w, r.service()} { // one that just started, too
		if v, err := s.VerifyItem(t.Context(), worker, r.exhibit(c, 1).ID, nil); err != nil || !v.OK {
			t.Errorf("an item that was sealed with the first key: %+v, %v", v, err)
		}
	}
	r.mirrored(w)
	if found := r.auditRooted(w); found != "" {
		t.Errorf("an audit finds %q", found)
	}
	if _, report := r.rebuilt(root); len(report.Problems) > 0 {
		t.Errorf("a rebuild that is given the root: %v", report.Problems)
	}
	other := ledger.NewLocalSigner(origin+"/root/v1", [32]byte{51})
	if _, report := r.rebuilt(r.keysOf(other)); len(report.Problems) == 0 {
		t.Error("a rebuild by another root believes everything")
	}

	r.install(r.state(func(s *attest.Statement) {
		s.Keys = append(s.Keys, attest.StatedKey{From: evidence.At(at), Key: r.keysOf(ledger.NewLocalSigner(origin+"/worker/v9", [32]byte{52}))[0].VKey()})
	}), w)
	if found := r.auditRooted(w); !strings.Contains(found, "which Vault does not have") {
		t.Errorf("an audit of a statement of a key that is not there finds %q", found)
	}
}

// TestRootedRollback puts an older statement over a newer one.
func TestRootedRollback(t *testing.T) {
	r := newRooted(t)
	old := r.state(nil)
	w := r.service()
	r.install(r.state(nil), w)
	c := r.openCase(w)
	r.install(old, w) // the process knows the newer one
	_, err := addMemberOf(t, w, c)
	r.check(err)
	fresh := r.service()
	_, err = perform(t.Context(), fresh, investigator, move(c, evidence.StateClosed, "done"))
	codeIs(t, "a process that just started", err, evidence.Tampered)
	if found := r.auditRooted(w); !strings.Contains(found, "somebody put it back") {
		t.Errorf("an audit finds %q", found)
	}
	r.install(attest.Signed{Root: old.Root, Statement: old.Statement, Signature: strings.ToUpper(old.Signature)})
	_, err = r.service().Keys(t.Context())
	codeIs(t, "a statement that the root did not sign", err, evidence.Tampered)
}

// addMemberOf adds somebody to the case, with w as the worker.
func addMemberOf(t *testing.T, w *process, c evidence.Case) (evidence.Person, error) {
	t.Helper()
	p := person("newcomer", evidence.Examiner).Person
	return p, addMember(t.Context(), w, investigator, c.ID, p)
}

// TestRootedPerson: a person whose key the root revoked signs no more; with the next
// version, which the root states, they do.
func TestRootedPerson(t *testing.T) {
	r := newRooted(t)
	w := r.service()
	r.install(r.state(nil), w)
	c := r.openCase(w)
	key := ledger.NewLocalKey(strings.TrimSuffix(r.keysOf(personKey(investigator.ID))[0].Name, "/v1"), [32]byte{60})
	key.Rotate()
	first := r.keysOf(personKey(investigator.ID))[0]
	second := r.keysOf(key)[1]
	r.people.set(investigator.ID, keysOf2{first, second, key})
	again := investigator
	again.Signer = attest.OfVersion(key, second)
	_, err := perform(t.Context(), w, again, move(c, evidence.StateOpen, "go on"))
	if err == nil {
		t.Error("a key that neither theirs introduced nor the root stated is taken")
	}
	r.install(r.state(func(s *attest.Statement) {
		long := evidence.At(time.Now().Add(-time.Hour))
		s.Keys = append(s.Keys, attest.StatedKey{From: long, Key: first.VKey(), Revoked: &attest.Revocation{From: evidence.At(time.Now()), Reason: "lost"}},
			attest.StatedKey{From: long, Key: second.VKey()})
	}), w)
	_, err = perform(t.Context(), w, investigator, move(c, evidence.StateOpen, "go on"))
	codeIs(t, "with the revoked key", err, evidence.Forbidden)
	_, err = perform(t.Context(), w, again, move(c, evidence.StateOpen, "go on"))
	r.check(err)
	r.checkSigned(w, c.ID, r.keysOf(r.root)...)
}

// keysOf2 are two versions of a person's key, of which the first is another signer's.
type keysOf2 struct {
	first, second evidence.PublicKey
	evidence.Signer
}

// PublicKeys implements evidence.Signer.
func (k keysOf2) PublicKeys(context.Context) ([]evidence.PublicKey, error) {
	return []evidence.PublicKey{k.first, k.second}, nil
}

// codeIs is wantCode of something.
func codeIs(t *testing.T, what string, err error, want evidence.Code) {
	t.Helper()
	if got := evidence.CodeOf(err); got != want {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}
