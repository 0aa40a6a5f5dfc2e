// Package journey has only tests: the workflows with the real custody, on real
// servers.
package journey
