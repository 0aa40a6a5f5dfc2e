// Package app puts the program together: it opens the four engines, hands the
// adapters to custody, and gives custody and the workflows to the API or to the
// worker. Nothing is decided here; everything is wired here, and nowhere else.
package app
