package custody_test

import (
	"crypto/rand"
	"encoding/base64"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestMaliceOfStolenKeys has a thief who used the agency's keys for a minute write
// into the database: with keys that these introduce, with keys that were revoked
// since, and with heads by those.
func TestMaliceOfStolenKeys(t *testing.T) {
	made := ledger.NewLocalSigner(origin+"/worker/v2", [32]byte{90})
	machineEntry := func(m *malice, a evidence.Act, details map[string]string, at time.Time) evidence.Entry {
		e, err := evidence.NewEntry(newID[evidence.EntryID](m.t), m.c.ID, a, evidence.At(at), worker, rand.Reader)
		m.check(err)
		e.Details = details
		return e
	}
	append2 := func(m *malice, by evidence.Signer, e evidence.Entry) {
		raw, err := attest.Sign(m.t.Context(), by, &e)
		m.check(err)
		index := int64(len(m.documents("entries", string(m.c.ID))))
		_, err = m.registry.AddEntries(m.t.Context(), m.c.ID, []evidence.LogEntry{{Index: index, Raw: raw[0], Entry: e}})
		m.check(err)
	}
	verified := act.Details(act.Verified{Outcome: act.OutcomeEqual})
	for what, steal := range map[string]func(r *rooted, m *malice){
		"introduce a key with them": func(r *rooted, m *malice) {
			before := r.keysOf(r.keys.worker)[0]
			text := attest.KeyText(before, r.keysOf(made)[0])
			append2(m, r.keys.worker, machineEntry(m, evidence.ActKey, map[string]string{
				attest.DetailOld: before.VKey(), attest.DetailNew: r.keysOf(made)[0].VKey(),
				attest.DetailOldSig: base64Of(m, r.keys.worker, text), attest.DetailNewSig: base64Of(m, made, text),
			}, time.Now()))
			append2(m, made, machineEntry(m, evidence.ActVerified, verified, time.Now()))
		},
		"state one with another root": func(r *rooted, m *malice) {
			own := &rooted{lab: r.lab, root: ledger.NewLocalSigner(origin+"/root/v1", [32]byte{91})}
			forged := own.state(func(s *attest.Statement) { s.Keys[2].Key = r.keysOf(made)[0].VKey() })
			append2(m, r.keys.worker, machineEntry(m, evidence.ActKeysStated, forged.Details(), time.Now()))
			append2(m, made, machineEntry(m, evidence.ActVerified, verified, time.Now()))
		},
		"use them once they are revoked": func(r *rooted, m *malice) {
			r.revoked(m)
			append2(m, r.firstOf(r.keys.worker), machineEntry(m, evidence.ActVerified, verified, time.Now()))
		},
		"use them backdated once they are revoked": func(r *rooted, m *malice) {
			r.revoked(m)
			append2(m, r.firstOf(r.keys.worker), machineEntry(m, evidence.ActVerified, verified, time.Now().Add(-10*time.Minute)))
		},
		"use them backdated once they are revoked, under a head of theirs": func(r *rooted, m *malice) {
			r.revoked(m)
			append2(m, r.firstOf(r.keys.worker), machineEntry(m, evidence.ActVerified, verified, time.Now().Add(-10*time.Minute)))
			var tree ledger.Tree
			for i := range m.documents("entries", string(m.c.ID)) {
				tree.Append(ledger.LeafHash(m.entry(int64(i)).Raw))
			}
			head := ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, m.c.ID), Size: tree.Size(), Root: tree.Root()}
			note, err := ledger.SignCheckpoint(t.Context(), head, r.firstOf(r.keys.log))
			m.check(err)
			m.check(m.registry.AddCheckpoint(t.Context(), m.c.ID, tree.Size(), note))
		},
	} {
		t.Run(what, func(t *testing.T) {
			r := newRooted(t)
			w := r.service()
			r.install(r.state(nil), w)
			m := &malice{lab: r.lab.with(t), c: r.openCase(w)}
			m.db = m.admins()
			_, err := w.Checkpoint(t.Context(), worker, m.c.ID)
			r.check(err)
			steal(r, m)
			sees(t, "Steal the agency's keys, and "+what, map[string]detector{
				"a new process": func() string {
					_, err := perform(t.Context(), r.service(), investigator, move(m.c, evidence.StateOpen, "go on"))
					return said(err)
				},
				"an audit": func() string { return r.auditRooted(r.service()) },
			})
		})
	}
}

func base64Of(m *malice, by evidence.Signer, text []byte) string {
	signed, err := by.Sign(m.t.Context(), text)
	m.check(err)
	return base64.StdEncoding.EncodeToString(signed[0].Bytes)
}

func (r *rooted) firstOf(k *ledger.LocalKey) evidence.Signer {
	return attest.OfVersion(k, r.keysOf(k)[0])
}

// revoked rotates the keys, has the root revoke the first versions, and the log be
// told.
func (r *rooted) revoked(m *malice) {
	w := r.service()
	r.rotate()
	r.install(r.state(revokeFirst(time.Now())), w)
	r.check(w.RecordRoster(r.t.Context(), worker, m.c.ID, ""))
	_, err := w.Checkpoint(r.t.Context(), worker, m.c.ID)
	r.check(err)
}
