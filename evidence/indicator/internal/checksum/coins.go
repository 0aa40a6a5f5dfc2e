// Package checksum checks values that carry a checksum: addresses of
// crypto-currencies, account numbers, payment cards, keys of services. It looks
// at one whole value; where in a text such a value stands is for others to say.
package checksum

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// Base58 checks an address in base58check: version byte, 160 bits, and the first
// four bytes of a double SHA-256. It returns the version.
func Base58(t []byte) (version byte, ok bool) {
	n, radix := new(big.Int), big.NewInt(58)
	for _, c := range t {
		v := strings.IndexByte(base58, c)
		if v < 0 {
			return 0, false
		}
		n.Mul(n, radix).Add(n, big.NewInt(int64(v)))
	}
	if n.BitLen() > 25*8 {
		return 0, false
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
	return raw[0], zeros == ones && bytes.Equal(second[:4], raw[21:])
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// Bech32 checks a segregated-witness address of the main network with that
// prefix: bech32 for witness version 0 (BIP 173), bech32m for the later ones
// (BIP 350).
func Bech32(t, prefix string) bool {
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
