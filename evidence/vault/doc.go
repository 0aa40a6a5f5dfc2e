// Package vault asks HashiCorp Vault who somebody is and has it sign. It is an
// adapter: it knows Vault and the vocabulary (package evidence), and holds no
// password, no private key and no rule of custody.
//
// [Bootstrap] sets Vault up with an administrator's token: the transit keys,
// the people, the roles, and what each process of ours may do. [New] gives a
// [Client], with which a process signs in as itself and serves people.
//
// Terms: a *session* is a Vault token of a person; a *role* is a Vault policy
// named after it; the *log*, the *seal* and the *worker* key are transit keys of
// the agency that never leave Vault, and each version of them is a key of its
// own, named "<origin>/<key>/v<version>".
//
// Each person has a transit key of their own, "<origin>/person/<ID>/v<version>",
// made at the first sign-in. Vault lets only a token of that person sign with
// it; what our processes sign in with cannot. What stays possible is said here,
// because no policy of ours can prevent it: whoever holds an administrator's
// rights in Vault can make a key exportable or sign in as somebody. The first
// shows (the key is refused from then on), the second is in the audit log of
// Vault, where one is kept. Only administrators make new versions of a key.
//
// Tokens, passwords and secret IDs are never logged and never in an error.
package vault
