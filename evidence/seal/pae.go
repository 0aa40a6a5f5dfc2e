package seal

import "strconv"

// pae returns the bytes that a DSSE signature is over, the pre-authentication
// encoding: "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload. It is
// written here because the reference library brings an SSH stack into the
// offline verifier and reads base64 leniently; the tests compare with it.
func pae(payloadType string, payload []byte) []byte {
	b := make([]byte, 0, len(payloadType)+len(payload)+32)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(payloadType)), 10)
	b = append(b, ' ')
	b = append(b, payloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}
