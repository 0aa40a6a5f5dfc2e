package bundle_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestForgedAgency has another agency, which the reader trusts as well, sign for
// this one.
func TestForgedAgency(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	other := func(role string) *ledger.LocalKey { return ledger.NewLocalKey("other.example/"+role, [32]byte{99}) }
	reader := *f
	for _, role := range []string{"log", "seal", "worker"} {
		reader.trusted = append(reader.trusted[:len(reader.trusted):len(reader.trusted)], publicKeys(other(role))...)
	}
	erin := publicKeys(other("person/person-erin"))[0]
	for _, c := range []struct {
		name   string
		words  string
		change func(r *relog)
	}{
		{"the head", "no trusted key signed", func(r *relog) { r.head = other("log") }},
		{"an act of the machine", "no trusted key of the worker", func(r *relog) {
			r.edit(r.find(`"act":"quarantined"`, 0), other("worker"), func(*evidence.Entry) {})
		}},
		{"an act of a person", "which no roster before it names", func(r *relog) {
			roster := r.find(`"act":"roster"`, 1)
			r.edit(roster, f.worker, func(e *evidence.Entry) {
				people, keys, err := attest.ReadRoster(e.Details)
				people[0].Keys = append(people[0].Keys, erin.VKey())
				e.Details = must(attest.WriteRoster(people, keys))
				if err != nil {
					t.Error(err)
				}
			})
			r.edit(r.find(`"act":"viewed"`, roster), other("person/person-erin"), func(*evidence.Entry) {})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := relogged(t, f, good, c.change)
			expect(t, &reader, m, bundle.UntrustedKey, c.words, nil)
			python.agrees(t, &reader, m, bundle.UntrustedKey)
		})
	}
	t.Run("nobody but another agency is trusted", func(t *testing.T) {
		stranger := reader
		stranger.trusted = reader.trusted[len(f.trusted):]
		expect(t, &stranger, good, bundle.UntrustedKey, "no trusted key", nil)
		python.agrees(t, &stranger, good, bundle.UntrustedKey)
	})
	t.Run("others are trusted, and did not sign", func(t *testing.T) {
		if r := reader.verify(t, data, bundle.Options{}); r.Outcome != bundle.OK {
			t.Errorf("%s: %v", r.Outcome, r.Problems)
		}
		python.agrees(t, &reader, good, bundle.OK)
	})
	t.Run("a seal", func(t *testing.T) {
		m := good.clone()
		m.t = t
		m.set(seal1, sealBy(f, other("seal"), f.items[0]))
		m.fixManifests()
		expect(t, &reader, m, bundle.Tampered, "the seal does not open", nil)
		python.agrees(t, &reader, m, bundle.Tampered)
	})
}
