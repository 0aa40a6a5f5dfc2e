package attest_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

var (
	worker   = ledger.NewLocalSigner("agency.example/worker/v1", [32]byte{1})
	paula    = ledger.NewLocalSigner("agency.example/person/p-paula/v1", [32]byte{2})
	impostor = ledger.NewLocalSigner("agency.example/person/p-paula/v1", [32]byte{3})
)

// entry returns an unsigned entry whose details try to look like a signature.
func entry(t testing.TB, act evidence.Act, actor evidence.Actor) *evidence.Entry {
	t.Helper()
	id, err := evidence.NewID[evidence.EntryID](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	e, err := evidence.NewEntry(id, evidence.Derive[evidence.CaseID]("c"), act, evidence.At(time.Unix(1_800_000_000, 0)), actor, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	e.Purpose = `,"signature":{"key":"x"},`
	e.Details = map[string]string{"signature": `{"key":"}"}`}
	return &e
}

func person(id evidence.PersonID) evidence.Actor {
	return evidence.Actor{Person: evidence.Person{ID: id, Name: "Paula"}}
}

// roster returns a signed roster that gives Paula her key.
func roster(t testing.TB, signer evidence.Signer, actor evidence.Actor) (evidence.Entry, []byte) {
	t.Helper()
	keys, err := paula.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	e := entry(t, evidence.ActRoster, actor)
	if e.Details, err = attest.WriteRoster([]attest.Listed{{ID: "p-paula", Name: "Paula", Keys: []string{keys[0].VKey()}}}, nil); err != nil {
		t.Fatal(err)
	}
	return *e, sign(t, signer, e)[0]
}

func sign(t testing.TB, signer evidence.Signer, entries ...*evidence.Entry) [][]byte {
	t.Helper()
	raw, err := attest.Sign(t.Context(), signer, entries...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func checker(t *testing.T) *attest.Checker {
	t.Helper()
	keys, err := worker.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return attest.NewAgencyChecker("agency.example", keys)
}

func TestEverySizeOfBatch(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 64, 255, 256} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			list := make([]*evidence.Entry, n)
			for i := range list {
				list[i] = entry(t, evidence.ActSealed, evidence.ServiceActor("worker"))
			}
			c := checker(t)
			for i, raw := range sign(t, worker, list...) {
				var read evidence.Entry
				if err := canon.Unmarshal(raw, &read); err != nil {
					t.Fatal(err)
				}
				if err := c.Check(0, read, raw); err != nil {
					t.Errorf("entry %d: %v", i, err)
				}
			}
		})
	}
}

// TestUnsignedIsCanonical: what was signed is what the entry is without its
// signature, byte for byte.
func TestUnsignedIsCanonical(t *testing.T) {
	e := entry(t, evidence.ActViewed, person("p-paula"))
	want, err := canon.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	raw := sign(t, paula, e)[0]
	got, err := attest.Unsigned(raw)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

// TestSignedIsCanonical: the bytes with the signature are those that canon
// writes, whatever else the entry says.
func TestSignedIsCanonical(t *testing.T) {
	for _, n := range []int{1, 2, 5} {
		list := make([]*evidence.Entry, n)
		for i := range list {
			list[i] = entry(t, evidence.ActAnalysed, evidence.ServiceActor("worker"))
			list[i].Details[`,"tool":{`], list[i].Details["tool"], list[i].Details["type"] = `,"type":"`, "x", `,"tool":{`
			if i%2 == 1 {
				list[i].Tool = &evidence.Tool{Name: `,"type":"`, Version: "1", Parameters: `,"tool":{`}
			}
		}
		for i, raw := range sign(t, worker, list...) {
			want, err := canon.Marshal(list[i])
			if err != nil || !bytes.Equal(raw, want) {
				t.Errorf("entry %d of %d: %v\ngot  %s\nwant %s", i, n, err, raw, want)
			}
		}
	}
}

func TestPersonNeedsRoster(t *testing.T) {
	act := func(signer evidence.Signer, id evidence.PersonID) (evidence.Entry, []byte) {
		e := entry(t, evidence.ActViewed, person(id))
		raw := sign(t, signer, e)[0]
		return *e, raw
	}
	listed, listedRaw := roster(t, worker, evidence.ServiceActor("worker"))
	forged, forgedRaw := roster(t, paula, person("p-paula"))
	byPaula, byPaulaRaw := act(paula, "p-paula")
	byImpostor, byImpostorRaw := act(impostor, "p-paula")
	asOther, asOtherRaw := act(paula, "p-other")
	byWorker, byWorkerRaw := act(worker, "p-paula")
	unsigned := *entry(t, evidence.ActViewed, person("p-paula"))

	c := checker(t)
	wantCode(t, "before the roster", c.Check(0, byPaula, byPaulaRaw), evidence.UntrustedKey)
	wantCode(t, "a roster by a person", c.Check(0, forged, forgedRaw), evidence.Tampered)
	wantCode(t, "the roster", c.Check(0, listed, listedRaw), "")
	wantCode(t, "by the person", c.Check(0, byPaula, byPaulaRaw), "")
	wantCode(t, "by a key of the same name", c.Check(0, byImpostor, byImpostorRaw), evidence.UntrustedKey)
	wantCode(t, "in another's name", c.Check(0, asOther, asOtherRaw), evidence.Tampered)
	wantCode(t, "a person's act by the worker", c.Check(0, byWorker, byWorkerRaw), evidence.UntrustedKey)
	wantCode(t, "not signed", c.Check(0, unsigned, nil), evidence.Malformed)
	machineAsPaula := person("p-paula")
	machineAsPaula.Service = true
	for what, as := range map[string]evidence.Actor{"the machine in her name": machineAsPaula, "she in the machine's name": person("service:worker")} {
		e := entry(t, evidence.ActViewed, as)
		raw := sign(t, map[bool]evidence.Signer{true: worker, false: paula}[as.Service], e)[0]
		wantCode(t, what, c.Check(0, *e, raw), evidence.Tampered)
	}
	for _, act := range evidence.Acts() {
		e := entry(t, act, person("p-paula"))
		err := c.Check(0, *e, sign(t, paula, e)[0])
		if only := attest.OnlyMachine(act); only != strings.Contains(evidence.MessageOf(err), "only the machine does that") {
			t.Errorf("%s by a person: %v, and only the machine does that: %t", act, err, only)
		}
	}
	wantCode(t, "a signature of something else", c.Check(0, byPaula, byImpostorRaw), evidence.Tampered)
}

func TestMovedInBatch(t *testing.T) {
	list := []*evidence.Entry{
		entry(t, evidence.ActSealed, evidence.ServiceActor("worker")),
		entry(t, evidence.ActSealed, evidence.ServiceActor("worker")),
	}
	raw := sign(t, worker, list...)
	for name, change := range map[string]func(*evidence.EntrySignature){
		"another place": func(s *evidence.EntrySignature) { s.Index = 1 },
		"another size":  func(s *evidence.EntrySignature) { s.Size = 3 },
		"alone":         func(s *evidence.EntrySignature) { s.Size, s.Path = 0, nil },
		"too large":     func(s *evidence.EntrySignature) { s.Size = attest.MaxBatch + 1 },
		"another path":  func(s *evidence.EntrySignature) { s.Path = []evidence.Digest{{1}} },
		"short":         func(s *evidence.EntrySignature) { s.Bytes = s.Bytes[:63] },
	} {
		t.Run(name, func(t *testing.T) {
			e := *list[0]
			s := *e.Signature
			change(&s)
			e.Signature = &s
			if err := checker(t).Check(0, e, raw[0]); err == nil {
				t.Error("a changed signature is taken for good")
			}
		})
	}
}

func TestSignRefuses(t *testing.T) {
	one := entry(t, evidence.ActSealed, evidence.ServiceActor("worker"))
	sign(t, worker, one)
	_, err := attest.Sign(t.Context(), worker, one)
	wantCode(t, "twice", err, evidence.Invalid)
	_, err = attest.Sign(t.Context(), worker)
	wantCode(t, "none", err, evidence.Invalid)
}

func TestOriginOf(t *testing.T) {
	for name, want := range map[string]string{
		"agency.example/log/v1": "agency.example", "a/b/worker/v2": "a/b", "agency.example/person/1f-2/v1": "agency.example",
		"agency.example/person/log/v1": "agency.example", "a/person/b/person/c/v1": "a/person/b", "/seal/v1": "", "/person/log/v1": "",
		"person/log/v1": "person", "agency.example": "none", "agency.example/person/v1": "none",
	} {
		if got, ok := attest.OriginOf(name); ok != (want != "none") || ok && got != want {
			t.Errorf("%s: got %q, %t, want %q", name, got, ok, want)
		}
	}
	for origin, want := range map[string]string{"a/case/case-x": "a", "a/case/b/case/case-x": "a/case/b", "a": "a"} {
		if got := attest.AgencyOf(origin); got != want {
			t.Errorf("%s: got %q, want %q", origin, got, want)
		}
	}
}

// TestAgencyChecker: keys of another agency than the log's are not looked at.
func TestAgencyChecker(t *testing.T) {
	keys, err := worker.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	agency, _ := attest.OriginOf(keys[0].Name)
	e := entry(t, evidence.ActSealed, evidence.ServiceActor("worker"))
	raw := sign(t, worker, e)[0]
	wantCode(t, "its own worker", attest.NewAgencyChecker(agency, keys).Check(0, *e, raw), "")
	wantCode(t, "another's worker", attest.NewAgencyChecker("other.example", keys).Check(0, *e, raw), evidence.UntrustedKey)
}

func TestRoleOf(t *testing.T) {
	for name, want := range map[string]attest.Role{
		"agency.example/log/v1": attest.RoleLog, "agency.example/seal/v12": attest.RoleSeal, "a/b/worker/v2": attest.RoleWorker,
		"agency.example/person/1f-2/v1": attest.RolePerson, "agency.example/person/log/v1": attest.RolePerson,
		"agency.example/root/v1": attest.RoleRoot, "agency.example/person/root/v1": attest.RolePerson,
		"agency.example/person/v1": "", "agency.example/log/v0": "", "agency.example/log/v01": "", "agency.example/log": "",
		"log/v1": "", "agency.example/logs/v1": "", "agency.example/person//v1": "",
	} {
		if got, _, ok := attest.RoleOf(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func wantCode(t *testing.T, what string, err error, want evidence.Code) {
	t.Helper()
	if got := evidence.CodeOf(err); got != want {
		t.Errorf("%s: got %q (%v), want %q", what, got, err, want)
	}
}
