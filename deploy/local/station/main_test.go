package station_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
)

// shared is the station of this test binary: its servers are killed, sealed and
// brought back by one test after the other, never by two at a time. Main sets
// it, and the test of a second start replaces it.
var shared *station.Station

// shells are the people who have signed in. Sign-ins from one address are
// limited, so everybody signs in once.
var shells = map[string]*station.Shell{}

const downLimit = time.Minute

func TestMain(m *testing.M) { os.Exit(withStation(m)) }

func withStation(m *testing.M) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "sealcase-station-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "making the folder of the station:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := up(ctx, dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ended := make(chan int, 1)
	go func() { ended <- m.Run() }()
	code := 130
	select {
	case code = <-ended:
	case <-ctx.Done(): // interrupted: everything is stopped all the same
	}
	if err := down(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if code != 0 {
		keepLogs(dir)
	}
	return code
}

func up(ctx context.Context, dir string) (err error) {
	shared, err = station.Up(ctx, station.Config{Dir: dir, Private: true, Progress: os.Stderr})
	clear(shells)
	return err
}

func down(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), downLimit)
	defer cancel()
	return shared.Down(ctx)
}

// keepLogs keeps what everything printed when a test has failed.
func keepLogs(dir string) {
	kept, err := os.MkdirTemp("", "sealcase-logs-")
	if err == nil {
		err = os.Rename(filepath.Join(dir, "logs"), filepath.Join(kept, "station"))
	}
	if err == nil {
		err = os.Rename(filepath.Join(dir, "servers", "logs"), filepath.Join(kept, "servers"))
	}
	fmt.Fprintln(os.Stderr, "the logs are kept in", kept, err)
}
