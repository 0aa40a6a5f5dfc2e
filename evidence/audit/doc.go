// Package audit compares everything that an installation keeps with everything
// that was signed, and says what differs: the entries of each log with the
// mirror's, heads with each other and with the register's, what the registry says
// of cases, items and disclosures with their entries, in every version, the tiles,
// snapshots and heads that it keeps beside each log with the tree and the fold,
// which tickets were used with the reads on record, stored objects with what
// entries say of them, whatever else is stored with nothing at all, the keys that
// rosters name with Vault's, and how buckets are configured.
//
// What differs is an alarm. An alarm's identifier is a function of what differs,
// so that finding it again is the same alarm. The package writes nothing but
// locks, which it moves on: who runs an audit raises what it finds.
//
// The mirror is believed before the registry, because nobody can write over it;
// neither is believed without signatures: only entries that passed every check
// say anything (caseRead). An audit reads page by page and holds in memory some
// dozens of bytes for each case and for each entry of the case that it is at, 17
// bytes for each ticket that was used, for each person a few keys, what the entries
// of one case name in storage, and the alarms of the register.
//
// It ends, whatever somebody plants: loops go over what was read, never up to a
// number that was read; one document that is bad costs its own finding; what is
// found is bounded, and counted beyond that; a case has a time of its own, and one
// that cannot be read waits until the others are done. What is found is raised as
// it is found.
//
// While it runs the installation goes on working: what looks wrong only because
// it is being written is looked at again before it is an alarm.
package audit
