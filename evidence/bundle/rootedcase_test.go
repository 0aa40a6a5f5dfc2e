package bundle_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// statement returns an entry with a statement of a root about the agency's keys:
// every version counts from the year 0 on.
func (f *fixture) statement(root evidence.Signer, serial int64, change func(s *attest.Statement)) evidence.Entry {
	f.serial = max(f.serial, serial)
	s := attest.Statement{Agency: f.agency, At: f.tick(), Serial: serial, Type: attest.StatementType}
	for _, k := range publicKeys(f.log, f.seal, f.worker) {
		s.Keys = append(s.Keys, attest.StatedKey{From: evidence.At(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), Key: k.VKey()})
	}
	if change != nil {
		change(&s)
	}
	e := f.machine(evidence.ActKeysStated)
	e.Details = must(attest.SignStatement(context.Background(), root, s)).Details()
	return e
}

// revoke has a statement revoke every first version of a key, and Erin's key that
// was rotated, from an instant on.
func revoke(at evidence.Instant) func(s *attest.Statement) {
	return func(s *attest.Statement) {
		for i := range s.Keys {
			if k := must(evidence.ParseVKey(s.Keys[i].Key)); strings.HasSuffix(k.Name, "/v1") {
				s.Keys[i].Revoked = &attest.Revocation{From: at, Reason: "A laptop with Vault's token was lost"}
			}
		}
	}
}

// rootKey returns a root of the fixture's agency.
func (f *fixture) rootKey(version byte) *ledger.LocalSigner {
	seed := f.seed
	seed[1], seed[2] = 5, version
	return ledger.NewLocalSigner(f.agency+"/root/v"+string('0'+version), seed)
}

// rootedCase returns a case of an agency with a root: it states the keys, then
// their second versions, then that the first versions are revoked. between is what
// happens before that.
func rootedCase(between func(f *fixture)) *fixture {
	f := newFixture(41)
	root := f.rootKey(1)
	f.trusted = publicKeys(root)
	f.append(f.statement(root, 1, nil))
	f.transition(f.actor, evidence.StateOpen)
	f.disclose("before.txt", []byte("received and sealed by the first keys"))
	between(f)
	for _, k := range []*ledger.LocalKey{f.log, f.seal, f.worker} {
		k.Rotate()
	}
	f.append(f.statement(root, 3, revoke(f.tick()))) // number 2 was never installed
	f.disclose("after.txt", []byte("received and sealed by the second keys"))
	f.append(f.says(f.lawyer, act.Viewed{Offset: 0, Bytes: 1}))
	return f.close()
}

// TestRootedCase is judged by whoever has the root, its successor, or the keys
// alone, and by whoever has neither.
func TestRootedCase(t *testing.T) {
	f := rootedCase(func(f *fixture) { f.discloseEarlier("earlier") })
	f.facts.Keys = append(publicKeys(f.rootKey(1)), f.facts.Keys...)
	_, err := bundle.Write(t.Context(), &strings.Builder{}, f, nil)
	if evidence.CodeOf(err) != evidence.UntrustedKey {
		t.Errorf("without the newest statement a rooted bundle is written: %v", err)
	}
	stated := attest.SignedFrom(must(decoded(f.entries[f.indexOf(evidence.ActKeysStated, 1)])).Details)
	f.facts.Stated = &stated
	data, s := f.write(t)
	c := newCourt(t)
	judge := func(what string, trusted []evidence.PublicKey, proof []byte, want bundle.Outcome) bundle.Report {
		t.Helper()
		reader := *f
		reader.trusted = trusted
		if got := c.judgeAt(c.benches[0], &reader, mutation{name: what, data: data, proof: proof, alone: true}); got != want {
			t.Errorf("%s: %s, want %s: %v", what, got, want, reader.verify(t, data, bundle.Options{Proof: proof}).Problems)
		}
		return reader.verify(t, data, bundle.Options{Proof: proof})
	}
	keys := publicKeys(f.log, f.seal, f.worker)
	report := judge("the root", f.trusted, nil, bundle.OK)
	if notices := strings.Join(report.Notices, "\n"); !strings.Contains(notices, "the newest statement is number 3 of") || strings.Contains(notices, "not among those that you trust") {
		t.Errorf("it is told that\n%s", notices)
	}
	judge("the keys alone, as before there was a root", keys, nil, bundle.OK)
	judge("the first versions alone: no key entry introduces the second", []evidence.PublicKey{keys[0], keys[2], keys[4]}, nil, bundle.UntrustedKey)
	judge("the root of another key", publicKeys(ledger.NewLocalSigner(f.agency+"/root/v1", [32]byte{77})), nil, bundle.UntrustedKey)
	judge("another agency's root", publicKeys(ledger.NewLocalSigner("other.example/root/v1", [32]byte{78})), nil, bundle.UntrustedKey)
	judge("another agency's root beside it", append(publicKeys(ledger.NewLocalSigner("other.example/root/v1", [32]byte{78})), f.trusted...), nil, bundle.OK)
	judge("the keys beside another root: they are not looked at", append(publicKeys(ledger.NewLocalSigner(f.agency+"/root/v1", [32]byte{77})), keys...), nil, bundle.UntrustedKey)

	judge("with its proof", f.trusted, f.prove(t, s), bundle.OK)
	f.root3(t, s, judge)
}

// root3 has proofs of a day when the keys were rotated once more.
func (f *fixture) root3(t *testing.T, s bundle.Summary, judge func(string, []evidence.PublicKey, []byte, bundle.Outcome) bundle.Report) {
	old := *f
	before := f.proofOf(s)
	for _, k := range []*ledger.LocalKey{f.log, f.worker} {
		k.Rotate()
	}
	later := attest.SignedFrom(f.statement(f.rootKey(1), 4, func(s *attest.Statement) {
		for i := range s.Keys {
			if strings.Contains(s.Keys[i].Key, "/v2+") {
				s.Keys[i].Revoked = &attest.Revocation{From: f.tick(), Reason: "Retired"}
			}
		}
	}).Details)
	p := f.proofOf(s)
	p.Register = f.registered(p, f.registerEntry(f.facts.Case.ID, p.Checkpoint))
	judge("a proof by keys that nobody stated", old.trusted, written(t, p), bundle.UntrustedKey)
	p.Stated = []attest.Signed{later}
	judge("a proof by keys that were stated since", old.trusted, written(t, p), bundle.OK)
	before.Stated = p.Stated
	judge("a proof whose head is by a key that was revoked since", old.trusted, written(t, before), bundle.UntrustedKey)
	p.Stated = []attest.Signed{later, later}
	judge("a statement twice", old.trusted, written(t, p), bundle.Tampered)
	forged := later
	forged.Signature = strings.ToUpper(forged.Signature)
	p.Stated = []attest.Signed{forged}
	judge("a statement that the root did not sign", old.trusted, written(t, p), bundle.Tampered)
	p.Stated = []attest.Signed{{Root: later.Root, Signature: later.Signature, Statement: "{}"}}
	judge("no statement", old.trusted, written(t, p), bundle.Malformed)
	p.Stated, p.Keys = []attest.Signed{later}, []map[string]string{{"old": "", "new": "", "old_sig": "", "new_sig": ""}}
	judge("a key that does not prove itself", old.trusted, written(t, p), bundle.Malformed)
}

// TestForgedRoot has a thief of every key of the agency but its root's, who knows
// what people sign, change the log: whoever has the root sees it.
func TestForgedRoot(t *testing.T) {
	f := rootedCase(func(f *fixture) { f.append(f.machine(evidence.ActVerified)) })
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python, page := startPython(t), startPage(t, buildPage(t))
	root, thief := f.rootKey(1), ledger.NewLocalSigner(agency+"/log/v3", [32]byte{66})
	first := func(k *ledger.LocalKey) evidence.Signer { return attest.OfVersion(k, publicKeys(k)[0]) }
	second := f.indexOf(evidence.ActKeysStated, 1)
	from := must(attest.SignedFrom(must(decoded(f.entries[second])).Details).Read()).Keys[0].Revoked.From
	restate := func(r *relog, by evidence.Signer, signed attest.Signed) {
		r.edit(second, by, func(e *evidence.Entry) { e.Details = signed.Details() })
	}
	stated := func(by evidence.Signer, serial int64, change func(s *attest.Statement)) attest.Signed {
		return attest.SignedFrom(f.statement(by, serial, change).Details)
	}
	for _, c := range []struct {
		name   string
		want   bundle.Outcome
		words  string
		change func(r *relog)
	}{
		{"a key that the worker's key introduces", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
			after := publicKeys(ledger.NewLocalSigner(agency+"/worker/v3", [32]byte{66}))[0]
			before := publicKeys(f.worker)[1]
			text := attest.KeyText(before, after)
			r.edit(second-1, f.worker, func(e *evidence.Entry) {
				e.Act, e.Actor, e.Purpose = evidence.ActKey, evidence.EntryActor{ID: "service:worker", Name: "worker", Service: true}, ""
				e.Details = map[string]string{
					attest.DetailOld: before.VKey(), attest.DetailNew: after.VKey(),
					attest.DetailOldSig: signature(f.worker, text), attest.DetailNewSig: signature(ledger.NewLocalSigner(after.Name, [32]byte{66}), text),
				}
			})
			r.edit(r.find(`"act":"sealed"`, second), ledger.NewLocalSigner(after.Name, [32]byte{66}), func(*evidence.Entry) {})
		}},
		{"a statement by a root of the thief's", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
			restate(r, f.worker, stated(ledger.NewLocalSigner(agency+"/root/v1", [32]byte{67}), 9, nil))
		}},
		{"a statement in the root's name", bundle.Tampered, "is not signed by agency.example/root/v1", func(r *relog) {
			s := stated(root, 9, nil)
			s.Signature = signature(f.worker, attest.StatementText(s.Statement))
			restate(r, f.worker, s)
		}},
		{"a statement that was changed", bundle.Tampered, "is not signed by agency.example/root/v1", func(r *relog) {
			s := attest.SignedFrom(must(decoded(r.lines[second])).Details)
			s.Statement = strings.Replace(s.Statement, "was lost", "was kept", 1)
			restate(r, f.worker, s)
		}},
		{"an older statement again", bundle.Tampered, "an older one was put over a newer one", func(r *relog) {
			restate(r, first(f.worker), attest.SignedFrom(must(decoded(r.lines[f.indexOf(evidence.ActKeysStated, 0)])).Details))
		}},
		{"a statement of another agency's root", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
			s := stated(root, 9, nil)
			s.Root = strings.Replace(s.Root, agency, "other.example", 1)
			restate(r, f.worker, s)
		}},
		{"a statement that cannot be read", bundle.Malformed, "a statement of keys cannot be read", func(r *relog) {
			restate(r, f.worker, attest.Signed{Root: stated(root, 9, nil).Root, Statement: "{}"})
		}},
		{"a statement by a person", bundle.Tampered, "only the machine does that", func(r *relog) {
			r.edit(second, f.people[f.actor.ID], func(e *evidence.Entry) { e.Actor = as(f.actor) })
		}},
		{"the statement that names the new keys withheld", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) { r.withhold(second) }},
		{"an act by the revoked key, behind the revocation", bundle.UntrustedKey, "was revoked", func(r *relog) {
			r.edit(r.find(`"act":"sealed"`, second), first(f.worker), func(*evidence.Entry) {})
		}},
		{"one that is backdated", bundle.UntrustedKey, "was revoked before this entry", func(r *relog) {
			r.edit(r.find(`"act":"received"`, second), first(f.worker), func(e *evidence.Entry) {
				e.Actor = evidence.EntryActor{ID: "service:worker", Name: "worker", Service: true}
				e.At = evidence.At(from.Time().Add(-time.Hour))
			})
		}},
		{"an act by the revoked key before the entry that revokes it, of a later time", bundle.UntrustedKey, "was revoked from", func(r *relog) {
			r.edit(r.find(`"act":"sealed"`, 0), first(f.worker), func(e *evidence.Entry) { e.At = from })
		}},
		{"a key that is stated from a later time on", bundle.UntrustedKey, "and no earlier", func(r *relog) {
			restate(r, f.worker, stated(root, 9, func(s *attest.Statement) {
				for i := range s.Keys {
					s.Keys[i].From = evidence.At(f.now)
				}
			}))
			r.edit(f.indexOf(evidence.ActKeysStated, 0), first(f.worker), func(e *evidence.Entry) { e.Act, e.Details = evidence.ActVerified, nil })
		}},
		{"a head by the revoked key", bundle.UntrustedKey, "no trusted key signed", func(r *relog) { r.head = first(f.log) }},
		{"a head by a key that nobody stated", bundle.UntrustedKey, "no trusted key signed", func(r *relog) { r.head = thief }},
		{"a person's key revoked", bundle.UntrustedKey, "was revoked", func(r *relog) {
			pia := publicKeys(f.people[f.lawyer.ID])[0]
			restate(r, f.worker, stated(root, 9, func(s *attest.Statement) {
				revoke(from)(s)
				s.Keys = append(s.Keys, attest.StatedKey{
					From: f.facts.Case.OpenedAt, Key: pia.VKey(), Revoked: &attest.Revocation{From: evidence.At(from.Time().Add(time.Hour * 24 * 365)), Reason: "Left"},
				})
			}))
		}},
		{"the root handed over, and the old one again", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
			r.edit(f.indexOf(evidence.ActKeysStated, 0), first(f.worker), func(e *evidence.Entry) {
				e.Details = stated(root, 2, func(s *attest.Statement) {
					s.Next = publicKeys(f.rootKey(2))[0].VKey()
					s.Keys = []attest.StatedKey{s.Keys[0], s.Keys[2], s.Keys[4]}
				}).Details()
			})
		}},
		{"the root handed over", "", "", func(r *relog) {
			r.edit(f.indexOf(evidence.ActKeysStated, 0), first(f.worker), func(e *evidence.Entry) {
				e.Details = stated(root, 2, func(s *attest.Statement) { s.Next = publicKeys(f.rootKey(2))[0].VKey() }).Details()
			})
			restate(r, f.worker, stated(f.rootKey(2), 9, revoke(from)))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := relogged(t, f, good, c.change)
			want := c.want
			if want == "" {
				want = bundle.OK
				if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK {
					t.Errorf("%s: %v", r.Outcome, r.Problems)
				}
			} else {
				expect(t, f, m, want, c.words, nil)
			}
			python.agrees(t, f, m, want)
			page.agrees(t, f, m, want)
		})
	}
	t.Run("a seal by the revoked key", func(t *testing.T) {
		m := good.clone()
		m.t = t
		const seal2 = "custody/seals/E-00002.dsse.json"
		m.set(seal2, sealBy(f, first(f.seal), f.items[1]))
		m.fixManifests()
		expect(t, f, m, bundle.Tampered, "the seal does not open", nil)
		python.agrees(t, f, m, bundle.Tampered) // the log names another seal as well
		page.agrees(t, f, m, bundle.Tampered)
	})
}

// signature returns a signature by somebody, in base64.
func signature(by evidence.Signer, text []byte) string {
	return base64.StdEncoding.EncodeToString(must(by.Sign(context.Background(), text))[0].Bytes)
}

// indexOf returns the index of the n-th entry of an act, from 0.
func (f *fixture) indexOf(a evidence.Act, n int) int {
	for i, raw := range f.entries {
		if must(decoded(raw)).Act != a {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	panic("there is no such entry")
}
