package station_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// TestVaultSealed seals Vault: what people do is refused with words that say
// why, and nothing of it is on record, for nobody can sign it. After the
// unsealing everything goes on by itself.
func TestVaultSealed(t *testing.T) {
	c := openCase(t)
	before := bring(t, c, file(t, "before.txt", []byte("before")))
	emil, paula := as(t, "emil"), as(t, "paula")
	hand, eye, ida := anew(t, "emil"), anew(t, "paula"), anew(t, "ida")
	intake, begun := hand.intake(c), actsOfPeople(logOf(t, c))
	if err := shared.Servers.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // also when the test fails: the others need Vault
		if err := shared.Servers.Unseal(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	nobodySignsIn(t)
	// A session that the API has just seen stays good for half a minute, to look
	// at what needs no signature.
	content := []byte("by hand")
	for name, r := range map[string]reply{
		"bringing in": hand.upload(intake, "hand.txt", content, evidence.Sum(content)),
		"an intake":   hand.send(http.MethodPost, "/cases/"+string(c.ID)+"/intakes", nil, `{"source":"sealed"}`),
		"reading":     eye.send(http.MethodPost, "/evidence/"+string(before[0].ID)+"/tickets", nil, `{"purpose":"sealed"}`),
		"a disclosure": eye.send(http.MethodPost, "/cases/"+string(c.ID)+"/disclosures", http.Header{"Idempotency-Key": {"sealed"}},
			`{"title":"t","recipient":"r","purpose":"p"}`),
		"a member": ida.send(http.MethodPost, "/cases/"+string(c.ID)+"/members", nil, `{"login":"sven"}`),
	} {
		if r.status != http.StatusServiceUnavailable || r.problem().Code != evidence.Sealed {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	verified := emil.start("evidence", "verify", string(before[0].ID))
	added := emil.start(addArgs(c, file(t, "meanwhile.txt", []byte("meanwhile")))...)
	if o := <-paula.startFor(3*time.Second, exportArgs(c)...); !strings.Contains(o.stderr, "Waiting: Vault is sealed") {
		t.Errorf("%s does not say what it waits for:\n%s", o.args, o.said())
	}
	if all, ok := see[list[evidence.Disclosure]](eye, "/cases/"+string(c.ID)+"/disclosures"); !ok || len(all.Items) > 0 {
		t.Errorf("a disclosure that was refused is on record: %+v", all.Items)
	}
	log, ok := see[list[evidence.LogEntry]](ida, "/cases/"+string(c.ID)+"/log?limit=256")
	if now := actsOfPeople(log.Items); !ok || now != begun {
		t.Errorf("%d acts of people are on record that nobody can have signed", now-begun)
	}
	if err := shared.Servers.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, o := range []outcome{<-verified, <-added} {
		if o.code != 0 {
			t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
		}
	}
	if items := itemsOf(t, c); len(items) != 2 || items[1].State != evidence.ItemSealed {
		t.Errorf("the items are %+v", items)
	}
	until(t, "what came meanwhile is analysed", patience, func() bool { return count(logOf(t, c), evidence.ActAnalysed) == 2 })
	wantVerified(t, disclose(t, c))
}

// nobodySignsIn tries with the right password, and reads why it does not do.
func nobodySignsIn(t *testing.T) {
	t.Helper()
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
}

// actsOfPeople counts the entries that people signed.
func actsOfPeople(log []evidence.LogEntry) (n int) {
	for _, e := range log {
		if !e.Entry.Actor.Service {
			n++
		}
	}
	return n
}
