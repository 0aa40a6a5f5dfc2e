// Package timestamp has a time-stamp authority say when something was there
// (RFC 3161). Client asks one over HTTP; Verify checks what it gave, then or
// years later, against certificates that the reader trusts.
//
// A token is a statement, signed by the authority, that it saw a SHA-256 at a
// time. Verify believes it only when the imprint is that of the text at hand,
// the signer's certificate is for time-stamping and nothing else, and its chain
// to a trusted root was good at that time. Nothing is looked up: revocation is
// the affair of whoever names the roots.
//
// The ASN.1 is read by github.com/digitorus/timestamp and pkcs7; what RFC 3161
// and RFC 5816 demand beyond a good signature is checked here.
package timestamp
