package servers

import (
	"net"
	"testing"
)

func TestPortsAreRemembered(t *testing.T) {
	t.Parallel()
	dir, claims := t.TempDir(), t.TempDir()
	first := openTestPorts(t, dir, claims)
	addr, err := first.address("vault", 0)
	if err != nil {
		t.Fatal(err)
	}
	other := openTestPorts(t, t.TempDir(), claims)
	if clash, err := other.address("vault", portOf(t, addr)); err == nil {
		t.Errorf("gave %s away twice", clash)
	}
	first.release()

	if again, err := openTestPorts(t, dir, claims).address("vault", 0); err != nil || again != addr {
		t.Errorf("got %s, %v; last time it was %s", again, err, addr)
	}
}

func TestPortThatIsTakenIsLeft(t *testing.T) {
	t.Parallel()
	dir, claims := t.TempDir(), t.TempDir()
	first := openTestPorts(t, dir, claims)
	addr, err := first.address("vault", 0)
	if err != nil {
		t.Fatal(err)
	}
	first.release()
	taken, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if next, err := openTestPorts(t, dir, claims).address("vault", 0); err != nil || next == addr {
		t.Errorf("got %s, %v", next, err)
	}
}

func openTestPorts(t *testing.T, dir, claims string) *ports {
	t.Helper()
	p, err := openPorts(dir, claims)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.release)
	return p
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Port
}
