package station_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// TestVaultSealed seals Vault: what needs it says so and can be repeated, what
// arrives is kept unsealed, and after the unsealing everything goes on by
// itself.
func TestVaultSealed(t *testing.T) {
	c := openCase(t)
	before := bring(t, c, file(t, "before.txt", []byte("before")))
	emil, paula, eye := as(t, "emil"), as(t, "paula"), onWire(t, "paula")
	if err := shared.Servers.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // also when the test fails: the others need Vault
		if err := shared.Servers.Unseal(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	who, err := shared.Person("aisha")
	if err != nil {
		t.Fatal(err)
	}
	r := wire{t, ""}.send(http.MethodPost, "/session", nil, `{"login":"aisha","password":"`+who.Password+`","client":"cli"}`)
	if r.status != http.StatusServiceUnavailable || r.problem().Code != evidence.Sealed {
		t.Errorf("signing in: %d %s", r.status, r.body)
	}
	if _, err := shared.SignIn(t.Context(), "aisha"); err == nil || !strings.Contains(err.Error(), "exit status 7") || !strings.Contains(err.Error(), "Vault is sealed") {
		t.Errorf("signing in at the command line: %v", err)
	}
	// A session that the API has just seen stays good for half a minute; what
	// it does is taken as long as nothing must be signed for it.
	meanwhile := file(t, "meanwhile.txt", []byte("meanwhile"))
	if o := emil.run(append(addArgs(c, meanwhile), "--no-wait")...); o.code != 0 {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	if items := itemsOf(t, c); len(items) != 2 || items[1].State != evidence.ItemReceived {
		t.Errorf("the items are %+v", items)
	}
	if o := emil.run("evidence", "verify", string(before[0].ID)); o.code != 0 {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	r = eye.send(http.MethodPost, "/cases/"+string(c.ID)+"/disclosures", http.Header{"Idempotency-Key": {"sealed"}},
		`{"title":"t","recipient":"r","purpose":"p"}`)
	if r.status != http.StatusServiceUnavailable || r.problem().Code != evidence.Sealed {
		t.Errorf("a disclosure: %d %s", r.status, r.body)
	}
	if o := <-paula.startFor(3*time.Second, exportArgs(c)...); !strings.Contains(o.stderr, "Waiting: Vault is sealed") {
		t.Errorf("%s does not say what it waits for:\n%s", o.args, o.said())
	}
	if all, _ := see[list[evidence.Disclosure]](eye, "/cases/"+string(c.ID)+"/disclosures"); len(all.Items) > 0 {
		t.Errorf("a disclosure that was refused is on record: %+v", all.Items)
	}
	if err := shared.Servers.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	until(t, "what came meanwhile is sealed by itself", patience, func() bool {
		return itemsOf(t, c)[1].State == evidence.ItemSealed
	})
	until(t, "it is analysed", patience, func() bool { return count(logOf(t, c), evidence.ActAnalysed) == 2 })
	wantVerified(t, disclose(t, c))
}
