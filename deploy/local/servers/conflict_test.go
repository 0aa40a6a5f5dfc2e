package servers_test

import (
	"net"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

func TestOneStackToADataFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	up(t, dir, servers.Versitygw)
	_, err := servers.Up(t.Context(), servers.Config{Dir: dir, Only: []servers.Name{servers.Versitygw}, Private: true})
	if err == nil || !strings.Contains(err.Error(), "in use by a running stack") {
		t.Errorf("got %v", err)
	}
}

func TestUnknownServer(t *testing.T) {
	t.Parallel()
	_, err := servers.Up(t.Context(), servers.Config{Dir: t.TempDir(), Only: []servers.Name{"oracle"}})
	if err == nil || !strings.Contains(err.Error(), "oracle") {
		t.Errorf("got %v", err)
	}
}

func TestFixedPortThatIsTaken(t *testing.T) {
	t.Parallel()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().(*net.TCPAddr)
	free.Close()
	ports := map[servers.Name]int{servers.Versitygw: address.Port}
	config := servers.Config{Dir: t.TempDir(), Only: []servers.Name{servers.Versitygw}, Ports: ports, Private: true}
	first, err := servers.Up(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer down(t, first)
	if first.Versitygw.Endpoint != address.String() {
		t.Errorf("it is at %s", first.Versitygw.Endpoint)
	}
	config.Dir = t.TempDir()
	if _, err := servers.Up(t.Context(), config); err == nil || !strings.Contains(err.Error(), "taken by another program") {
		t.Errorf("got %v", err)
	}
}
