package vault

import (
	"fmt"
	"strings"
)

// The processes of ours that sign in to Vault.
const (
	ServiceAPI    = "api"
	ServiceWorker = "worker"
)

// rule is one path of a policy and what may be done there. Vault refuses
// whatever no rule allows; of several rules for a path the most exact one
// counts, and "deny" outweighs every other rule for the same path.
type rule struct {
	path  string
	may   string // capabilities, joined by a space
	why   string
	limit string // what requests may carry; anything when empty
}

// policyPerson is the policy of everybody who signs in, with or without a role.
const policyPerson = "person"

// personID stands, in a path of a policy, for the entity that the token belongs
// to: Vault fills it in at each request.
const personID = "{{identity.entity.id}}"

// personPolicy is what a person may do in Vault: look after the own session, and
// make and use the own key. Not even the own password: Vault asks for no old one
// (see SetPassword). The policy of each role says the same and no more: what a
// role means is decided by us, and Vault says who holds it.
func personPolicy(l Layout) string {
	rules := append(append(ownSession(), ownKey(l)...), neverKeys(l)...)
	rules = append(rules, rule{path: l.Transit + "/sign/" + KeyRoot, may: "deny", why: "which keys count is for administrators"})
	return policyText(append(rules, neverLogins(l)...))
}

// ownKey lets a person make and use one key. A request that makes it may say its
// type and nothing else, so that Vault's defaults hold: not exportable, no
// backup in plain text. Only an administrator makes a new version of it (as of
// any key): that needs no secret of the person, and whoever stole a session
// could otherwise make versions without end.
func ownKey(l Layout) []rule {
	name := personKey(personID)
	return []rule{
		{l.Transit + "/keys/" + name, "create update", "make the own key, which cannot leave Vault",
			"required_parameters = [\"type\"]\n  allowed_parameters = { \"type\" = [\"ed25519\"] }"},
		{l.Transit + "/sign/" + name, "update", "sign the own acts",
			"allowed_parameters = { \"batch_input\" = [], \"key_version\" = [] }"},
	}
}

// servicePolicy is what a process of ours may do in Vault. None may sign as a
// person: that takes the person's own token.
func servicePolicy(l Layout, service string) string {
	rules := ownSession()
	for _, key := range agencyKeys() {
		rules = append(rules, rule{path: l.Transit + "/keys/" + key, may: "read", why: "the public keys"})
	}
	rules = append(rules,
		rule{path: l.Transit + "/keys/" + personKey("*"), may: "read", why: "the public keys of people"},
		rule{path: l.Transit + "/sign/" + personKey("*"), may: "deny", why: "nobody signs for somebody else"},
		rule{path: l.Transit + "/sign/" + KeyRoot, may: "deny", why: "which keys count is for administrators"},
		rule{path: l.Stated + "/" + statedName, may: "read", why: "which keys count, as the root states"},
		rule{path: l.Transit + "/sign/" + KeyLog, may: "update", why: "sign the heads of logs"},
		rule{path: l.Transit + "/datakey/plaintext/" + KeyPayload, may: "update", why: "encrypt what the workflow engine keeps"},
		rule{path: l.Transit + "/decrypt/" + KeyPayload, may: "update", why: "read it again"},
		rule{path: "identity/entity/id/+", may: "read", why: "name and roles of a person"},
		rule{path: "identity/group/id/+", may: "read", why: "roles of a person through a group"})
	switch service {
	case ServiceAPI:
		rules = append(rules,
			rule{path: "identity/lookup/entity", may: "update", why: "find a person by login"},
			rule{path: "sys/auth", may: "read", why: "which mount the logins of people are"})
	case ServiceWorker:
		rules = append(rules,
			rule{path: l.Transit + "/sign/" + KeySeal, may: "update", why: "seal items"},
			rule{path: l.Transit + "/sign/" + KeyWorker, may: "update", why: "sign the acts of the machine"})
	}
	return policyText(append(rules, neverKeys(l)...))
}

func ownSession() []rule {
	return []rule{
		{path: "auth/token/lookup-self", may: "read", why: "the own session"},
		{path: "auth/token/renew-self", may: "update", why: "prolong it"},
		{path: "auth/token/revoke-self", may: "update", why: "end it"},
	}
}

// neverKeys says aloud what no rule allows anyway, so that a rule for the same
// path in another policy of the same token does not allow it either.
func neverKeys(l Layout) []rule {
	var rules []rule
	for _, path := range []string{
		"/keys/+/config", "/keys/+/rotate", "/keys/+/trim", "/keys/+/import", "/keys/+/import_version", "/keys/+/soft-delete",
		"/export/*", "/byok-export/*", "/backup/*", "/restore", "/restore/*",
	} {
		rules = append(rules, rule{path: l.Transit + path, may: "deny", why: "keys stay as they are, and stay in Vault"})
	}
	return rules
}

// neverLogins does the same for what people sign in with.
func neverLogins(l Layout) []rule {
	var rules []rule
	for _, path := range []string{"auth/" + l.People + "/users/*", "identity/*"} {
		rules = append(rules, rule{path: path, may: "deny", why: "who somebody is, and how they sign in, is for administrators"})
	}
	return rules
}

func policyText(rules []rule) string {
	var b strings.Builder
	for _, r := range rules {
		capabilities := `"` + strings.Join(strings.Fields(r.may), `", "`) + `"`
		fmt.Fprintf(&b, "# %s\npath %q {\n  capabilities = [%s]\n", r.why, r.path, capabilities)
		if r.limit != "" {
			fmt.Fprintf(&b, "  %s\n", r.limit)
		}
		b.WriteString("}\n")
	}
	return b.String()
}
