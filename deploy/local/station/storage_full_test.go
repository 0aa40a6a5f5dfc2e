package station_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// TestStorageFull lets the object store run full in the middle of a delivery.
//
// A disk that is full cannot be had without being root, so the API of this test
// reaches the real store through a proxy that answers writes as MinIO does then.
func TestStorageFull(t *testing.T) {
	store := newFillingStore(t)
	emil := onWire(t, "emil")
	server := furtherAPI(t, store.address)
	c, dir := openCase(t), t.TempDir()
	for name, content := range map[string][]byte{"fits.txt": []byte("fits"), "disk.dd": random(70, 40<<20), "small.bin": random(71, 9000)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	deliver := func() outcome {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		cmd := as(t, "emil").shell.Command(ctx, addArgs(c, dir)...)
		cmd.Env = append(cmd.Env, "SEALCASE_SERVER="+server, "SEALCASE_TOKEN="+emil.token)
		return finish(cmd)
	}
	store.full.Store(true)
	o := deliver()
	for _, words := range []string{"no room left", "administrator", "1 in the case, 2 failed", "The same command tries them again; the others are not sent twice"} {
		if o.code != exitUnavailable || !strings.Contains(o.said(), words) {
			t.Errorf("a full store: exit code %d, want %d and %q:\n%s", o.code, exitUnavailable, words, o.said())
		}
	}
	if items := itemsOf(t, c); len(items) != 1 || items[0].Name != "fits.txt" {
		t.Errorf("half visible: %+v", items)
	}
	if n := count(logOf(t, c), evidence.ActReceived); n != 1 {
		t.Errorf("%d files are on record as received", n)
	}
	store.full.Store(false)
	if o := deliver(); o.code != 0 || !strings.Contains(o.said(), "1 files are in already") {
		t.Errorf("with room again: exit code %d:\n%s", o.code, o.said())
	}
	prefix := evidence.FileName(filepath.Base(dir)) + "/"
	settled(t, c, map[evidence.FileName]evidence.Digest{
		prefix + "fits.txt": evidence.Sum([]byte("fits")), prefix + "disk.dd": evidence.Sum(random(70, 40<<20)), prefix + "small.bin": evidence.Sum(random(71, 9000)),
	})
}

// fillingStore is the object store, which may be full but for the first part of
// a large object and for a few bytes.
type fillingStore struct {
	address string
	full    atomic.Bool
}

func newFillingStore(t *testing.T) *fillingStore {
	t.Helper()
	s := &fillingStore{}
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: shared.Servers.S3.Endpoint})
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.full.Load() && r.Method == http.MethodPut && r.ContentLength > 1000 && r.URL.Query().Get("partNumber") != "1" {
			_, _ = io.Copy(io.Discard, r.Body) // as MinIO does; whatever comes is not kept
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusInsufficientStorage)
			_, _ = io.WriteString(w, "<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.</Message></Error>")
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s.address = strings.TrimPrefix(front.URL, "http://")
	return s
}

// furtherAPI starts another API of the station, on another object store.
func furtherAPI(t *testing.T, store string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := listener.Addr().String()
	listener.Close()
	cmd := exec.Command(shared.Program("sealcase"), "serve", "--listen", listen)
	cmd.Env = append(shared.Environ("api"), "SEALCASE_S3_ENDPOINT="+store)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Logf("the further API ended: %v\n%s", err, tail(said.String()))
		}
	})
	address = "http://" + listen
	until(t, "the further API is ready", time.Minute, func() bool {
		response, err := http.Get(address + "/readyz")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
	return address
}
