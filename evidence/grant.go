package evidence

import "slices"

// Grant is what a member of a case may do there, besides what roles allow. Each
// includes those before it.
type Grant string

// The grants, the lowest first.
const (
	GrantRead       Grant = "read"       // see the case and, by role, its evidence
	GrantContribute Grant = "contribute" // bring in, examine, disclose, move the case on; never delete
	GrantManage     Grant = "manage"     // say who its members are
)

// Grants lists every grant, the lowest first.
func Grants() []Grant { return []Grant{GrantRead, GrantContribute, GrantManage} }

// Valid reports whether g is one of the grants.
func (g Grant) Valid() bool { return slices.Contains(Grants(), g) }

// Includes reports whether whoever has g may do what o allows. An invalid grant
// includes nothing; every one includes "".
func (g Grant) Includes(o Grant) bool {
	return o == "" || g.Valid() && slices.Index(Grants(), g) >= slices.Index(Grants(), o)
}
