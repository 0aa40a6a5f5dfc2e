package act

// ReadInto reads details into the payload that p points at.
func ReadInto(details map[string]string, p any) error { return read(details, p) }
