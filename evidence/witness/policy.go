package witness

import (
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Policy says which logs a witness accepts: by origin, the keys of which one at
// least must have signed a checkpoint.
type Policy map[string][]evidence.PublicKey

// Accept adds a log as it is written on a command line, ORIGIN=VKEY, or a line
// of a policy file, ORIGIN VKEY. The same origin again adds a key, as after a
// rotation. It fails with Malformed.
func (p Policy) Accept(text string) error {
	origin, vkey, ok := strings.Cut(strings.TrimSpace(text), "=")
	// A verifier key ends in base64, which may have equals signs of its own.
	if !ok || strings.ContainsAny(origin, " \t") {
		if origin, vkey, ok = strings.Cut(strings.TrimSpace(text), " "); !ok {
			return evidence.Errorf(evidence.Malformed, "a log is given as ORIGIN=VKEY, such as agency.example/register=agency.example/log/v1+…")
		}
	}
	key, err := evidence.ParseVKey(vkey)
	if err != nil {
		return evidence.WrapError(evidence.Malformed, err, "the key of the log %q", origin)
	}
	if origin == "" {
		return evidence.Errorf(evidence.Malformed, "a log has an origin, the first line of its checkpoints")
	}
	if !slices.ContainsFunc(p[origin], key.Equal) {
		p[origin] = append(p[origin], key)
	}
	return nil
}

// ParsePolicy reads a policy file: ORIGIN and VKEY, separated by a space, a log
// a line; empty lines and lines that begin with "#" are passed over.
func ParsePolicy(text []byte) (Policy, error) {
	p, n := Policy{}, 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := p.Accept(line); err != nil {
			return nil, evidence.WrapError(evidence.Malformed, err, "policy file, line %d", n)
		}
	}
	return p, nil
}
