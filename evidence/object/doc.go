// Package object keeps bytes in an S3 object store under Object Lock. It is an
// adapter: it knows S3 and the vocabulary (package evidence), and nothing of
// cases, logs or signatures.
//
// [Bootstrap] makes the buckets once; [Open] gives a [Store]; [Store.Probe]
// finds out whether the server keeps Object Lock's word. What goes into the
// evidence, bundles and ledger buckets is born locked, in COMPLIANCE mode, or is
// not written at all; what goes into staging is never locked and expires.
//
// Terms: a *reference* names one version of one object for ever. A *multipart*
// is an object in the making, at its final key, invisible until it is complete.
// The *verdict* is what the last probe found.
//
// Every body travels with its SHA-256 in the signed request and, where the
// server can, with a CRC-64/NVME that it stores, so that bytes which changed on
// the way are refused by the server. Neither replaces hashing what is stored:
// reading back is the duty of custody.
//
// The package holds no body of its own: memory is what callers pass in. It
// never sends a body of unknown length.
package object
