package indicator

import (
	"hash/maphash"
	"net/netip"

	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
)

// memo remembers what was looked up and written last, so that what occurs again
// and again costs no memory. Its size is fixed.
type memo struct {
	addresses []addressEntry
	texts     []string
}

const memoSize = 2048 // a power of two

type addressEntry struct {
	key     uint32 // 0 is no address that is emitted
	value   string
	details map[string]string
}

// ipv4 returns how an address is written, and its scope.
func (m *memo) ipv4(a [4]byte) (string, map[string]string) {
	if m.addresses == nil {
		m.addresses = make([]addressEntry, memoSize)
	}
	key := uint32(a[0])<<24 | uint32(a[1])<<16 | uint32(a[2])<<8 | uint32(a[3])
	e := &m.addresses[(key*2654435761)>>16%memoSize]
	if e.key != key {
		addr := netip.AddrFrom4(a)
		*e = addressEntry{key, addr.String(), network.Scope(addr)}
	}
	return e.value, e.details
}

// text returns b as a string.
func (s *scanner) text(b []byte) string {
	if len(b) > 256 {
		return string(b)
	}
	if s.memo.texts == nil {
		s.memo.texts = make([]string, memoSize)
	}
	e := &s.memo.texts[maphash.Bytes(s.seed, b)%memoSize]
	if *e != string(b) {
		*e = string(b)
	}
	return *e
}
