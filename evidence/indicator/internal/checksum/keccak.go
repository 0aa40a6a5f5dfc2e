package checksum

import (
	"bytes"
	"encoding/hex"
	"math/big"
	"strings"

	"golang.org/x/crypto/sha3"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

func keccak(data []byte) []byte {
	h := sha3.NewLegacyKeccak256()
	h.Write(data)
	return h.Sum(nil)
}

// Ethereum checks the 40 digits of an address. Mixed case carries a checksum
// (EIP-55), which must be right; otherwise there is none to check. The value
// is in the checksummed form.
func Ethereum(digits string) (value, checked string, ok bool) {
	lower := strings.ToLower(digits)
	if _, err := hex.DecodeString(lower); err != nil || strings.Trim(lower, lower[:1]) == "" {
		return "", "", false
	}
	sum := hex.EncodeToString(keccak([]byte(lower)))
	out := []byte(lower)
	for i, c := range out {
		if char.Letter(c) && sum[i] >= '8' {
			out[i] = c - 'a' + 'A'
		}
	}
	value = "0x" + string(out)
	switch digits {
	case string(out):
		return value, "valid", true
	case lower, strings.ToUpper(lower):
		return value, "none", true
	default:
		return "", "", false
	}
}

// Monero checks an address of the main network: base58 in blocks of eleven
// characters for eight bytes, network byte, and the first four bytes of a
// Keccak-256.
func Monero(s string) bool {
	var raw []byte
	for len(s) > 0 {
		block := s[:min(11, len(s))]
		s = s[len(block):]
		size := map[int]int{2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}[len(block)]
		n := new(big.Int)
		for i := range len(block) {
			v := strings.IndexByte(base58, block[i])
			if v < 0 {
				return false
			}
			n.Mul(n, big.NewInt(58)).Add(n, big.NewInt(int64(v)))
		}
		if size == 0 || n.BitLen() > size*8 {
			return false
		}
		raw = append(raw, n.FillBytes(make([]byte, size))...)
	}
	if len(raw) < 69 || raw[0] != 18 && raw[0] != 19 && raw[0] != 42 {
		return false
	}
	return bytes.Equal(keccak(raw[:len(raw)-4])[:4], raw[len(raw)-4:])
}
