package app_test

import (
	"crypto/rand"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/vault"
)

// signedBy checks every entry of a case's log and returns the acts of each
// person, and of the machine under "".
func (in *installation) signedBy(t *testing.T, c evidence.CaseID) map[string][]evidence.Act {
	t.Helper()
	a := in.open(t, vault.ServiceAPI)
	keys, err := a.Rooms.Clerk.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	session, err := a.Vault.Identify(t.Context(), in.token(t, "investigator"))
	if err != nil {
		t.Fatal(err)
	}
	checker, acts := attest.NewAgencyChecker(in.config.Origin, keys), map[string][]evidence.Act{}
	for from, size := int64(0), int64(1); from < size; {
		var page []evidence.LogEntry
		page, size, err = a.Rooms.Custody.LogPage(t.Context(), evidence.Actor{Person: session.Person}, c, from, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page {
			if err := checker.Check(e.Index, e.Entry, e.Raw); err != nil {
				t.Fatalf("entry %d, %s by %s: %v", e.Index, e.Entry.Act, e.Entry.Actor.Name, err)
			}
			who := in.whoseKey(t, a, e.Entry)
			acts[who] = append(acts[who], e.Entry.Act)
		}
		from += int64(len(page))
	}
	return acts
}

// whoseKey returns the login of the person whose key, as Vault has it, signed
// the entry; "" for the worker.
func (in *installation) whoseKey(t *testing.T, a *app.App, e evidence.Entry) string {
	t.Helper()
	if e.Actor.Service {
		return ""
	}
	keys, err := a.Vault.PersonKeys(t.Context(), e.Actor.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(keys, func(k evidence.PublicKey) bool { return k.ID() == e.Signature.Key }) {
		t.Fatalf("%s by %s is signed with %s, which Vault does not have as theirs", e.Act, e.Actor.Name, e.Signature.Key)
	}
	for _, role := range evidence.Roles() {
		if p, err := a.Vault.FindPerson(t.Context(), string(role)); err == nil && p.ID == e.Actor.ID {
			return string(role)
		}
	}
	t.Fatalf("nobody has the ID %s", e.Actor.ID)
	return ""
}

// signedTest looks at the log of the main job: each act is signed by whoever
// acted.
func signedTest(t *testing.T, in *installation, c evidence.Case) {
	acts := in.signedBy(t, c.ID)
	for who, want := range map[string][]evidence.Act{
		"":             {evidence.ActRoster, evidence.ActSealed, evidence.ActAnalysed, evidence.ActIntakeClosed, evidence.ActVerified, evidence.ActDisclosed},
		"investigator": {evidence.ActOpened, evidence.ActMemberAdded},
		"examiner":     {evidence.ActIntakeOpened, evidence.ActReceived, evidence.ActDownloaded},
		"prosecutor":   {evidence.ActRequested, evidence.ActFetched},
	} {
		for _, act := range want {
			if !slices.Contains(acts[who], act) {
				t.Errorf("%q did not sign %s, only %v", who, act, acts[who])
			}
		}
		for other, signed := range acts {
			if other != who && slices.ContainsFunc(signed, func(a evidence.Act) bool { return slices.Contains(want, a) }) {
				t.Errorf("%q signed what is an act of %q: %v", other, who, signed)
			}
		}
	}
}

// TestNobodyActsForAPerson has all that a process of ours holds, and no token
// of the person: nothing gets on record in the person's name.
func TestNobodyActsForAPerson(t *testing.T) {
	in := install(t)
	run := in.as(t, "investigator")
	c := ask[evidence.Case](t, run, "case", "open", "Forgery", "--member", "examiner")
	file := filepath.Join(t.TempDir(), "a")
	write(t, file, []byte("a"))
	ask[receipt](t, run, "evidence", "add", file, "--case", c.Number, "--source", "x")
	api := in.open(t, vault.ServiceAPI)
	investigator, err := api.Vault.Identify(t.Context(), in.token(t, "investigator"))
	if err != nil {
		t.Fatal(err)
	}
	id := investigator.Person.ID
	before := len(in.signedBy(t, c.ID)["investigator"])
	for name, test := range map[string]struct {
		service string
		signer  func(*app.App) evidence.Signer
	}{
		"the API without a token": {vault.ServiceAPI, func(*app.App) evidence.Signer { return nil }},
		"the API with its own token": {vault.ServiceAPI, func(a *app.App) evidence.Signer {
			return a.Vault.PersonSigner(in.serviceToken(t, vault.ServiceAPI), id)
		}},
		"the API with another person's token": {vault.ServiceAPI, func(a *app.App) evidence.Signer {
			return a.Vault.PersonSigner(in.token(t, "examiner"), id)
		}},
		"the API with another person's key": {vault.ServiceAPI, func(a *app.App) evidence.Signer {
			examiner, err := a.Vault.Identify(t.Context(), in.token(t, "examiner"))
			if err != nil {
				t.Fatal(err)
			}
			return a.Vault.PersonSigner(in.token(t, "examiner"), examiner.Person.ID)
		}},
		"the API with a key that it made up": {vault.ServiceAPI, func(*app.App) evidence.Signer {
			return ledger.NewLocalSigner(in.config.Origin+"/person/"+string(id)+"/v1", [32]byte{1})
		}},
		"the API with the key of logs": {vault.ServiceAPI, func(a *app.App) evidence.Signer { return a.Vault.Signer(vault.KeyLog) }},
		"the worker with its own token": {vault.ServiceWorker, func(a *app.App) evidence.Signer {
			return a.Vault.PersonSigner(in.serviceToken(t, vault.ServiceWorker), id)
		}},
		"the worker with its key": {vault.ServiceWorker, func(a *app.App) evidence.Signer { return a.Vault.Signer(vault.KeyWorker) }},
	} {
		t.Run(name, func(t *testing.T) {
			a := in.open(t, test.service)
			actor := evidence.Actor{Person: investigator.Person, Signer: test.signer(a)}
			request := intake.Request{ID: evidence.Derive[evidence.IntakeID](rand.Text()), Case: c.ID, Source: "forged"}
			if _, err := a.Rooms.Intakes.OpenIntake(t.Context(), actor, request); err == nil {
				t.Error("it got on record")
			}
			if _, err := a.Rooms.Custody.Sign(t.Context(), actor, custody.Wish{Case: c.ID, Say: act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, Purpose: "forged"}); err == nil {
				t.Error("it was signed")
			}
		})
	}
	t.Run("the API as the machine", func(t *testing.T) {
		if _, err := api.Vault.Signer(vault.KeyWorker).Sign(t.Context(), []byte("x")); err == nil {
			t.Error("it signed")
		}
		if err := api.Rooms.Clerk.RecordRoster(t.Context(), evidence.ServiceActor("worker"), c.ID, id); err == nil {
			t.Error("it got on record")
		}
	})
	if after := len(in.signedBy(t, c.ID)["investigator"]); after != before {
		t.Errorf("the investigator had %d acts, now has %d", before, after)
	}
}

// serviceToken signs in to Vault as one of our processes.
func (in *installation) serviceToken(t *testing.T, service string) string {
	t.Helper()
	role, err := in.identity(service).Role(service)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := vault.NewAdmin(in.config.VaultAddr, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := raw.Logical().WriteWithContext(t.Context(), "auth/"+in.config.Vault.Prefix+"approle/login",
		map[string]any{"role_id": role.RoleID, "secret_id": role.SecretID})
	if err != nil {
		t.Fatal(err)
	}
	return secret.Auth.ClientToken
}
