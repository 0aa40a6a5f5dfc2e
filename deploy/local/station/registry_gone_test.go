package station_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/evidence"
)

// TestMetadataGone takes the database away until a request has lost patience,
// which is half a minute. Requests wait for it or say clearly that it does not
// answer; afterwards the same processes work again.
func TestMetadataGone(t *testing.T) {
	c := openCase(t)
	bring(t, c, file(t, "before.txt", []byte("before")))
	eye := onWire(t, "ida")
	if err := shared.Servers.Kill(servers.Mongo); err != nil {
		t.Fatal(err)
	}
	since := time.Now()
	added := as(t, "emil").start(addArgs(c, file(t, "meanwhile.txt", []byte("meanwhile")))...)
	read := as(t, "ida").start("case", "show", string(c.ID))
	if status := ready(t); status != http.StatusServiceUnavailable {
		t.Errorf("ready: %d", status)
	}
	r := eye.send(http.MethodGet, "/cases/"+string(c.ID), nil, nil)
	if p := r.problem(); r.status != http.StatusServiceUnavailable || p.Code != evidence.Unavailable || p.Detail == "" {
		t.Errorf("reading a case after %s: %d %s", time.Since(since).Round(time.Second), r.status, r.body)
	}
	if err := shared.Servers.Restart(t.Context(), servers.Mongo); err != nil {
		t.Fatal(err)
	}
	if o := <-read; o.code != 0 && o.code != exitUnavailable {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	if o := <-added; o.code != 0 {
		t.Errorf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	if items := itemsOf(t, c); len(items) != 2 || items[1].State != evidence.ItemSealed {
		t.Errorf("the items are %+v", items)
	}
	until(t, "everything is ready again", patience, func() bool { return ready(t) == http.StatusOK })
	wantVerified(t, disclose(t, c))
}
