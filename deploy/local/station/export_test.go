package station

// Environ is what a further process of ours, "api" or "worker", is given.
func (s *Station) Environ(name string) []string {
	return s.environOf(name)
}
