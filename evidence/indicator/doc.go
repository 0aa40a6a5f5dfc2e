// Package indicator finds indicators of compromise and of money in text:
// addresses of machines, people and accounts, digests, identifiers of
// weaknesses and techniques. It validates what has a checksum, normalises
// values so that the same thing has the same text, and undoes the usual
// defanging ("hxxp", "[.]", "[at]").
//
// It prefers few false alarms: what cannot be told from a file name, a version
// or program code is left out unless its surroundings say what it is.
//
// Input is hostile and without bound: Scan holds one window of it, and no match
// is longer than MaxLength bytes.
package indicator
