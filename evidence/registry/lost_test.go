package registry_test

import (
	"bytes"
	"net"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/registry"
)

// forgetful is a way to the database on which the answer to an insert is lost.
type forgetful struct {
	net.Listener
	target string
	lose   atomic.Bool // the next answer to an insert
}

func (f *forgetful) serve() {
	for {
		client, err := f.Accept()
		if err != nil {
			return
		}
		go f.carry(client)
	}
}

// carry carries one connection until either side, or the loss, ends it.
func (f *forgetful) carry(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", f.target)
	if err != nil {
		return
	}
	defer server.Close()
	var losing atomic.Bool
	go func() {
		copyUntil(server, client, func(sent []byte) bool {
			if bytes.Contains(sent, []byte("upload_steps")) && f.lose.CompareAndSwap(true, false) {
				losing.Store(true)
			}
			return false
		})
		server.Close()
	}()
	copyUntil(client, server, func([]byte) bool { return losing.Load() })
}

// copyUntil copies until an error, or until stop says so of what has come.
func copyUntil(to, from net.Conn, stop func([]byte) bool) {
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		if err != nil || stop(buf[:n]) {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

// TestLostAnswer adds a step of an upload, and the answer is lost: the registry
// tries again, and knows the step as the one that it added.
func TestLostAnswer(t *testing.T) {
	uri, database := servertest.Mongo(t)
	address, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	way := &forgetful{Listener: listener, target: address.Host}
	go way.serve()
	address.Host = listener.Addr().String()
	r, err := registry.Open(t.Context(), registry.Config{URI: address.String(), Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close(t.Context()) })
	id := newID[evidence.UploadID](t)
	for _, tc := range []struct {
		name, body string
		lose, want bool
	}{
		{"the answer is lost", "mine", true, true},
		{"the same once more", "mine", false, false},
		{"somebody else's, and the answer is lost", "theirs", true, false},
	} {
		way.lose.Store(tc.lose)
		added, err := r.AddUploadStep(t.Context(), id, 1, []byte(tc.body))
		if err != nil || added != tc.want || way.lose.Load() {
			t.Errorf("%s: added %t, %v, want %t (not lost: %t)", tc.name, added, err, tc.want, way.lose.Load())
		}
	}
	if steps, err := r.UploadSteps(t.Context(), id); err != nil || len(steps) != 1 || string(steps[0]) != "mine" {
		t.Errorf("kept %q, %v", steps, err)
	}
}
