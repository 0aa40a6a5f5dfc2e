package station

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Config says where a station lives.
type Config struct {
	Dir      string    // all data, logs and passwords; made where it is missing
	Port     int       // of the API on loopback; 0 takes a free one
	Progress io.Writer // tells the person who waits what is going on; may be nil
	Web      bool      // build the user interface; without it the program serves its placeholder
	Private  bool      // ignore addresses of servers in the environment: for tests that kill servers
}

// mainModule is the first line of the go.mod that marks the repository root.
const mainModule = "module github.com/sealcase/sealcase\n"

// Root returns the root of the repository, looking upwards from the working
// directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("looking for the repository: %w", err)
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(data), mainModule) {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("looking for the repository: run this inside a checkout of Sealcase")
		}
		dir = parent
	}
}
