// Package audit compares everything that an installation keeps with everything
// that was signed, and says what differs: the entries of each log with the
// mirror's, heads with each other and with the register's, what the registry
// says of cases, items and disclosures with their entries, stored objects with
// what entries say of them, whatever else is stored with nothing at all, the keys
// that rosters name with Vault's, and how buckets are configured.
//
// What differs is an alarm. An alarm's identifier is a function of what differs,
// so that finding it again is the same alarm. The package writes nothing but
// locks, which it moves on: who runs an audit raises what it finds.
//
// The mirror is believed before the registry, because nobody can write over it;
// neither is believed without signatures. An audit reads page by page and holds
// in memory some dozens of bytes for each case, for each person a few keys, and
// what the entries of one case name in storage.
// While it runs the installation goes on working: what looks wrong only because
// it is being written is looked at again before it is an alarm.
package audit
