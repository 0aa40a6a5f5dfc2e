// Package witness speaks C2SP tlog-witness (https://c2sp.org/tlog-witness): a
// witness remembers the newest checkpoint of each log that it is told of,
// cosigns a next one only when that continues it, and so makes it impossible to
// show one log to some and another to others without somebody noticing.
//
// Server is a witness: an http.Handler over a folder that holds its key and,
// for each log, the last checkpoint that it cosigned. Anybody can run one: a
// court, an auditor, another agency. Client asks a witness, this one or any
// other that speaks the protocol, and believes nothing of its answer that the
// witness's key did not sign.
//
// The vocabulary: a log is known by its origin; a cosignature is a note
// signature of type 0x04 with the time in it (C2SP tlog-cosignature); old is
// the size that the witness cosigned last, as the client believes.
//
// Who runs a witness must keep its folder: a witness that forgets what it has
// seen can be shown a rewritten log. It has no use for the log's entries, only
// for its heads.
package witness
