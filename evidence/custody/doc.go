// Package custody is custody of cases: what people want to do to a case (open it, move
// it on, make somebody a member, correct an entry), signed by them and put on record,
// and what the checked entries of its log (package state) say of it. No record of the
// registry opens, allows or changes anything: it says where to look, and the log says
// whether it is so.
//
// What it promises its callers, as the rooms beside it do:
//
//   - Idempotence. A step that carries an identifier can be retried after a lost
//     answer; it is recorded once.
//   - Signatures. Every entry is signed: an act of a person by that person's own
//     key, which only their session can use, before anything is recorded; an act
//     of the machine by the worker's. A process without the worker's key cannot
//     record one.
//   - Need-to-know. Whoever is not a member of a case gets the same NotFound
//     as for a case that does not exist.
//
// What an act needs and a workflow does is signed before it goes there (Sign,
// SignOpening) and recorded byte for byte (Record).
//
// It holds no state that cannot be rebuilt: several Services, in one process or
// many, may work on the same case at the same time. Package clerk says who may act and
// has acts signed, package logbook keeps the log; exhibits (exhibit), the way of
// evidence in (intake), disclosures (disclose) and the log of logs (register) are rooms
// of their own, which package rooms puts together. The tests of this package work with
// all of them at once, also as somebody who can write to the database (MALICE.md).
package custody
