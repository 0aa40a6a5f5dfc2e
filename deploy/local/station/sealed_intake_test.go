package station_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// sealedFor stands for ten minutes: whatever waits for Vault tries again every
// few seconds, and has no other clock.
const sealedFor = 15 * time.Second

// TestVaultSealedInMidIntake seals Vault for a while as a few hundred files come
// in. Nobody's act is put on record that nobody could sign, nothing that is not
// sealed can be asked for, and afterwards the machine's acts that waited are on
// record, once each, under a signed head.
func TestVaultSealedInMidIntake(t *testing.T) {
	folder, want := seized(t, 230)
	c := openCase(t)
	eye := onWire(t, "paula")
	delivery := as(t, "emil").start(addArgs(c, folder)...)
	until(t, "the delivery is under way", patience, func() bool {
		now, ok := see[caseView](eye, "/cases/"+string(c.ID))
		return ok && now.Items >= 40
	})
	eye = anew(t, "paula")
	sealVault(t)
	before := logSize(t, eye, c)
	for same := 0; same < 4; same++ { // what was signed when Vault was sealed gets on record
		time.Sleep(500 * time.Millisecond)
		if now := logSize(t, eye, c); now != before {
			before, same = now, 0
		}
	}
	ask := func() reply {
		return eye.send(http.MethodPost, "/cases/"+string(c.ID)+"/disclosures", http.Header{"Idempotency-Key": {"in mid-intake"}},
			`{"title":"t","recipient":"r","purpose":"p"}`)
	}
	time.Sleep(sealedFor)
	if r := ask(); r.status != http.StatusServiceUnavailable && r.status != http.StatusConflict {
		t.Errorf("a disclosure of what is not sealed: %d %s", r.status, r.body)
	}
	if after := logSize(t, eye, c); after != before {
		t.Errorf("%d entries came on record while nobody could sign", after-before)
	}
	unsealVault(t)
	delivered(t, c, folder, delivery)
	settled(t, c, want)
	wantHeadOfAll(t, eye, c)
	wantVerified(t, disclose(t, c))
}

// sealVault seals Vault until unsealVault, or the end of the test.
func sealVault(t *testing.T) {
	t.Helper()
	if err := shared.Servers.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unsealVault(t) }) // the other tests need it
}

// unsealVault does nothing to a Vault that is open.
func unsealVault(t *testing.T) {
	t.Helper()
	if err := shared.Servers.Unseal(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
}

// logSize asks as somebody whose session the API has just seen: it stays good
// for half a minute while Vault cannot be asked.
func logSize(t *testing.T, eye wire, c evidence.Case) int64 {
	t.Helper()
	page, ok := see[struct{ Size int64 }](eye, "/cases/"+string(c.ID)+"/log?limit=1")
	if !ok {
		t.Fatal("the log cannot be read while Vault is sealed")
	}
	return page.Size
}

// wantHeadOfAll fails unless the case's signed head covers its whole log.
func wantHeadOfAll(t *testing.T, eye wire, c evidence.Case) {
	t.Helper()
	log := logOf(t, c)
	r := eye.send(http.MethodGet, "/cases/"+string(c.ID)+"/checkpoint", nil, nil)
	head, err := ledger.ParseCheckpoint(r.body)
	if err != nil || head.Size < int64(len(log)) {
		t.Errorf("the signed head has %d entries, the log %d: %d %v", head.Size, len(log), r.status, err)
	}
}
