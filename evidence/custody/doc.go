// Package custody is the service through which everything that happens to
// evidence happens: it is the only writer of objects, registry and ledger
// together. A Service authorizes each act itself (the actor's roles and the
// actor's membership of the case, both), writes the bytes and the metadata,
// and puts the act on record in the case's log.
//
// What it promises its callers:
//
//   - Idempotence. A step that carries an identifier (a case, an intake, an
//     upload, an item, a disclosure) can be retried after a lost answer; it is
//     recorded once.
//   - Order. Bytes are locked before they are recorded, and recorded before
//     they are shown; a read of bytes is on record before its first byte.
//   - Need-to-know. Whoever is not a member of a case gets the same NotFound
//     as for a case that does not exist.
//
// It holds no state that cannot be rebuilt: several Services, in one process or
// many, may work on the same case at the same time.
//
// The package declares the small interfaces that it needs (Objects, Registry);
// adapters implement them, and package cmd hands them over.
package custody
