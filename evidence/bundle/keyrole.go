package bundle

import (
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// keysFor returns the keys that may sign what role names, as their names say
// (FORMAT.md section 5.4). A process that may use one of an agency's keys cannot
// thereby do what the others are for.
func keysFor(role attest.Role, keys []evidence.PublicKey) []evidence.PublicKey {
	var fit []evidence.PublicKey
	for _, k := range keys {
		if is, _, _ := attest.RoleOf(k.Name); is == role {
			fit = append(fit, k)
		}
	}
	return fit
}
