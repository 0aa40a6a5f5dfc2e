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
// whatever no rule allows; "deny" outweighs every other rule for a path.
type rule struct {
	path string
	may  string
	why  string
}

// policyPerson is the policy of everybody who signs in, with or without a role.
const policyPerson = "person"

// personPolicy is what a person may do in Vault: look after the own session and
// the own password. The policy of each role says the same and no more: what a
// role means is decided by us, and Vault says who holds it.
func personPolicy(l Layout, accessor string) string {
	own := "auth/" + l.People + "/users/{{identity.entity.aliases." + accessor + ".name}}/password"
	return policyText(append(ownSession(), rule{own, "update", "change the own password"}))
}

// servicePolicy is what a process of ours may do in Vault.
func servicePolicy(l Layout, service string) string {
	rules := ownSession()
	for _, key := range []string{KeyLog, KeySeal} {
		rules = append(rules, rule{l.Transit + "/keys/" + key, "read", "the public keys"})
	}
	rules = append(rules, rule{l.Transit + "/sign/" + KeyLog, "update", "sign the heads of logs"})
	switch service {
	case ServiceAPI:
		rules = append(rules,
			rule{"identity/lookup/entity", "update", "find a person by login"},
			rule{"identity/entity/id/+", "read", "the name of a person"},
			rule{"sys/auth", "read", "which mount the logins of people are"})
	case ServiceWorker:
		rules = append(rules, rule{l.Transit + "/sign/" + KeySeal, "update", "seal items"})
	}
	return policyText(append(rules, neverKeys(l)...))
}

func ownSession() []rule {
	return []rule{
		{"auth/token/lookup-self", "read", "the own session"},
		{"auth/token/renew-self", "update", "prolong it"},
		{"auth/token/revoke-self", "update", "end it"},
	}
}

// neverKeys says aloud what no rule allows anyway, so that another policy added
// to the same token later does not allow it either.
func neverKeys(l Layout) []rule {
	var rules []rule
	for _, path := range []string{
		"/keys/+/config", "/keys/+/rotate", "/keys/+/trim", "/keys/+/import", "/keys/+/import_version", "/keys/+/soft-delete",
		"/export/*", "/byok-export/*", "/backup/*", "/restore", "/restore/*",
	} {
		rules = append(rules, rule{l.Transit + path, "deny", "keys stay as they are, and stay in Vault"})
	}
	return rules
}

func policyText(rules []rule) string {
	var b strings.Builder
	for _, r := range rules {
		fmt.Fprintf(&b, "# %s\npath %q {\n  capabilities = [%q]\n}\n", r.why, r.path, r.may)
	}
	return b.String()
}
