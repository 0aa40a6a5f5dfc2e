package seal

// PAE lets the external tests compare pae with the specification.
func PAE(payloadType string, payload []byte) []byte { return pae(payloadType, payload) }
