package act

import "github.com/sealcase/sealcase/evidence"

// CheckRole returns nil when the actor is a person whose roles have the permission,
// and Forbidden otherwise.
func CheckRole(actor evidence.Actor, p Permission) error {
	if actor.ID == "" || actor.Service {
		return evidence.Errorf(evidence.Forbidden, "only a person who is signed in may do this")
	}
	if !p.AllowsRole(actor.Roles...) {
		return evidence.Errorf(evidence.Forbidden, "your role does not allow this")
	}
	return nil
}
