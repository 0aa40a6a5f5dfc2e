// Package intake brings files into a case from the command line: it finds
// them, sends them several at a time, hashes them while it reads, remembers in
// a journal how far it came, and goes on from there after an interruption.
//
// A folder is one exhibit, a collection (package evidence/collection), unless
// each file is to be one. Nothing is followed: a symbolic link or a special file
// is named, never opened. Whatever goes wrong with one file leaves the others
// alone, and is said: it is never passed over.
package intake
