package attest_test

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// rotated returns a key of two versions, and both.
func rotated(t *testing.T, name string, seed byte) (key *ledger.LocalKey, versions []evidence.PublicKey) {
	t.Helper()
	key = ledger.NewLocalKey(name, [32]byte{seed})
	key.Rotate()
	versions, err := key.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return key, versions
}

func introduce(t *testing.T, key *ledger.LocalKey, before, after evidence.PublicKey) map[string]string {
	t.Helper()
	details, err := attest.Introduce(t.Context(), key, before, after)
	if err != nil {
		t.Fatal(err)
	}
	return details
}

// trusting returns the log keys that are trusted of these, after key entries with
// such details, and what the last one is faulted for.
func trusting(given []evidence.PublicKey, details ...map[string]string) (keys []evidence.PublicKey, err error) {
	trust := attest.NewTrust("agency.example", given)
	for i, d := range details {
		_, err = trust.Take(int64(i), evidence.Entry{Act: evidence.ActKey, Details: d})
	}
	return trust.For(attest.RoleLog, 0), err
}

func TestTrustFollowsKeyEntries(t *testing.T) {
	key, v := rotated(t, "agency.example/log", 7)
	details := introduce(t, key, v[0], v[1])
	got, err := trusting(v[:1], details)
	if diff := cmp.Diff(v, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	if again, err := trusting(v[:1], details, details); len(again) != 2 || err != nil {
		t.Errorf("introduced twice: %d keys, %v", len(again), err)
	}
	_, other := rotated(t, "agency.example/log", 8)
	if same, err := trusting(other[:1], details); err != nil || len(same) != 1 {
		t.Errorf("by a key that is not trusted: %d keys are trusted, %v", len(same), err)
	}
	for name, change := range map[string]func(d map[string]string){
		"another new key": func(d map[string]string) { d[attest.DetailNew] = other[1].VKey() },
		"another old key": func(d map[string]string) { d[attest.DetailOld] = other[0].VKey() },
		"signed once":     func(d map[string]string) { d[attest.DetailOldSig] = d[attest.DetailNewSig] },
		"not signed":      func(d map[string]string) { delete(d, attest.DetailNewSig) },
		"the other way on": func(d map[string]string) {
			d[attest.DetailOld], d[attest.DetailNew] = d[attest.DetailNew], d[attest.DetailOld]
		},
	} {
		t.Run(name, func(t *testing.T) {
			changed := maps.Clone(details)
			change(changed)
			if got, err := trusting(v[:1], changed); err == nil || len(got) != 1 {
				t.Errorf("%d keys are trusted, %v", len(got), err)
			}
		})
	}
}

func TestIntroduceRefuses(t *testing.T) {
	key, v := rotated(t, "agency.example/log", 7)
	_, other := rotated(t, "agency.example/log", 8)
	_, err := attest.Introduce(t.Context(), key, v[1], v[0])
	wantCode(t, "backwards", err, evidence.Invalid)
	_, err = attest.Introduce(t.Context(), key, other[0], v[1])
	wantCode(t, "a key of somebody else", err, evidence.Internal)
	third := v[1]
	third.Name = "agency.example/log/v3"
	_, err = attest.Introduce(t.Context(), key, v[0], third)
	wantCode(t, "a version that is not there", err, evidence.NotFound)
}

// TestWorkerRotates: whoever trusts the first version believes the second once it
// was introduced, even by an entry that the second signs.
func TestWorkerRotates(t *testing.T) {
	key, v := rotated(t, "agency.example/worker", 7)
	machine := evidence.ServiceActor("worker")
	act := entry(t, evidence.ActSealed, machine)
	actRaw := sign(t, key, act)[0]
	begin := entry(t, evidence.ActKey, machine)
	begin.Details = introduce(t, key, v[0], v[1])
	beginRaw := sign(t, key, begin)[0]

	c := attest.NewAgencyChecker("agency.example", v[:1])
	wantCode(t, "before the key entry", c.Check(0, *act, actRaw), evidence.UntrustedKey)
	wantCode(t, "the key entry", c.Check(0, *begin, beginRaw), "")
	wantCode(t, "after it", c.Check(0, *act, actRaw), "")
	later := attest.NewAgencyChecker("agency.example", v[1:])
	wantCode(t, "the key entry, when only the new version is trusted", later.Check(0, *begin, beginRaw), "")

	_, stranger := rotated(t, "agency.example/worker", 9)
	c = attest.NewAgencyChecker("agency.example", stranger[:1])
	wantCode(t, "the key entry of a key that is not trusted", c.Check(0, *begin, beginRaw), evidence.UntrustedKey)
}

// TestPersonRotates: a roster gives another key only after the person's own
// introduced it.
func TestPersonRotates(t *testing.T) {
	key, v := rotated(t, "agency.example/person/p-paula", 2)
	machine := evidence.ServiceActor("worker")
	list := func(keys ...evidence.PublicKey) (evidence.Entry, []byte) {
		p := attest.Listed{ID: "p-paula", Name: "Paula"}
		for _, k := range keys {
			p.Keys = append(p.Keys, k.VKey())
		}
		e := entry(t, evidence.ActRoster, machine)
		var err error
		if e.Details, err = attest.WriteRoster([]attest.Listed{p}, nil); err != nil {
			t.Fatal(err)
		}
		raw := sign(t, worker, e)[0]
		return *e, raw
	}
	first, firstRaw := list(v[0])
	both, bothRaw := list(v...)
	begin := entry(t, evidence.ActKey, person("p-paula"))
	begin.Details = introduce(t, key, v[0], v[1])
	beginRaw := sign(t, attest.OfVersion(key, v[0]), begin)[0]
	foreign := entry(t, evidence.ActKey, machine)
	foreign.Details = begin.Details
	foreignRaw := sign(t, worker, foreign)[0]
	act := entry(t, evidence.ActViewed, person("p-paula"))
	actRaw := sign(t, key, act)[0]

	c := checker(t)
	wantCode(t, "the first roster", c.Check(0, first, firstRaw), "")
	wantCode(t, "another key that nothing introduced", c.Check(0, both, bothRaw), evidence.Tampered)
	wantCode(t, "a key entry about a person by the worker", c.Check(0, *foreign, foreignRaw), evidence.Tampered)
	wantCode(t, "the key entry", c.Check(0, *begin, beginRaw), "")
	wantCode(t, "an act before the second roster", c.Check(0, *act, actRaw), evidence.UntrustedKey)
	wantCode(t, "the second roster", c.Check(0, both, bothRaw), "")
	wantCode(t, "an act after it", c.Check(0, *act, actRaw), "")
	wantCode(t, "a first roster with two versions", checker(t).Check(0, both, bothRaw), "")
}

func TestVerify(t *testing.T) {
	e := entry(t, evidence.ActViewed, person("p-paula"))
	raw := sign(t, paula, e)[0]
	keys, _ := paula.PublicKeys(t.Context())
	wantCode(t, "by the key", attest.Verify(*e.Signature, raw, keys[0]), "")
	others, _ := impostor.PublicKeys(t.Context())
	wantCode(t, "by another", attest.Verify(*e.Signature, raw, others[0]), evidence.Tampered)
}
