package act

// ReadInto reads details into the payload that p points at.
func ReadInto(details map[string]string, p any) error { return read(details, p) }

// Payloads returns a blank payload of each act that has one.
func Payloads() (list []Payload) {
	for _, r := range table {
		if r.Says != nil {
			list = append(list, r.Says)
		}
	}
	return list
}
