package servers_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// keeperDir, in the environment, makes this test binary the process that keeps
// a stack, so that a test can kill it.
const keeperDir = "SEALCASE_TEST_KEEPER_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(keeperDir); dir != "" {
		keep(dir)
	}
	os.Exit(m.Run())
}

// keep brings FerretDB up, says where, and waits to be killed.
func keep(dir string) {
	stack, err := servers.Up(context.Background(), servers.Config{Dir: dir, Only: []servers.Name{servers.Mongo}, Private: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(stack.MongoURI)
	fmt.Println(stack.EmbeddedDSN)
	select {}
}

func TestServersEndWithTheirKeeper(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Log("only Linux can promise this")
		return
	}
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	keeper := exec.Command(self)
	keeper.Env = append(os.Environ(), keeperDir+"="+dir)
	keeper.Stderr = os.Stderr
	out, err := keeper.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := keeper.Start(); err != nil {
		t.Fatal(err)
	}
	defer keeper.Process.Kill()
	var addresses []string
	for lines := bufio.NewScanner(out); len(addresses) < 2 && lines.Scan(); {
		u, err := url.Parse(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, u.Host)
	}
	if len(addresses) != 2 || !listening(addresses[0]) || !listening(addresses[1]) {
		t.Fatalf("the stack is not up at %v", addresses)
	}
	if err := keeper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = keeper.Wait()
	for _, address := range addresses {
		if !gone(address) {
			t.Errorf("%s still listens after its keeper was killed", address)
		}
	}
	up(t, dir, servers.Mongo) // and the data folder is free again
}

func listening(address string) bool {
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// gone waits until nothing listens.
func gone(address string) bool {
	for range 100 {
		if !listening(address) {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}
