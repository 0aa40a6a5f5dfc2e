package bundle_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestRegister has a forger who has the agency's keys, and changes what a proof
// shows of the register and of witnesses.
func TestRegister(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	proof := must(bundle.ParseProof(f.proveRegistered(t, s)))
	head := func(change func(e *evidence.Entry)) func(p *bundle.Proof) {
		return func(p *bundle.Proof) {
			e := must(decoded(p.Register.Entry))
			change(&e)
			p.Register = f.registered(*p, f.signedBy(f.worker, e))
		}
	}
	detail := func(name, value string) func(p *bundle.Proof) {
		return head(func(e *evidence.Entry) { e.Details[name] = value })
	}
	witnesses := []evidence.WitnessKey{f.witnessKey()}
	stranger := []evidence.WitnessKey{{Name: "witness.example/w9", Key: f.witnessKey().Key}}
	for _, c := range []struct {
		name      string
		witnesses []evidence.WitnessKey
		want      bundle.Outcome
		words     string // in a problem, or else in a notice
		change    func(p *bundle.Proof)
	}{
		{"as it is", witnesses, bundle.OK, "by others than the agency and the witnesses that you named", func(*bundle.Proof) {}},
		{"as it is, and no witness named", nil, bundle.OK, "you named no witness", func(*bundle.Proof) {}},
		{"no register, and no witness named", nil, bundle.OK, "does not show that the agency's register has the head", func(p *bundle.Proof) { p.Register = nil }},
		{"nobody cosigned, and no witness named", nil, bundle.OK, "No witness has cosigned", func(p *bundle.Proof) { p.Register.Checkpoint = cut(p.Register.Checkpoint, "example/") }},
		{"no register", witnesses, bundle.Incomplete, "Fetch the proof again", func(p *bundle.Proof) { p.Register = nil }},
		{"nobody cosigned", witnesses, bundle.Incomplete, "no cosignature by a witness that you named", func(p *bundle.Proof) { p.Register.Checkpoint = cut(p.Register.Checkpoint, "example/") }},
		{"only an unknown witness", stranger, bundle.Incomplete, "no cosignature by a witness that you named", func(*bundle.Proof) {}},
		{"a bad cosignature", witnesses, bundle.Tampered, "is not good", func(p *bundle.Proof) {
			other := f.cosign(f.head(evidence.RegisterID(), f.entries), witnessName)
			p.Register.Checkpoint = append(cut(p.Register.Checkpoint, "example/"), other...)
		}},
		{"a bad cosignature by an unknown witness", nil, bundle.OK, "you named no witness", func(p *bundle.Proof) {
			other := f.cosign(f.head(evidence.RegisterID(), f.entries), witnessName)
			p.Register.Checkpoint = append(cut(p.Register.Checkpoint, "example/"), other...)
		}},
		{"a register by another key", nil, bundle.UntrustedKey, "no trusted key signed", func(p *bundle.Proof) {
			p.Register.Checkpoint = must(ledger.SignCheckpoint(t.Context(), must(ledger.ParseCheckpoint(p.Register.Checkpoint)), signer(agency+"/log")))
		}},
		{"a register of another agency", nil, bundle.Tampered, "not of the register", func(p *bundle.Proof) {
			cp := must(ledger.ParseCheckpoint(p.Register.Checkpoint))
			cp.Origin = "agenda.example/register"
			p.Register.Checkpoint = must(ledger.SignCheckpoint(t.Context(), cp, f.log))
		}},
		{"another index", nil, bundle.Tampered, "is not in the log", func(p *bundle.Proof) { p.Register.Index = 2 }},
		{"no inclusion", nil, bundle.Tampered, "is not in the log", func(p *bundle.Proof) { p.Register.Inclusion = nil }},
		{"a head of another case", nil, bundle.Tampered, `its case is`, detail("case", string(evidence.Derive[evidence.CaseID]("x")))},
		{"a head of another log", nil, bundle.Tampered, `its origin is`, detail("origin", "agency.example/case/x")},
		{"a head of another size", nil, bundle.Tampered, `its size is`, detail("size", "28")},
		{"a head with another root", nil, bundle.Tampered, `its root is`, detail("root", strings.Repeat("0", 64))},
		{"a head with another note", nil, bundle.Tampered, `its note_sha256 is`, detail("note_sha256", "")},
		{"another act", nil, bundle.Tampered, "does not record a head", head(func(e *evidence.Entry) { e.Act = evidence.ActAlarm })},
		{"an entry of the case", nil, bundle.Tampered, "does not record a head", head(func(e *evidence.Entry) { e.Case = f.facts.Case.ID })},
		{"a head by a person", nil, bundle.Tampered, "does not record a head", func(p *bundle.Proof) {
			e := must(decoded(p.Register.Entry))
			e.Actor.Service, e.Actor.ID = false, f.actor.ID
			p.Register = f.registered(*p, f.signedBy(f.people[f.actor.ID], e))
		}},
		{"a head that the worker did not sign", nil, bundle.UntrustedKey, "no trusted key of the worker", func(p *bundle.Proof) {
			p.Register = f.registered(*p, f.signedBy(signer(agency+"/worker"), must(decoded(p.Register.Entry))))
		}},
		{"keys that are not introduced", nil, bundle.UntrustedKey, "no trusted key", func(p *bundle.Proof) { p.Keys = nil }},
		{"an introduction that is not signed", nil, bundle.Tampered, "a key entry is not signed", func(p *bundle.Proof) {
			p.Keys[0] = map[string]string{"old": p.Keys[0]["old"], "new": p.Keys[0]["new"], "old_sig": p.Keys[0]["new_sig"], "new_sig": p.Keys[0]["new_sig"]}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := must(bundle.ParseProof(written(t, proof)))
			c.change(&p)
			r := f.verify(t, data, bundle.Options{Proof: written(t, p), Witnesses: c.witnesses})
			said := strings.Join(r.Notices, "\n")
			for _, problem := range r.Problems {
				said += "\n" + problem.What
			}
			if r.Outcome != c.want || !strings.Contains(said, c.words) {
				t.Errorf("outcome %s, want %s and %q: %s", r.Outcome, c.want, c.words, said)
			}
		})
	}
	t.Run("witnesses and no proof", func(t *testing.T) {
		if r := f.verify(t, data, bundle.Options{Witnesses: witnesses}); r.Outcome != bundle.Incomplete {
			t.Errorf("outcome %s: %v", r.Outcome, r.Problems)
		}
	})
}

// cut takes the signature lines that hold a text off a note, but those of the
// agency.
func cut(signed []byte, text string) []byte {
	var left []byte
	for _, line := range bytes.SplitAfter(signed, []byte("\n")) {
		if !bytes.HasPrefix(line, []byte("—")) || !bytes.Contains(line, []byte(text)) || bytes.Contains(line, []byte(agency)) {
			left = append(left, line...)
		}
	}
	return left
}
