package custody_test

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/evidence/witness"
)

// watched gives the installation a witness, run by somebody else, that knows the
// register's key.
func (m *malice) watched() {
	m.t.Helper()
	keys, err := m.config.Log.PublicKeys(m.t.Context())
	m.check(err)
	policy := witness.Policy{}
	m.check(policy.Accept(ledger.CaseOrigin(origin, evidence.RegisterID()) + "=" + keys[0].VKey()))
	server, err := witness.NewServer(witness.ServerConfig{Dir: m.t.TempDir(), Name: "court.example/w1", Logs: policy, Logger: m.config.Logger})
	m.check(err)
	listener := httptest.NewServer(server)
	m.t.Cleanup(listener.Close)
	client, err := witness.NewClient(witness.ClientConfig{URL: listener.URL, Key: server.Key()})
	m.check(err)
	m.config.Witnesses = []register.Witness{client}
}

// register has the heads that changed put into the register and shown to the
// witness, as the schedule does every minute, and returns what it refuses.
func (m *malice) register(s *process) string {
	m.t.Helper()
	_, err := s.PublishHeads(m.t.Context(), worker)
	m.check(err)
	shown, err := s.AnchorRegister(m.t.Context(), worker)
	m.check(err)
	var refused []string
	for _, a := range shown {
		if a.Code != "" {
			refused = append(refused, string(a.Code)+": "+a.Message)
		}
	}
	return strings.Join(refused, "; ")
}

// alone returns a new process that neither reads the mirror nor, when blind, asks
// the witness: what the administrator would run.
func (m *malice) alone(blind bool) *process {
	sub := *m.lab
	sub.config.Mirror = nil
	if blind {
		sub.config.Witnesses = nil
	}
	return sub.service()
}

// alarms returns alarms as the table has them.
func alarms(list []evidence.Alarm) string {
	var all []string
	for _, a := range list {
		all = append(all, string(a.Kind)+": "+a.What)
	}
	return strings.Join(all, "; ")
}

// asksTheWitness is a process without a mirror that compares the register with
// what the witness saw.
func (m *malice) asksTheWitness(blind bool) detector {
	return func() string {
		list, err := m.alone(blind).CheckWitnesses(m.t.Context())
		m.check(err)
		return alarms(list)
	}
}

// goesOn is the register's schedule after another act of the machine.
func (m *malice) goesOn(blind bool) detector {
	return func() string {
		s := m.alone(blind)
		_, err := s.Append(m.t.Context(), verifiedEntry(m.c.ID))
		m.check(err)
		_, err = s.Checkpoint(m.t.Context(), worker, m.c.ID)
		m.check(err)
		return m.register(s)
	}
}

// outside are those who look when nobody reads the mirror.
func (m *malice) outside() map[string]detector {
	return map[string]detector{
		"a new process without the mirror":                 m.looksAlone,
		"whoever checks the signatures":                    m.checksSignatures,
		"a question to the witnesses, where there is none": m.asksTheWitness(true),
		"the register's next runs, without a witness":      m.goesOn(true),
		"the register's next runs":                         m.goesOn(false),
		"a question to the witnesses":                      m.asksTheWitness(false),
		"an audit":                                         m.audits,
	}
}

// newWatched has a register that the witness has seen.
func newWatched(t *testing.T) *malice {
	t.Helper()
	m := newMalice(t, (*malice).watched)
	if refused := m.register(m.running); refused != "" {
		t.Fatal(refused)
	}
	return m
}

func TestMaliceRollsEverythingBack(t *testing.T) {
	m := newWatched(t)
	yesterday := m.dump()
	for range 3 {
		m.grow(1)
		if refused := m.register(m.running); refused != "" {
			t.Fatal(refused)
		}
	}
	m.restore(yesterday)
	sees(t, "Roll everything back where nobody reads the mirror", m.outside())
}

// TestMaliceRewritesEverything: a case that is consistent in itself, and a
// register to go with it.
func TestMaliceRewritesEverything(t *testing.T) {
	m := newWatched(t)
	m.rewriteWhole()
	for _, collection := range []string{"entries", "tiles", "checkpoints"} {
		m.forget(collection, m.documents(collection, string(evidence.RegisterID())))
	}
	m.forget("anchors", m.documents("anchors", ""))
	sees(t, "Rewrite a case with every stolen key, and the register with it", m.outside())
}

// disclose makes a bundle of the case and returns its bytes.
func (m *malice) disclose(s *process) []byte {
	m.t.Helper()
	d, err := s.RequestDisclosure(m.t.Context(), prosecutor, disclosureOf(m.t, m.c))
	m.check(err)
	_, err = s.WriteBundle(m.t.Context(), worker, d.ID, nil)
	m.check(err)
	_, err = s.FinishDisclosure(m.t.Context(), worker, d.ID)
	m.check(err)
	r, _, err := openBundle(m.t.Context(), s, prosecutor, d.ID, 0, -1)
	return readAll(m.t, r, err)
}

// agencyKeys are what recipients have been given by another way.
func (m *malice) agencyKeys() (keys []evidence.PublicKey) {
	m.t.Helper()
	for _, s := range []evidence.Signer{m.config.Log, m.config.SealKey, m.config.Worker} {
		some, err := s.PublicKeys(m.t.Context())
		m.check(err)
		keys = append(keys, some...)
	}
	return keys
}

// judges is a recipient who verifies a bundle.
func (m *malice) judges(data []byte) detector {
	return func() string {
		r, err := bundle.Verify(m.t.Context(), bytes.NewReader(data), int64(len(data)), m.agencyKeys(), bundle.Options{})
		m.check(err)
		return problems(r.Problems)
	}
}

func problems(list []bundle.Problem) string {
	var all []string
	for _, p := range list {
		all = append(all, string(p.Code)+": "+p.What)
	}
	return strings.Join(all, "; ")
}

// compare are two recipients who put their bundles side by side.
func (m *malice) compare(first, second []byte) detector {
	return func() string {
		c, err := bundle.Compare(m.t.Context(), bundle.Input{Reader: bytes.NewReader(first), Size: int64(len(first))},
			bundle.Input{Reader: bytes.NewReader(second), Size: int64(len(second))}, m.agencyKeys(), nil, bundle.Options{})
		m.check(err)
		return problems(c.Problems)
	}
}

// TestMaliceForksTheLog gives two recipients bundles of two logs of one case,
// each as good as the other.
func TestMaliceForksTheLog(t *testing.T) {
	m := newWatched(t)
	before := m.dump()
	one, two := m.alone(false), m.alone(false)
	_, err := one.Append(t.Context(), verifiedEntry(m.c.ID))
	m.check(err)
	first := m.disclose(one)
	if refused := m.register(one); refused != "" {
		t.Fatal(refused)
	}
	_, err = one.Checkpoint(t.Context(), worker, m.c.ID) // so that nothing of it is signed after the fork
	m.check(err)
	m.restore(before)
	_, err = two.Append(t.Context(), entriesOf(m.c.ID, 5)...)
	m.check(err)
	second := m.disclose(two)
	sees(t, "Fork the log to two recipients", map[string]detector{
		"the first recipient, alone":      m.judges(first),
		"the second recipient, alone":     m.judges(second),
		"both, who compare their bundles": m.compare(first, second),
		"the register's next run":         func() string { return m.register(two) },
		"a question to the witnesses":     m.asksTheWitness(false), "an audit": m.audits,
	})
}
