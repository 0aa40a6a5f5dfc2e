package custody_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
)

func TestMain(m *testing.M) {
	if spec := os.Getenv(appenderVariable); spec != "" { // a second process of TestTwoProcesses…
		if err := runAppender(spec); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	servertest.Main(m, servers.MinIO, servers.Mongo, servers.Vault)
}
