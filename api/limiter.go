package api

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	failuresAtOnce  = 20              // failed sign-ins from one address without a pause
	failureEvery    = 6 * time.Second // and then one in so long
	maxLimited      = 4096            // addresses remembered
	forgetLimitedAt = 10 * time.Minute
)

// limiter slows down whoever fails to sign in again and again from one address.
// Vault locks a login after failures; this keeps one machine from trying many
// logins. An office behind one address that types its passwords right is not
// slowed down.
type limiter struct {
	mu    sync.Mutex
	clock func() time.Time
	by    map[string]*limited
}

type limited struct {
	bucket *rate.Limiter
	last   time.Time
}

func newLimiter(clock func() time.Time) *limiter {
	return &limiter{clock: clock, by: map[string]*limited{}}
}

// allow reports whether address may try now.
func (l *limiter) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry, ok := l.by[neighbourhood(address)]
	return !ok || entry.bucket.TokensAt(l.clock()) >= 1
}

// failed notes that a sign-in from address failed.
func (l *limiter) failed(address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	address = neighbourhood(address)
	entry, ok := l.by[address]
	if !ok {
		if len(l.by) >= maxLimited {
			l.forget(now)
		}
		entry = &limited{bucket: rate.NewLimiter(rate.Every(failureEvery), failuresAtOnce)}
		l.by[address] = entry
	}
	entry.last = now
	entry.bucket.AllowN(now, 1)
}

// neighbourhood is what is counted as one address: an IPv6 network of 64 bits,
// all of whose addresses one subscriber has (RFC 6177).
func neighbourhood(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	network, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}

// forget drops addresses that are quiet, and when all are busy, any one.
func (l *limiter) forget(now time.Time) {
	for address, entry := range l.by {
		if now.Sub(entry.last) > forgetLimitedAt {
			delete(l.by, address)
		}
	}
	for address := range l.by {
		if len(l.by) < maxLimited {
			return
		}
		delete(l.by, address)
	}
}
