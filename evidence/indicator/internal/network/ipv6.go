package network

import (
	"bytes"
	"net/netip"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// PartOf6 reports whether c may be in an address of version 6.
func PartOf6(c byte) bool { return c == ':' || c == '.' || char.HexValue(c) <= 15 }

// Pairs reports whether all groups have two digits, as in EUI-64 identifiers
// and the names of storage ports.
func Pairs(w []byte) bool {
	n := 0
	for group := range bytes.SplitSeq(w, []byte(":")) {
		if len(group) != 2 {
			return false
		}
		n++
	}
	return n >= 6
}

// Assigned reports whether an address is of a block that is in use (the IANA
// registry of IPv6 address space): others are nearly always something else.
func Assigned(a netip.Addr) bool {
	b := a.As16()
	switch {
	case b[0]&0xE0 == 0x20, b[0]&0xFE == 0xFC, b[0] == 0xFE && b[1]&0xC0 == 0x80, b[0] == 0xFF && b[1] < 0x80:
		return true
	case a.Is4In6():
		return true
	default:
		return b[0] == 0 && b[1] == 0x64 && b[2] == 0xFF && b[3] == 0x9B
	}
}
