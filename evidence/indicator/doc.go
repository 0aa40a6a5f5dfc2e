// Package indicator finds indicators of compromise and of money in text:
// addresses of machines, people and accounts, telephone numbers, digests, keys,
// identifiers of weaknesses and techniques. It validates what has a checksum,
// normalises values so that the same thing has the same text, and undoes the
// usual defanging ("hxxp", "[.]", "[at]").
//
// It prefers few false alarms: a value may be somebody's who has nothing to do
// with a case. What cannot be told from a file name, a version or program code
// is left out unless its surroundings say what it is, and a name is whole or not
// there: "rgen@example.org" is not in "jürgen@example.org".
//
// Text is found in the form in which it is written: see Scan. A view is such a
// text, a token what stands between blanks, quotation marks and the like, and a
// word what a name may be of. Each byte of a view knows its place in the input.
//
// Input is hostile and without bound: Scan holds one window of it, and no match
// is longer than MaxLength bytes.
package indicator
