// Package servers finds, builds, starts and stops the four real engines that
// Sealcase stands on, on one machine and for one user: MongoDB (or FerretDB over
// PostgreSQL where there is no mongod), Vault, Temporal and MinIO.
//
// [Up] is the way in. For each server it takes, in this order: an address in the
// environment (the SEALCASE_* variables that [Stack.Environ] also prints), a
// binary on PATH, or a binary built once from the pinned nested module beside
// this package and kept in a cache. The result is a [Stack] that knows how to
// reach every server, can stop them in order, and can kill and restart one for
// a fault test.
//
// Vocabulary: a *server* is what a caller asks for by [Name]; it runs as one or
// two *processes*; an *artifact* is the pinned recipe of one program.
//
// Everything listens on loopback, passwords are generated and kept in files
// that only the owner can read, and nothing here is meant for production: the
// key that unseals Vault lies beside its data. The package works on Linux and
// macOS. It must not be imported by anything that ships.
package servers
