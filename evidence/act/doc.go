// Package act holds the acts as data: what each says (its payload), who may sign
// it, in which log it stands, what it takes to do it, and under which identifier
// it is recorded once. One table (Table) says all of that but the payloads'
// meaning, which package state gives.
//
// What is written in other languages is held by tests to be this table: the
// tables of verify.py, of FORMAT.md and of the user interface.
//
// To add an act: name it in package evidence, write its payload and its row
// here, say in package state what it changes, and call it from package custody.
//
// The package is pure: it performs no input or output and knows no driver.
package act
