package evidence

import "slices"

// Class says who may know of a case. Whoever is no member sees nothing of any
// case; a class says who makes members, and what a case may tell of itself to
// those who look after the installation.
type Class string

// The classes, the widest first.
const (
	// ClassOrdinary is a case whose members say who else becomes one. Alarms
	// about it are shown to all who see alarms.
	ClassOrdinary Class = "ordinary"
	// ClassRestricted is one to which only a supervisor who is a member, with
	// the grant manage, adds people.
	ClassRestricted Class = "restricted"
	// ClassSealed is one that was sealed by order: as restricted, and nothing
	// tells anybody else that it exists - no alarm, count or number. To unseal it
	// takes two people.
	ClassSealed Class = "sealed"
)

// Classes lists every class, the widest first.
func Classes() []Class { return []Class{ClassOrdinary, ClassRestricted, ClassSealed} }

// Valid reports whether c is one of the classes.
func (c Class) Valid() bool { return slices.Contains(Classes(), c) }

// Closed reports whether only a supervisor adds members to a case of the class.
func (c Class) Closed() bool { return c == ClassRestricted || c == ClassSealed }

// Kept returns the class as Case.Class holds it: "" for an ordinary one, so that
// a case is written as it was before there were classes.
func (c Class) Kept() Class {
	if c == ClassOrdinary {
		return ""
	}
	return c
}

// Or returns the class of what Case.Class holds.
func (c Class) Or() Class {
	if c == "" {
		return ClassOrdinary
	}
	return c
}
