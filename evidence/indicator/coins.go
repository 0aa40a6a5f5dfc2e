package indicator

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// account takes a run that is an address of a crypto-currency.
func (s *scanner) account(w word) bool {
	t := w.text()
	switch n := len(t); {
	case n == 42 && t[0] == '0' && t[1]|0x20 == 'x':
		value, checked, ok := ethereum(string(t[2:]))
		if ok {
			s.emit(w.v, Ethereum, value, w.from, w.to, map[string]string{"checksum": checked})
		}
		return ok
	case n >= 26 && n <= 35:
		if kind, ok := base58Kind(t[0]); ok && base58Check(t, kind) {
			s.emit(w.v, kind, string(t), w.from, w.to, nil)
			return true
		}
	case (n == 95 || n == 106) && (t[0] == '4' || t[0] == '8') && monero(string(t)):
		s.emit(w.v, Monero, string(t), w.from, w.to, nil)
		return true
	}
	return false
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

// base58Check checks an address of the main network of a currency: version
// byte, 160 bits, and the first four bytes of a double SHA-256.
func base58Check(t []byte, kind Kind) bool {
	n, radix := new(big.Int), big.NewInt(58)
	for _, c := range t {
		v := strings.IndexByte(base58, c)
		if v < 0 {
			return false
		}
		n.Mul(n, radix).Add(n, big.NewInt(int64(v)))
	}
	if n.BitLen() > 25*8 {
		return false
	}
	var raw [25]byte
	n.FillBytes(raw[:])
	zeros := 0
	for zeros < len(raw) && raw[zeros] == 0 {
		zeros++
	}
	ones := 0
	for ones < len(t) && t[ones] == '1' {
		ones++
	}
	first := sha256.Sum256(raw[:21])
	second := sha256.Sum256(first[:])
	return zeros == ones && version58(raw[0], kind) && bytes.Equal(second[:4], raw[21:])
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

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

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
	if !bech32Check(string(t), prefix) {
		return false
	}
	s.emit(w.v, kind, strings.ToLower(string(t)), w.from, w.to, nil)
	return true
}

func bech32Check(t, prefix string) bool {
	lower := strings.ToLower(t)
	if lower != t && strings.ToUpper(t) != t {
		return false
	}
	var values []byte
	for i := range len(prefix) {
		values = append(values, prefix[i]>>5)
	}
	values = append(values, 0)
	for i := range len(prefix) {
		values = append(values, prefix[i]&31)
	}
	lead := len(values)
	for _, c := range []byte(lower[len(prefix)+1:]) {
		v := strings.IndexByte(bech32, c)
		if v < 0 {
			return false
		}
		values = append(values, byte(v))
	}
	version, data := values[lead], len(values)-lead-1-6
	if data < 0 {
		return false
	}
	program := data * 5 / 8
	want := uint32(1)
	if version > 0 {
		want = 0x2bc830a3
	}
	if version > 16 || program < 2 || program > 40 || data*5%8 > 4 || version == 0 && program != 20 && program != 32 {
		return false
	}
	if spare := data * 5 % 8; values[lead+data]&(1<<spare-1) != 0 {
		return false // bits that must be zero
	}
	return polymod(values) == want
}

func polymod(values []byte) uint32 {
	checksum := uint32(1)
	for _, v := range values {
		top := checksum >> 25
		checksum = checksum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				checksum ^= g
			}
		}
	}
	return checksum
}
