package indicator

import (
	"bytes"
	"crypto/sha256"
	"math/big"
	"strings"
)

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// bitcoinBase58 checks a P2PKH or P2SH address of the main network: version
// byte, 160 bits, and the first four bytes of a double SHA-256.
func bitcoinBase58(s string) bool {
	n, radix := new(big.Int), big.NewInt(58)
	for i := range len(s) {
		v := strings.IndexByte(base58, s[i])
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
	if raw[0] != 0x00 && raw[0] != 0x05 {
		return false
	}
	first := sha256.Sum256(raw[:21])
	second := sha256.Sum256(first[:])
	return bytes.Equal(second[:4], raw[21:])
}

const bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bitcoinBech32 checks a segregated-witness address of the main network: BIP
// 173 for witness version 0, BIP 350 for the later ones.
func bitcoinBech32(s string) bool {
	lower := strings.ToLower(s)
	if lower != s && strings.ToUpper(s) != s {
		return false
	}
	values := []byte{3, 3, 0, 2, 3} // "bc", expanded
	for _, c := range []byte(lower[3:]) {
		v := strings.IndexByte(bech32, c)
		if v < 0 {
			return false
		}
		values = append(values, byte(v))
	}
	version := values[5]
	program := (len(values) - 5 - 1 - 6) * 5 / 8
	want := uint32(1)
	if version > 0 {
		want = 0x2bc830a3
	}
	if version > 16 || program < 2 || program > 40 || version == 0 && program != 20 && program != 32 {
		return false
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
