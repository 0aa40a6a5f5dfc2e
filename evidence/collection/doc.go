// Package collection is the form in which many files are one exhibit: a zip of
// stored members whose last member, manifest.jsonl, says of each file, folder
// and link what it was called, what it was and what its bytes are. FORMAT.md
// specifies it to the byte.
//
// The length of a collection and the place of each member in it follow from what
// is known before a byte of any file is read (Plan), so that it can be sent like
// a file, in parts, and gone on with. What reading then finds (digests, a file
// that is shorter by now) has the same length whatever it is.
//
// The lines of the manifest are the leaves of a Merkle tree (RFC 6962 hashing).
// Each line has a nonce, so that its leaf hash tells nobody what it says: one
// member can be proven to be of a collection (Proof) without showing the others.
//
// Make a Plan of Lines, read the collection from its Stream, Check it where it is
// kept, and list it with Manifest. The package is pure: whoever calls it opens
// files and storage.
package collection
