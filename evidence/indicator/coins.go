package indicator

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
)

// account takes a run that is an address of a crypto-currency.
func (s *scanner) account(w word) bool {
	t := w.text()
	switch n := len(t); {
	case n == 42 && t[0] == '0' && t[1]|0x20 == 'x':
		value, checked, ok := checksum.Ethereum(string(t[2:]))
		if ok {
			s.emit(w.v, Ethereum, value, w.from, w.to, map[string]string{"checksum": checked})
		}
		return ok
	case n >= 26 && n <= 35:
		if kind, ok := base58Address(t); ok {
			s.emit(w.v, kind, string(t), w.from, w.to, nil)
			return true
		}
	case (n == 95 || n == 106) && (t[0] == '4' || t[0] == '8') && checksum.Monero(string(t)):
		s.emit(w.v, Monero, string(t), w.from, w.to, nil)
		return true
	}
	return false
}

// base58Address returns of which currency a run is an address.
func base58Address(t []byte) (Kind, bool) {
	kind, ok := base58Kind(t[0])
	if !ok {
		return "", false
	}
	version, ok := checksum.Base58(t)
	return kind, ok && version58(version, kind)
}

// base58Kind returns which currency's addresses begin with a character.
func base58Kind(first byte) (Kind, bool) {
	switch first {
	case '1', '3':
		return Bitcoin, true
	case 'L', 'M':
		return Litecoin, true
	case 'T':
		return Tron, true
	default:
		return "", false
	}
}

func version58(version byte, kind Kind) bool {
	switch kind {
	case Bitcoin:
		return version == 0x00 || version == 0x05
	case Litecoin:
		return version == 0x30 || version == 0x32
	default:
		return version == 0x41
	}
}

// segwit takes a segregated-witness address of the main network: BIP 173 for
// witness version 0, BIP 350 for the later ones.
func (s *scanner) segwit(w word) bool {
	t := w.text()
	if len(t) < 14 || len(t) > 90 {
		return false
	}
	kind, prefix := Bitcoin, "bc"
	switch {
	case strings.EqualFold(string(t[:3]), "bc1"):
	case strings.EqualFold(string(t[:4]), "ltc1"):
		kind, prefix = Litecoin, "ltc"
	default:
		return false
	}
	if !checksum.Bech32(string(t), prefix) {
		return false
	}
	s.emit(w.v, kind, strings.ToLower(string(t)), w.from, w.to, nil)
	return true
}
