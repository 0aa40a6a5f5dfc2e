package act

// ReadInto reads details into the payload that p points at.
func ReadInto(details map[string]string, p any) error { return read(details, p) }

// Payloads returns a blank payload of each act that has one.
func Payloads() (list []Payload) {
	for _, p := range payloads {
		list = append(list, p)
	}
	return list
}
