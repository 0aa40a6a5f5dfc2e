package indicator

import "strings"

// money takes a run that is an address of a crypto-currency.
func (s *scanner) money(buffer []byte, t *text, from, to int) bool {
	r := string(t.b[from:to])
	switch {
	case len(r) == 42 && (strings.HasPrefix(r, "0x") || strings.HasPrefix(r, "0X")):
		value, checked, ok := ethereum(r[2:])
		if !ok {
			return false
		}
		return s.match(buffer, t, Ethereum, value, from, to, map[string]string{"checksum": checked})
	case len(r) >= 26 && len(r) <= 35 && (r[0] == '1' || r[0] == '3') && bitcoinBase58(r):
		return s.match(buffer, t, Bitcoin, r, from, to, nil)
	case len(r) >= 14 && len(r) <= 74 && (strings.HasPrefix(r, "bc1") || strings.HasPrefix(r, "BC1")) && bitcoinBech32(r):
		return s.match(buffer, t, Bitcoin, strings.ToLower(r), from, to, nil)
	case (len(r) == 95 || len(r) == 106) && (r[0] == '4' || r[0] == '8') && monero(r):
		return s.match(buffer, t, Monero, r, from, to, nil)
	default:
		return false
	}
}
