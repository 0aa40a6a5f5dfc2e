package attest

import (
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// machinePrefix begins the identifier of whoever acts for the agency's program,
// and of no person (evidence.ServiceActor).
const machinePrefix = "service:"

// OnlyMachine reports whether custody records such an act as one of the machine
// only: a person who signs one claims what they cannot have done.
func OnlyMachine(a evidence.Act) bool {
	r, ok := act.RuleOf(a)
	return ok && r.Signer == act.ByMachine
}

// checkActor returns a Tampered error for an act of the machine in a person's
// name, for one of a person in the machine's, and for a person's that only the
// machine does. Who has the worker's key could else act as anybody, without
// anybody's key.
func checkActor(e evidence.Entry) error {
	switch named := strings.HasPrefix(string(e.Actor.ID), machinePrefix); {
	case e.Actor.Service && !named:
		return evidence.Errorf(evidence.Tampered, "an act of the machine stands in the name of %s", e.Actor.ID)
	case !e.Actor.Service && named:
		return evidence.Errorf(evidence.Tampered, "an act of a person stands in the name of the machine, %s", e.Actor.ID)
	case !e.Actor.Service && OnlyMachine(e.Act):
		return evidence.Errorf(evidence.Tampered, "an act %q stands in the name of a person, %s; only the machine does that", e.Act, e.Actor.ID)
	default:
		return nil
	}
}
