package evidence

import "slices"

// Role is what a person may do by office. Roles are Vault policies named
// "sealcase-<role>"; membership of a case is separate, and both are needed.
type Role string

// The roles.
const (
	Investigator  Role = "investigator"  // runs cases, reads evidence
	Examiner      Role = "examiner"      // brings evidence in and examines it
	Prosecutor    Role = "prosecutor"    // reads evidence and discloses bundles
	Supervisor    Role = "supervisor"    // as investigator, and approves
	Auditor       Role = "auditor"       // reads logs, never evidence bytes
	Administrator Role = "administrator" // runs the system; may not read evidence
)

// Roles lists every role in the order in which they are shown.
func Roles() []Role {
	return []Role{Investigator, Examiner, Prosecutor, Supervisor, Auditor, Administrator}
}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Person is somebody who can sign in, or a service of ours.
type Person struct {
	ID    PersonID `json:"id"`
	Login string   `json:"login"` // the name typed at sign-in; empty for a service
	Name  string   `json:"name"`  // the name shown
	Roles []Role   `json:"roles"`
	// Disabled says that Vault lets the person do nothing. Only who asks Vault of
	// a person learns it; somebody disabled has no roles and no session.
	Disabled bool `json:"-"`
}

// Has reports whether the person holds one of roles.
func (p Person) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
}

// Actor is who asks for an act, and from where. Every service takes one; a
// zero Actor may do nothing.
type Actor struct {
	Person
	Service bool   // a process of ours acts on its own account, not for a person
	From    string // the address that the request came from; empty for a service
	Client  string // the program in use, such as "sealcase/1.0 (cli)"
	// Signer signs as this person and nobody else: it works with the person's
	// own token. It is nil where only a service is at work, and never travels.
	Signer Signer `json:"-"`
}

// ServiceActor returns the actor that a process of ours is: "worker", "api".
func ServiceActor(name string) Actor {
	return Actor{Person: Person{ID: PersonID("service:" + name), Name: "Sealcase " + name}, Service: true}
}
