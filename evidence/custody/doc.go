// Package custody is the service through which everything that happens to
// evidence happens: it is the only writer of objects, registry and ledger
// together. What is true of a case is what package state makes of the checked
// entries of its log; a Service decides on that (the actor's roles and grant, and
// how the case stands), writes the bytes, puts the act on record and writes the
// records that follow. No record of the registry opens, allows or changes
// anything: it says where to look, and the log says whether it is so.
//
// What it promises its callers:
//
//   - Idempotence. A step that carries an identifier (a case, an intake, an
//     upload, an item, a disclosure) can be retried after a lost answer; it is
//     recorded once.
//   - Order. Bytes are locked before they are recorded, and recorded before
//     they are shown; a read of bytes is on record before its first byte.
//   - Signatures. Every entry is signed: an act of a person by that person's own
//     key, which only their session can use, before anything is recorded; an act
//     of the machine by the worker's. A process without the worker's key cannot
//     record one.
//   - Need-to-know. Whoever is not a member of a case gets the same NotFound
//     as for a case that does not exist.
//
// It holds no state that cannot be rebuilt: several Services, in one process or
// many, may work on the same case at the same time.
//
// # The log
//
// Package logbook keeps the logs: it appends, checks, signs heads and mirrors them.
//
// # Who signs
//
// Package attest says what a signature of an entry is. A log begins with a roster,
// by the worker, of the people who act in it and their keys, and gets another
// before somebody acts whom it does not know. A process that is no worker asks one
// for it (Steward). What an act needs and a workflow does is signed before it goes
// there (Sign, SignOpening) and recorded byte for byte (Record).
//
// An upload is signed twice by whoever brings it, though neither is an entry: its
// record when it begins, and again, with the digest, when the bytes are there and
// before there is an item of them. So what the registry keeps of it between
// requests, or after a crash, becomes a receipt only as its person said it. What is
// signed about an item later is held against that receipt, and the authority of an
// intake is the one in the entry that opened it.
//
// A new version of a key is introduced by the old one, in a key entry, before
// anything by it goes into a log. So whoever trusts the first version can verify
// everything, also a bundle that was written during a rotation.
//
// While Vault is sealed, acts of people are refused and leave nothing. The
// machine's wait in the process, up to a limit, and go on record in their order when
// Vault is back. Nothing is disclosed meanwhile: a request is an act of a person.
//
// # Uploads
//
// A large upload is a multipart at its final key, locked from birth; what does
// not fill a part when a connection breaks waits in staging. Each step is
// recorded with the state of the hash, so that any process carries it on at the
// exact byte. Small files are written whole, at once where their SHA-256 was
// declared when the upload began. Completion compares the digest first, then
// stores, then gives the exhibit number, then puts the receipt on record; a
// retry goes on where it was cut off.
//
// The package declares the small interfaces that it needs (Objects, Registry, Directory, Mirror);
// adapters implement them, and package cmd hands them over.
package custody
