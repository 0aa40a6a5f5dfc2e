// Package station is a whole Sealcase on one machine: the real servers (package
// servers), the bootstrap of Vault, buckets, indexes and workflows, the API
// with the user interface, and the worker, each a process of its own.
//
// [Up] is the way in. The command `go run ./deploy/local` holds a Station up for
// a person, the end-to-end tests kill parts of one, and deploy/bench measures
// one. Nothing here is meant for production: everything listens on loopback and
// the passwords of the demonstration's people lie in a file beside the data.
package station
