package api

import (
	"strconv"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// clock is a time that a test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func TestSessionCache(t *testing.T) {
	at := &clock{now: time.Unix(1000, 0)}
	c := newSessionCache(2, 30*time.Second, at.Now)
	ida := Identity{Token: "a", Person: evidence.Person{Login: "ida"}, Expires: at.now.Add(time.Hour)}
	c.put("a", ida)
	if got, ok := c.get("a"); !ok || got.Person.Login != "ida" || got.Token != "" {
		t.Fatalf("got %+v, %v", got, ok)
	}
	at.now = at.now.Add(30 * time.Second)
	if _, ok := c.get("a"); ok {
		t.Error("a session is remembered for longer than its time to live")
	}
	c.put("short", Identity{Expires: at.now.Add(time.Second)})
	at.now = at.now.Add(time.Second)
	if _, ok := c.get("short"); ok {
		t.Error("a session is remembered beyond its end")
	}
}

func TestSessionCacheIsBounded(t *testing.T) {
	at := &clock{now: time.Unix(1000, 0)}
	c := newSessionCache(2, time.Minute, at.Now)
	c.put("a", Identity{})
	c.put("b", Identity{})
	c.get("a")
	c.put("c", Identity{})
	for token, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := c.get(token); ok != want {
			t.Errorf("%s: %v, want %v", token, ok, want)
		}
	}
	c.evict("a")
	if _, ok := c.get("a"); ok || len(c.byKey) != c.recent.Len() || c.recent.Len() != 1 {
		t.Errorf("after evicting: %d by key, %d in order", len(c.byKey), c.recent.Len())
	}
}

func TestLimiterCountsFailuresOnly(t *testing.T) {
	at := &clock{now: time.Unix(1000, 0)}
	l := newLimiter(at.Now)
	for range 100 {
		if !l.allow("good") {
			t.Fatal("somebody who never failed is slowed down")
		}
	}
	for range failuresAtOnce {
		l.failed("bad")
	}
	if l.allow("bad") || !l.allow("good") {
		t.Error("failures are not counted by address")
	}
	at.now = at.now.Add(failureEvery)
	if !l.allow("bad") {
		t.Error("a pause does not help")
	}
	for i := range 2 * maxLimited {
		l.failed(strconv.Itoa(i))
	}
	if len(l.by) > maxLimited {
		t.Errorf("%d addresses are remembered", len(l.by))
	}
}
