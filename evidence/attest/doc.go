// Package attest signs entries and checks who signed them. An act by a person
// carries that person's own signature, an act of the machine the worker's; both
// are part of the entry, so that the tree of the log commits to them.
//
// What is signed is not an entry but the head of a small tree (RFC 6962) of the
// entries that are signed at once, without their signatures: so one request to
// the signer serves a whole batch of the machine's acts, and checking them
// costs one Ed25519 verification a batch. A person's act is such a batch of one.
//
// Which key belongs to whom is said by the log itself: a roster entry, signed
// by the worker, names people and their keys before they first act. A Checker
// reads a log in its order and believes nobody whom it has not been told of.
//
// Which keys are the agency's is said by its root, a key that does nothing else: its
// statements, which logs record, name them, from an instant on and until they are
// revoked (Statement, Trust). Whoever is given the root needs nothing else.
//
// The package performs no input or output but through the signer it is given.
package attest
