// Package logbook is the log engine: it keeps the logs of cases, and that of the
// register, in a store that only inserts. It knows what entries say of a case
// (package state) and by which rules they are judged, and nothing of how an item, a
// disclosure or an alarm comes to be.
//
// # Appending
//
// Each process appends to a log from one goroutine, in batches of what has gathered:
// an entry's index is the key that it is inserted under, so of two processes one
// wins it and the other goes on behind. An entry's ID is unique, so that a retry
// finds what is on record. A log begins with a roster, and introduces a version of
// the machine's key before anything by it (Keys says both). The machine's entries
// are signed with their batch, one request for up to 256. While nothing can be
// signed they wait, up to MaxWaiting a log, beyond which they are refused (Sealed).
//
// The order of a log is its index. An entry that bears a time of more than a minute
// before an entry that it follows says so in its detail "clock", so that clocks
// that differ neither change the order nor pass unseen; what was signed before it
// was known what it would follow only shows it by its time.
//
// # Reading
//
// What a process remembers of a log is its right edge (package ledger) and what its
// checked entries say (package state). The roots of full tiles of 256 entries are
// kept, and now and then, under a signed head, what the entries say (a signed
// snapshot) with the roots of full spans of 256 tiles, so that a process that reads a
// log first reads a snapshot, the tiles of the last span and the entries since, however
// long the log is. Those roots are held against the signed heads; what is under an old
// span is read, and held against its root, where somebody asks for it. What
// the store gives is compared with what is remembered. Whoever reads a log first
// holds its newest checkpoint, and the newest one of its mirror, against it, and does
// not use a log that was rolled back or rewritten (Tampered). Logs that nobody asked
// for lately are forgotten.
//
// # Heads
//
// Checkpoints are signed in the background and on demand, over entries that were
// checked: who signed each, and whether they might, by the rules of the log. A head is
// signed with a version of the key that the entries under it introduce, if need be an
// old one. Then it is mirrored, with its entries; no act waits for that.
//
// It holds no state that cannot be read again: several Books, in one process or many,
// may work on the same log at the same time.
package logbook
