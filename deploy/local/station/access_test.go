package station_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// things are what commands can be about.
type things struct {
	c, number, item, exhibit string
	disclosure               string
}

// reads are the commands that show something, and a few that change it.
func reads(t *testing.T, x things) [][]string {
	export := []string{"--recipient", "r", "--purpose", "p"}
	return [][]string{
		{"case", "show", x.c}, {"case", "show", x.number}, {"case", "log", x.c}, {"case", "log", x.number},
		{"case", "transition", x.c, "closed", "--reason", "r"}, {"case", "add-member", x.c, "sven"},
		{"evidence", "list", "--case", x.c}, {"evidence", "list", "--case", x.number},
		{"evidence", "show", x.item}, {"evidence", "show", x.exhibit}, {"evidence", "log", x.item}, {"evidence", "findings", x.item},
		{"evidence", "verify", x.item}, {"evidence", "get", x.item, "--purpose", "p", "--output", t.TempDir()},
		{"evidence", "add", file(t, "a", []byte("a")), "--case", x.c, "--source", "s"},
		{"bundle", "list", "--case", x.c}, {"bundle", "download", x.disclosure, "--output", t.TempDir()},
		append([]string{"bundle", "export", "--case", x.c}, export...),
	}
}

// TestSomebodyElsesCase asks for a case as a supervisor who is no member of it,
// and for one that does not exist: the answers are the same, word for word.
func TestSomebodyElsesCase(t *testing.T) {
	c := openCase(t)
	it := bring(t, c, file(t, "a.txt", []byte("a")))[0]
	d := ask[evidence.Disclosure](as(t, "paula"), exportArgs(c)...)
	theirs := things{string(c.ID), c.Number, string(it.ID), evidence.ExhibitNumber(c.Number, 1), string(d.ID)}
	nobodys := things{
		string(evidence.Derive[evidence.CaseID]("none")), "2026-9999", string(evidence.Derive[evidence.ItemID]("none")), "2026-9999/E-00001",
		string(evidence.Derive[evidence.DisclosureID]("none")),
	}
	hide := func(o outcome, x things) string {
		return strings.NewReplacer(x.c, "CASE", x.item, "ITEM", x.exhibit, "EXHIBIT", x.disclosure, "DISCLOSURE", x.number, "NUMBER").Replace(o.said())
	}
	before, unknown := logOf(t, c), reads(t, nobodys)
	sven := as(t, "sven")
	for i, args := range reads(t, theirs) {
		one, other := sven.run(args...), sven.run(unknown[i]...)
		if one.code != exitNotFound || other.code != exitNotFound || hide(one, theirs) != hide(other, nobodys) {
			t.Errorf("%s:\nsomebody else's, exit code %d: %s\nnobody's, exit code %d: %s", one.args, one.code, one.said(), other.code, other.said())
		}
	}
	if all := ask[list[struct{ Case evidence.Case }]](sven, "case", "list"); len(all.Items) != 0 {
		t.Errorf("sven sees %+v", all.Items)
	}
	if after := logOf(t, c); len(after) != len(before) {
		t.Errorf("the log grew by %+v", after[len(before):])
	}
}

// TestAdministrator is a member of a case who runs the system: no evidence.
func TestAdministrator(t *testing.T) {
	c := openCase(t)
	it := bring(t, c, file(t, "a.txt", []byte("a")))[0]
	h := ask[evidence.Disclosure](as(t, "paula"), exportArgs(c)...)
	adam := as(t, "adam")
	adam.fails(exitNotFound, "not a member", "evidence", "get", string(it.ID), "--purpose", "p", "--output", t.TempDir())
	ask[any](as(t, "ida"), "case", "add-member", string(c.ID), "adam")
	if o := adam.run("case", "show", string(c.ID)); o.code != 0 {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	for _, args := range [][]string{
		{"evidence", "get", string(it.ID), "--purpose", "p", "--output", t.TempDir()}, {"evidence", "findings", string(it.ID)},
		addArgs(c, file(t, "b.txt", []byte("b"))), exportArgs(c), {"bundle", "download", string(h.ID), "--output", t.TempDir()},
		{"case", "transition", string(c.ID), "closed", "--reason", "r"}, {"case", "open", "adam's"},
	} {
		adam.fails(exitForbidden, "role does not allow", args...)
	}
}

// TestSessionsEnd uses sessions that were ended, that have expired, and that
// never were.
func TestSessionsEnd(t *testing.T) {
	admin := vaultAdmin(t)
	c := openCase(t)
	with := func(token string) outcome {
		cmd := as(t, "aisha").shell.Command(t.Context(), "case", "show", string(c.ID))
		cmd.Env = append(cmd.Env, "SEALCASE_TOKEN="+token)
		return finish(cmd)
	}
	aisha := onWire(t, "aisha")
	if o := with(aisha.token); o.code != exitNotFound { // signed in, and not a member
		t.Fatalf("before: exit code %d:\n%s", o.code, o.said())
	}
	who, err := shared.Person("aisha")
	if err != nil {
		t.Fatal(err)
	}
	signIn := func() string {
		secret, err := admin.Logical().WriteWithContext(t.Context(), "auth/userpass/login/aisha", map[string]any{"password": who.Password})
		if err != nil {
			t.Fatal(err)
		}
		return secret.Auth.ClientToken
	}
	revoked := signIn()
	if err := admin.Auth().Token().RevokeTreeWithContext(t.Context(), revoked); err != nil {
		t.Fatal(err)
	}
	shorten := func(life string) {
		if _, err := admin.Logical().WriteWithContext(t.Context(), "auth/userpass/users/aisha", map[string]any{"token_ttl": life, "token_max_ttl": life}); err != nil {
			t.Fatal(err)
		}
	}
	shorten("2s")
	expired := signIn()
	shorten("0s")
	if o := with(expired); o.code != exitNotFound { // the API has seen it good
		t.Errorf("a short session: exit code %d:\n%s", o.code, o.said())
	}
	until(t, "the short session is over", patience, func() bool {
		return with(expired).code == exitForbidden
	})
	if r := aisha.send(http.MethodDelete, "/session", nil, nil); r.status >= 300 {
		t.Errorf("signing out: %d %s", r.status, r.body)
	}
	delete(shells, "aisha")
	for name, token := range map[string]string{"ended": aisha.token, "revoked": revoked, "expired": expired, "invented": "hvs.invented"} {
		if o := with(token); o.code != exitForbidden || !strings.Contains(strings.ToLower(o.said()), "sign in") {
			t.Errorf("%s: exit code %d:\n%s", name, o.code, o.said())
		}
	}
	nobody := as(t, "aisha").shell.Command(t.Context(), "case", "list")
	nobody.Env = append(nobody.Env, "SEALCASE_CONFIG_DIR="+t.TempDir())
	if o := finish(nobody); o.code != exitForbidden || !strings.Contains(o.said(), "sealcase login") {
		t.Errorf("not signed in: exit code %d:\n%s", o.code, o.said())
	}
}

func vaultAdmin(t *testing.T) *api.Client {
	t.Helper()
	config := api.DefaultConfig()
	config.Address = shared.Servers.VaultAddr
	client, err := api.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	client.SetToken(shared.Servers.VaultRootToken)
	return client
}
