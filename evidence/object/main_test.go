package object_test

import (
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.MinIO, servers.Versitygw) }
