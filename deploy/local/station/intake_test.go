package station_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/evidence"
)

// victim is a process, or the processes of a server, that tests kill.
type victim struct {
	name    string
	kill    func() error
	restart func(context.Context) error
}

func victims() []victim {
	server := func(name servers.Name) victim {
		return victim{string(name), func() error { return shared.Servers.Kill(name) },
			func(ctx context.Context) error { return shared.Servers.Restart(ctx, name) }}
	}
	return []victim{
		{"api", func() error { shared.API.Kill(); return nil }, func(ctx context.Context) error { return shared.API.Restart(ctx) }},
		{"worker", func() error { shared.Worker.Kill(); return nil }, func(ctx context.Context) error { return shared.Worker.Restart(ctx) }},
		server(servers.Temporal), server(servers.Mongo), server(servers.MinIO),
	}
}

// fall kills the victim with SIGKILL and brings it back after a while: the others are
// to meet its absence. Nothing is asserted of how long that is.
func (v victim) fall(t *testing.T, away time.Duration) {
	t.Helper()
	if err := v.kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(away)
	if err := v.restart(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// caseView is how far a case is.
type caseView struct {
	Items, Received, Sealed int
}

// TestIntakeSurvivesKill kills each process in turn while a few hundred files
// come in: nothing is lost and nothing is there twice.
func TestIntakeSurvivesKill(t *testing.T) {
	folder, want := seized(t, 230)
	for _, v := range victims() {
		t.Run(v.name, func(t *testing.T) {
			c, eye := openCase(t), onWire(t, "ida")
			delivery := as(t, "emil").start(addArgs(c, folder)...)
			until(t, "the delivery is under way", patience, func() bool {
				now, ok := see[caseView](eye, "/cases/"+string(c.ID))
				return ok && now.Items >= 40
			})
			select {
			case o := <-delivery:
				t.Fatalf("the delivery ended before anything was killed:\n%s", o.said())
			default:
			}
			v.fall(t, 1500*time.Millisecond)
			delivered(t, c, folder, delivery)
			settled(t, c, want)
			wantVerified(t, disclose(t, c))
		})
	}
}

// delivered waits for the end of a delivery. One that gave up says that the
// same command goes on, which is then done as said.
func delivered(t *testing.T, c evidence.Case, folder string, delivery <-chan outcome) {
	t.Helper()
	for range 4 {
		o := <-delivery
		if o.code == 0 {
			return
		}
		t.Logf("exit code %d: %s", o.code, tail(o.said()))
		if o.code != exitUnavailable && !strings.Contains(o.said(), "The same command tries them again") {
			t.Errorf("the delivery gave up with exit code %d:\n%s", o.code, o.said())
		}
		delivery = as(t, "emil").start(addArgs(c, folder)...)
	}
	t.Fatal("the same command never came to an end")
}

// tail returns the last words of a long text.
func tail(text string) string { return text[max(0, len(text)-700):] }
