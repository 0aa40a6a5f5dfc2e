// Package station is a whole Sealcase on one machine: the real servers (package
// servers), the bootstrap of Vault, buckets, indexes and workflows, the API
// with the user interface, and the worker, each a process of its own.
//
// [Up] is the way in. The command `go run ./deploy/local` holds a Station up for
// a person, the end-to-end tests kill parts of one, and deploy/bench measures
// one. Nothing here is meant for production: everything listens on loopback and
// the passwords of the demonstration's people lie in a file beside the data.
//
// Its tests take more than half a minute, about five to ten: each kills one real
// process after the other, under a delivery of some hundred files or a bundle of
// hundreds of megabytes, and waits until everything is whole again. Temporal notices a
// dead worker after 10 to 20 s, MongoDB's driver gives up after 30 s, and there is no
// clock of ours in between that could be moved.
package station
