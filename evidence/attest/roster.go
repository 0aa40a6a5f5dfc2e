package attest

import (
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Names of the details of roster and key entries.
const (
	DetailPeople = "people"  // of a roster: canonical JSON, an array of Listed
	DetailRules  = "rules"   // of a log's first roster: the version of the rules by which its acts are judged, decimal (package act)
	DetailKeys   = "keys"    // of a roster: the agency's keys, "name+hash+base64", joined by a space
	DetailOld    = "old"     // of a key entry: the version before, "name+hash+base64"
	DetailNew    = "new"     // of a key entry: the version that begins
	DetailOldSig = "old_sig" // of a key entry: signature by the old version of KeyText, standard base64
	DetailNewSig = "new_sig" // of a key entry: signature by the new version of KeyText
)

// Listed is a person as a roster names them.
type Listed struct {
	ID    evidence.PersonID `json:"id"`
	Name  string            `json:"name"`
	Roles []evidence.Role   `json:"roles,omitempty"`
	Keys  []string          `json:"keys,omitempty"` // "name+hash+base64", oldest first; none before the first sign-in
}

// Role is what a key of the agency is for, as its name says.
type Role string

// The roles of keys.
const (
	RoleLog    Role = "log"    // signs heads of logs: "…/log/v1"
	RoleSeal   Role = "seal"   // signs seals: "…/seal/v1"
	RoleWorker Role = "worker" // signs acts of the machine: "…/worker/v1"
	RoleRoot   Role = "root"   // states which keys of the others count: "…/root/v1"
	RolePerson Role = "person" // signs acts of one person: "…/person/ID/v1"
)

// RoleOf returns what a key of that name is for, and of whom when it is a
// person's. ok is false for a name that says neither.
func RoleOf(name string) (role Role, person evidence.PersonID, ok bool) {
	parts := strings.Split(name, "/")
	if n := len(parts); n < 3 || !isVersion(parts[n-1]) {
		return "", "", false
	}
	rest := parts[:len(parts)-1]
	last := Role(rest[len(rest)-1])
	switch {
	case len(rest) >= 3 && Role(rest[len(rest)-2]) == RolePerson && last != "":
		return RolePerson, evidence.PersonID(last), true
	case slices.Contains([]Role{RoleLog, RoleSeal, RoleWorker, RoleRoot}, last):
		return last, "", true
	default:
		return "", "", false
	}
}

// isVersion reports whether s is "v" and a decimal number from 1 without
// leading zeros.
func isVersion(s string) bool {
	digits, ok := strings.CutPrefix(s, "v")
	return ok && digits != "" && digits[0] != '0' && strings.Trim(digits, "0123456789") == ""
}

// WriteRoster returns the details of a roster entry.
func WriteRoster(people []Listed, keys []evidence.PublicKey) (map[string]string, error) {
	text, err := canon.Marshal(append([]Listed{}, people...))
	if err != nil {
		return nil, err
	}
	details := map[string]string{DetailPeople: string(text)}
	if len(keys) > 0 {
		texts := make([]string, len(keys))
		for i, k := range keys {
			texts[i] = k.VKey()
		}
		details[DetailKeys] = strings.Join(texts, " ")
	}
	return details, nil
}

// ReadRoster reads what WriteRoster writes, in the one form in which it writes
// it, or fails with Malformed. It refuses a key that is not, by its name, the
// person's or the agency's.
func ReadRoster(details map[string]string) (people []Listed, keys []evidence.PublicKey, err error) {
	if err := canon.Unmarshal([]byte(details[DetailPeople]), &people); err != nil {
		return nil, nil, evidence.WrapError(evidence.Malformed, err, "a roster cannot be read")
	}
	for _, p := range people {
		for _, text := range p.Keys {
			k, err := parseKey(text)
			if err != nil {
				return nil, nil, evidence.WrapError(evidence.Malformed, err, "a key of the roster cannot be read")
			}
			if role, id, _ := RoleOf(k.Name); role != RolePerson || id != p.ID {
				return nil, nil, evidence.Errorf(evidence.Malformed, "the roster gives %s the key %s, which is not theirs by its name", p.ID, k.ID())
			}
		}
	}
	for text := range strings.FieldsSeq(details[DetailKeys]) {
		k, err := evidence.ParseVKey(text)
		if err != nil {
			return nil, nil, evidence.WrapError(evidence.Malformed, err, "a key of the roster cannot be read")
		}
		if role, _, ok := RoleOf(k.Name); !ok || role == RolePerson || role == RoleRoot {
			return nil, nil, evidence.Errorf(evidence.Malformed, "the roster lists %s, which is no key of the agency by its name", k.ID())
		}
		keys = append(keys, k)
	}
	again, err := WriteRoster(people, keys)
	if err != nil || again[DetailPeople] != details[DetailPeople] || again[DetailKeys] != details[DetailKeys] {
		return nil, nil, evidence.Errorf(evidence.Malformed, "the roster is not written in the one way in which it can be")
	}
	return people, keys, nil
}

// parseKey reads a key that nothing stands around.
func parseKey(text string) (evidence.PublicKey, error) {
	k, err := evidence.ParseVKey(text)
	if err == nil && k.VKey() != text {
		err = evidence.Errorf(evidence.Malformed, "white space stands around the key %s", k.ID())
	}
	return k, err
}
