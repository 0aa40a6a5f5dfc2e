// Package ledger is the arithmetic of a case's log: an append-only Merkle tree
// with the hashing of RFC 6962, its signed heads in the form of C2SP
// tlog-checkpoint, and the proofs that an entry is in it and that a later head
// continues an earlier one. It is pure: it stores nothing, reads no clock and
// knows no server.
//
// Use LeafHash on the canonical bytes of each entry and Tree to arrive at the
// root; SignCheckpoint and OpenCheckpoint to make and check a head; the Prove
// functions where the log is kept, and the Verify functions where it is
// received.
//
// The log is kept in tiles of TileSize leaves, as in C2SP tlog-tiles: a proof
// reads a few tiles' leaves, and one hash of each other tile.
package ledger
