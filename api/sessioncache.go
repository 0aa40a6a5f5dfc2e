package api

import (
	"container/list"
	"crypto/sha256"
	"sync"
	"time"
)

const (
	maxSessions = 4096
	// sessionTTL is how long a revoked token may still work in this process.
	sessionTTL = 30 * time.Second
)

// sessionCache remembers for a short while who holds a token. It keeps the
// token's digest, not the token, and no more than max of them: the one unused
// for longest goes first. It is safe for concurrent use.
type sessionCache struct {
	mu     sync.Mutex
	max    int
	ttl    time.Duration
	clock  func() time.Time
	recent *list.List // of *cachedSession, the last used in front
	byKey  map[[sha256.Size]byte]*list.Element
}

type cachedSession struct {
	key      [sha256.Size]byte
	identity Identity
	until    time.Time
}

func newSessionCache(max int, ttl time.Duration, clock func() time.Time) *sessionCache {
	return &sessionCache{max: max, ttl: ttl, clock: clock, recent: list.New(), byKey: map[[sha256.Size]byte]*list.Element{}}
}

func (c *sessionCache) get(token string) (Identity, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[sha256.Sum256([]byte(token))]
	if !ok {
		return Identity{}, false
	}
	cached := e.Value.(*cachedSession)
	if !c.clock().Before(cached.until) {
		c.remove(e)
		return Identity{}, false
	}
	c.recent.MoveToFront(e)
	return cached.identity, true
}

// put remembers id, without its token, until the time to live or the session
// ends.
func (c *sessionCache) put(token string, id Identity) {
	id.Token = ""
	until := c.clock().Add(c.ttl)
	if !id.Expires.IsZero() && id.Expires.Before(until) {
		until = id.Expires
	}
	key := sha256.Sum256([]byte(token))
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[key]; ok {
		c.remove(e)
	}
	c.byKey[key] = c.recent.PushFront(&cachedSession{key: key, identity: id, until: until})
	for c.recent.Len() > c.max {
		c.remove(c.recent.Back())
	}
}

func (c *sessionCache) evict(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byKey[sha256.Sum256([]byte(token))]; ok {
		c.remove(e)
	}
}

func (c *sessionCache) remove(e *list.Element) {
	delete(c.byKey, e.Value.(*cachedSession).key)
	c.recent.Remove(e)
}
