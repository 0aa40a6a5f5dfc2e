// Package rebuild makes an empty registry anew from what nobody can have written
// over: the mirror of every log, and the seals and bundles that lie beside the
// bytes. It believes nothing that is not signed: a log is read and checked as far
// as its last good head before anything of it is written, and of what the
// manifests say only what the log says too.
//
// What the buckets do not have it cannot make: uploads that were not finished,
// what analyzers found. The [Report] says so, and names whatever is not
// as it should be.
//
// It holds in memory some hundred bytes for each signed head of the log that it
// is at, and a few thousand items.
package rebuild
