// Package registry keeps the metadata of custody in MongoDB, or in the
// embedded default that speaks its protocol (FerretDB over PostgreSQL).
//
// It is insert-only: nothing is ever updated, incremented or deleted, there is
// no transaction and no claim that rests on one. What changes is a new version
// under a unique key, so that every change has its history and of several who
// race for a key exactly one wins; the others are told that it is taken. An
// insert that is repeated after a lost acknowledgement is told the same, so
// whoever uses this package reads what is on record when a key is taken.
//
// Reads are an equality on one top-level field whose documents are bounded in
// number (a key, or a partition such as a tile of 256), and whatever order or
// choice is needed is made here: that is all the embedded default does with an
// index, and on MongoDB it is as fast.
//
// A document is its keys and a body. The body is the value's JSON, in one
// field: the embedded default pays per field that it decodes, PostgreSQL
// refuses U+0000 in a field's text, and a body is returned byte for byte. The
// entries of a log keep their canonical bytes as binary, exactly as hashed.
//
// What a body means is its caller's affair; this package knows the vocabulary
// (package evidence) and the driver, and authorizes nobody.
package registry
