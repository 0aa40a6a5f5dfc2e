package custody_test

import (
	"crypto/sha256"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// checksSignatures is somebody who has the log and the agency's public keys, as
// a bundle's verifier, a rebuild and an audit do, and asks who signed each entry.
func (m *malice) checksSignatures() string {
	keys, err := m.config.Worker.PublicKeys(m.t.Context())
	m.check(err)
	c := attest.NewAgencyChecker(origin, keys)
	for index := range m.documents("entries", string(m.c.ID)) {
		var e evidence.Entry
		raw := m.entry(int64(index)).Raw
		if err := canon.Unmarshal(raw, &e); err != nil {
			return said(err)
		}
		if err := c.Check(0, e, raw); err != nil {
			return said(err)
		}
	}
	return ""
}

// actOf returns the index of the first entry of an act.
func (m *malice) actOf(act evidence.Act) int64 {
	m.t.Helper()
	for index := range m.documents("entries", string(m.c.ID)) {
		if m.entry(int64(index)).Entry.Act == act {
			return int64(index)
		}
	}
	m.t.Fatalf("no entry says %q", act)
	return 0
}

// forge replaces an entry by one that says something else and is signed by
// somebody, or by nobody when signer is nil.
func (m *malice) forge(index int64, signer evidence.Signer, change func(e *evidence.Entry)) {
	m.t.Helper()
	e := m.entry(index).Entry
	e.Signature = nil
	change(&e)
	raw, err := canon.Marshal(e)
	m.check(err)
	if signer != nil {
		signed, err := attest.Sign(m.t.Context(), signer, &e)
		m.check(err)
		raw = signed[0]
	}
	m.put(index, raw)
}

// TestMaliceForgesAPerson: with the stolen key of heads everything can be hashed
// and signed again but what a person did: nobody has a person's key.
func TestMaliceForgesAPerson(t *testing.T) {
	other := func(e *evidence.Entry) { e.Authority = "warrant 8 Gs 99/26" }
	made := madeFor(examiner.ID)
	keys, err := made.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := attest.WriteRoster([]attest.Listed{{ID: examiner.ID, Name: examiner.Name, Keys: []string{keys[0].VKey()}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name   string
		attack func(m *malice, index int64)
	}{
		{"keep the signature", func(m *malice, index int64) { m.rewrite(index, other) }},
		{"leave the signature out", func(m *malice, index int64) { m.forge(index, nil, other) }},
		{"sign it with the stolen worker key", func(m *malice, index int64) { m.forge(index, m.config.Worker, other) }},
		{"sign it with a key made for that", func(m *malice, index int64) { m.forge(index, made, other) }},
		{"put that key into the roster too", func(m *malice, index int64) {
			m.forge(index, made, other)
			m.forge(m.actOf(evidence.ActRoster), made, func(e *evidence.Entry) { e.Details = theirs })
		}},
		{"add that key with a roster signed by the stolen worker key", func(m *malice, index int64) {
			m.forge(index, made, other)
			m.forge(index-1, m.config.Worker, func(e *evidence.Entry) {
				*e = m.entry(m.actOf(evidence.ActRoster)).Entry
				e.ID, e.Signature, e.Details = evidence.DeriveEntryID("malice", "roster"), nil, theirs
			})
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMalice(t)
			tc.attack(m, m.actOf(evidence.ActIntakeOpened))
			m.resign()
			sees(t, "Forge a person's act, and "+tc.name, map[string]detector{
				"a running process": m.looks(m.running), "a new process": m.looksAfresh,
				"a new process without the mirror": m.looksAlone, "whoever checks the signatures": m.checksSignatures,
				"an audit": m.audits,
			})
		})
	}
}

// madeFor returns a key that the administrator made in somebody's name.
func madeFor(id evidence.PersonID) evidence.Signer {
	return ledger.NewLocalSigner(origin+"/person/"+string(id)+"/v1", sha256.Sum256([]byte("the administrator's, for "+id)))
}

// rewriteWhole changes an act of a person and signs the whole log anew: the
// machine's entries with the worker's stolen key, people's with keys made in
// their names, which the rosters now give them.
func (m *malice) rewriteWhole() {
	m.t.Helper()
	changed := m.actOf(evidence.ActIntakeOpened)
	for i := range m.documents("entries", string(m.c.ID)) {
		index := int64(i)
		e := m.entry(index).Entry
		signer := m.config.Worker
		if !e.Actor.Service {
			signer = madeFor(e.Actor.ID)
		}
		m.forge(index, signer, func(e *evidence.Entry) {
			if index == changed {
				e.Authority = "warrant 8 Gs 99/26"
			}
			if e.Act == evidence.ActRoster {
				e.Details = m.giveMadeKeys(e.Details)
			}
		})
	}
	m.resign()
}

// giveMadeKeys returns the details of a roster with the made keys in it.
func (m *malice) giveMadeKeys(details map[string]string) map[string]string {
	m.t.Helper()
	people, agency, err := attest.ReadRoster(details)
	m.check(err)
	for i, p := range people {
		keys, err := madeFor(p.ID).PublicKeys(m.t.Context())
		m.check(err)
		people[i].Keys = []string{keys[0].VKey()}
	}
	details, err = attest.WriteRoster(people, agency)
	m.check(err)
	return details
}

// TestMaliceRewritesACase: whoever has every key of the agency can write a log
// that is consistent in itself. What somebody else has kept of the old one
// convicts it.
func TestMaliceRewritesACase(t *testing.T) {
	m := newMalice(t)
	m.rewriteWhole()
	detectors := m.theProcesses()
	detectors["whoever checks the signatures"] = m.checksSignatures
	sees(t, "Rewrite a case with the stolen keys of log and worker, and a made key for each person", detectors)
}
