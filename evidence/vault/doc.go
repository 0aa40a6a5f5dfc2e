// Package vault asks HashiCorp Vault who somebody is and has it sign. It is an
// adapter: it knows Vault and the vocabulary (package evidence), and holds no
// password, no private key and no rule of custody.
//
// [Bootstrap] sets Vault up with an administrator's token: the transit keys,
// the people, the roles, and what each process of ours may do. [New] gives a
// [Client], with which a process signs in as itself and serves people.
//
// Terms: a *session* is a Vault token of a person; a *role* is a Vault policy
// named after it; the *log* and the *seal* key are transit keys that never
// leave Vault, and each version of them is a key of its own, named
// "<origin>/<key>/v<version>".
//
// Tokens, passwords and secret IDs are never logged and never in an error.
package vault
