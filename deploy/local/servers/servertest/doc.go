// Package servertest gives integration tests the real servers.
//
// A package that needs some says so once:
//
//	func TestMain(m *testing.M) { servertest.Main(m, servers.Mongo, servers.Vault) }
//
// and then asks in a test: servertest.Mongo(t), servertest.Vault(t). Where the
// SEALCASE_* variables give addresses, those servers are used (this is what
// `go run ./deploy/local test` does), and tests of many packages share them; so
// take fresh names for buckets, keys, mounts and workflow IDs. Otherwise the
// servers are started for the package in a temporary folder.
//
// A test that kills servers takes a stack for itself with [Own].
//
// Nothing here ever skips a test: if a server cannot be had, the test fails and
// says why.
package servertest
