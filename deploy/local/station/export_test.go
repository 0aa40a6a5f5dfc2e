package station

// Environ is what tells a further process of ours where everything is.
func (s *Station) Environ() []string {
	return append(s.baseEnviron(), "SEALCASE_VAULT_CREDENTIALS="+s.file("credentials.json"))
}
