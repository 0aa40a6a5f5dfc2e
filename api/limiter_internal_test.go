package api

import (
	"fmt"
	"testing"
	"time"
)

func TestLimiterCountsNetworksNotAddresses(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for i := range failuresAtOnce {
		l.failed(fmt.Sprintf("2001:db8:0:1::%x", i))
		l.failed(fmt.Sprintf("192.0.2.%d", i))
	}
	for address, want := range map[string]bool{
		"2001:db8:0:1::ffff": false, // the same subscriber
		"2001:db8:0:2::1":    true,
		"192.0.2.1":          true, // one failure only
		"not an address":     true,
	} {
		if got := l.allow(address); got != want {
			t.Errorf("%s may try: %v, want %v", address, got, want)
		}
	}
	now = now.Add(failureEvery)
	if !l.allow("2001:db8:0:1::ffff") {
		t.Error("a try is not given back with time")
	}
}
