// Package command is the command line: it parses it, asks the server (package
// client) and prints what it says. Human output is tables and sentences; with
// --json each command writes one JSON value of a stable form to the standard
// output, and messages stay on the standard error.
//
// Exit codes:
//
//	0  it was done
//	1  it failed for another reason, or several things failed for several
//	2  the command line is wrong
//	3  not signed in, or not allowed
//	4  there is no such thing
//	5  the state does not allow it now
//	6  bytes are not what they should be: digest, length, seal, key; or an alarm is open
//	7  a server does not answer, is sealed or full; try again later
package command
