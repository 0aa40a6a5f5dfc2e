// Package evidence is the vocabulary of custody: the names, values and errors
// that every other package speaks. It imports the standard library only and
// performs no input or output.
//
// The terms, as this program uses them:
//
//   - A Case is one investigation. It has members, a state and one log.
//   - An Item is one exhibit: bytes with one SHA-256, in one case, with one
//     custodian at a time. Its exhibit number counts within the case from 1.
//   - An Intake is one delivery of items into a case: who brought them, from
//     where, on whose authority. It ends when every item is sealed or
//     quarantined.
//   - An Upload is the way of one item's bytes into storage; it can be broken
//     and resumed. It ends as an item, or leaves nothing behind.
//   - A Seal is a signed statement over an item's digest (package seal).
//   - An Entry is one act, in the case's log, in canonical bytes. Nothing is
//     ever edited; a mistake gets a correcting entry.
//   - A Checkpoint is the signed head of a log (package ledger).
//   - A Disclosure is a bundle made for a recipient (package bundle).
//   - A Finding is what an analyzer states about an item (package analyze).
package evidence
