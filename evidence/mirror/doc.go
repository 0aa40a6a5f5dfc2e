// Package mirror keeps a second record of what is published of every log, in a
// locked bucket that forgets nothing: the entries, the signed heads, what was
// disclosed, alarms, and what outsiders vouched for. Whoever can write to the
// database cannot write over it; the database is held against it, and can be
// made anew from it.
//
// A *segment* is a run of entries, one line each, exactly as hashed. Segments
// may overlap, because several processes mirror the same log: where they do
// they say the same, or somebody forged one. The *mark* is how many entries a
// log has here without a gap by the names of segments; what counts is what a
// signed head that is here covers of them. An object is written after what it speaks of: a
// head after its entries.
//
// Nothing here is believed for lying where it lies. Every version under a key
// counts, hidden by a delete marker or not; of those that contradict each other
// the one that was stored first counts, which nobody can have put before it,
// and the contradiction is reported as an [Oddity]. [Log.Read] gives entries
// with the proof that our key signed them.
//
// The layout of the bucket:
//
//	logs/<case>/entries/<from>-<to>.jsonl  entries from to to-1, each and an LF
//	logs/<case>/checkpoints/<size>.note    the head that was signed at that size
//	anchors/<size>-<kind>-<by>.json        what an outsider gave for a head of the register
//	disclosures/<id>.json                  a disclosure as it became ready
//	alarms/<id>.json                       an alarm as it was raised
//
// Numbers have twelve digits, so that keys sort as they count. The package
// authorizes nobody.
package mirror
