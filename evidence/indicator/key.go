package indicator

import "github.com/sealcase/sealcase/evidence/indicator/internal/secret"

// awsKey takes the identifier of an access key.
func (s *scanner) awsKey(w word) bool {
	t := w.text()
	switch string(t[:4]) {
	case "AKIA", "ASIA", "ABIA", "ACCA":
	default:
		return false
	}
	for _, c := range t[4:] {
		if (c < 'A' || c > 'Z') && (c < '2' || c > '7') {
			return false
		}
	}
	s.emit(w.v, AWSKey, string(t[:4])+"************"+string(t[16:]), w.from, w.to, nil)
	return true
}

// key takes a word that a service marks as one of its keys.
func (s *scanner) key(w word) {
	t := trimWord(w)
	b := t.text()
	if len(b) < 20 || t.from < t.v.covered {
		return
	}
	if prefix, service, ok := secret.Find(b); ok {
		s.emit(t.v, APIKey, prefix+"****"+string(b[len(b)-4:]), t.from, t.to, map[string]string{"service": service})
	}
}
