package attest

import (
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// OriginOf returns what stands before the role in the name of a key: whose key
// it is, as the origin of an agency's logs begins. ok is false for a name that
// says no role.
func OriginOf(name string) (origin string, ok bool) {
	role, person, ok := RoleOf(name)
	if !ok {
		return "", false
	}
	key := beforeLast(name, "/") // the version
	if role == RolePerson {
		return strings.TrimSuffix(key, "/"+string(RolePerson)+"/"+string(person)), true
	}
	return strings.TrimSuffix(key, "/"+string(role)), true
}

// AgencyOf returns what stands before "/case/" in the origin of a case's log:
// what the names of the agency's keys, and of its people's, begin with.
func AgencyOf(logOrigin string) string {
	agency := beforeLast(logOrigin, "/case/")
	return agency
}

// KeysOf returns the keys of an agency, as their names say. Who trusts several
// agencies does not want one to sign for another.
func KeysOf(agency string, keys []evidence.PublicKey) []evidence.PublicKey {
	var own []evidence.PublicKey
	for _, k := range keys {
		if origin, ok := OriginOf(k.Name); ok && origin == agency {
			own = append(own, k)
		}
	}
	return own
}

// own reports whether a key may be looked at.
func (c *Checker) own(k evidence.PublicKey) bool {
	origin, ok := OriginOf(k.Name)
	return ok && origin == c.trust.agency
}

// beforeLast returns what stands before the last sep in s; all of s without one.
func beforeLast(s, sep string) string {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i]
	}
	return s
}
