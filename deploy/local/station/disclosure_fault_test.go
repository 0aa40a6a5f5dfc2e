package station_test

import (
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// disclosureView is how far a disclosure is.
type disclosureView struct {
	Disclosure evidence.Disclosure
	Progress   workflows.DisclosureProgress
}

// TestDisclosureSurvivesKill kills what makes a bundle while it is written: it
// is ready in the end, on record once, and good.
func TestDisclosureSurvivesKill(t *testing.T) {
	c, eye := openCase(t), onWire(t, "paula")
	bring(t, c, file(t, "disk.dd", random(7, 240<<20)))
	made := map[evidence.DisclosureID]bool{}
	for _, v := range victims()[:3] { // API, worker, Temporal
		t.Run(v.name, func(t *testing.T) {
			export := as(t, "paula").start(append([]string{"--json"}, exportArgs(c)...)...)
			id := underWay(t, eye, c, made)
			v.fall(t, time.Second)
			o := <-export
			if o.code != 0 {
				t.Fatalf("the export: exit code %d:\n%s", o.code, o.said())
			}
			d := answer[evidence.Disclosure](t, o)
			if d.ID != id || d.State != evidence.DisclosureReady || d.Items != 1 {
				t.Errorf("the disclosure is %+v, want %s", d, id)
			}
			made[id] = true
			if n := count(logOf(t, c), evidence.ActDisclosed); n != len(made) {
				t.Errorf("%d disclosures are %d entries", len(made), n)
			}
			wantVerified(t, fetch(t, id))
		})
	}
}

// underWay waits until a bundle that was not made before is written between its
// beginning and its end, and returns its disclosure.
func underWay(t *testing.T, eye wire, c evidence.Case, made map[evidence.DisclosureID]bool) evidence.DisclosureID {
	t.Helper()
	var id evidence.DisclosureID
	until(t, "the disclosure is on record", patience, func() bool {
		all, _ := see[list[evidence.Disclosure]](eye, "/cases/"+string(c.ID)+"/disclosures")
		for _, d := range all.Items {
			if !made[d.ID] {
				id = d.ID
			}
		}
		return id != ""
	})
	until(t, "the bundle is half written", patience, func() bool {
		v, _ := see[disclosureView](eye, "/disclosures/"+string(id))
		if v.Disclosure.State == evidence.DisclosureReady || v.Disclosure.State == evidence.DisclosureFailed {
			t.Fatalf("the bundle was %s before anything was killed", v.Disclosure.State)
		}
		return v.Progress.Bytes > v.Progress.OfBytes/20 && v.Progress.Bytes < v.Progress.OfBytes*9/10
	})
	return id
}

// TestDisclosureAskedWhileTemporalIsAway asks for a bundle when nobody can begin
// it: the command waits and asks again, and makes one disclosure.
func TestDisclosureAskedWhileTemporalIsAway(t *testing.T) {
	c := openCase(t)
	bring(t, c, file(t, "a.txt", []byte("a")))
	if err := shared.Servers.Kill(servers.Temporal); err != nil {
		t.Fatal(err)
	}
	export := as(t, "paula").start(append([]string{"--json"}, exportArgs(c)...)...)
	time.Sleep(3 * time.Second)
	if err := shared.Servers.Restart(t.Context(), servers.Temporal); err != nil {
		t.Fatal(err)
	}
	o := <-export
	if o.code != 0 {
		t.Fatalf("the export: exit code %d:\n%s", o.code, o.said())
	}
	d := answer[evidence.Disclosure](t, o)
	all := ask[list[evidence.Disclosure]](as(t, "paula"), "bundle", "list", "--case", string(c.ID))
	if len(all.Items) != 1 || all.Items[0].ID != d.ID || count(logOf(t, c), evidence.ActDisclosed) != 1 {
		t.Errorf("there are %+v", all.Items)
	}
	wantVerified(t, fetch(t, d.ID))
}
