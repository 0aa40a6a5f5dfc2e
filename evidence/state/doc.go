// Package state is the one fold: checked entries of a log in, what is true of the
// case out - its versions, its people and members, its intakes, items, locks and
// disclosures - and whether a further act may happen. Custody decides on it, the
// registry's records are projections of it, an audit and a rebuild compare and
// write the same projections, and the verifiers judge a bundle's entries by it.
//
// It believes what it is given: whoever gives it entries has checked who signed
// them, and, where acts are decided on, has asked Judge before. It performs no
// input or output.
package state
