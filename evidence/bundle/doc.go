// Package bundle writes and verifies case bundles: what a prosecutor hands to
// a court or to the defence, and what anybody can check offline with nothing
// but the file and the agency's public keys.
//
// A bundle is a BagIt bag (RFC 8493) in a zip whose every byte follows from
// its contents, so that nothing can be hidden between the members. FORMAT.md
// is its specification; a verifier in another language needs nothing else.
//
// Write makes one from a Source as a stream; Verify checks one and returns a
// Report. A Proof, kept beside the bundle, shows that the log records the
// disclosure itself. The package does no input or output but through the
// readers and writers that it is given, and knows no driver.
package bundle
