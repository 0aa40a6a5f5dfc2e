package servers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// mainModule is the first line of the go.mod that marks the repository root.
const mainModule = "module github.com/sealcase/sealcase\n"

// modulesDir finds the folder of the nested modules, looking for the root of
// the repository upwards from dir.
func modulesDir(dir string) (string, error) {
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("looking for the repository: %w", err)
		}
		if bytes.HasPrefix(data, []byte(mainModule)) {
			return filepath.Join(dir, "deploy", "local", "servers"), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("looking for the repository: run this inside a checkout of Sealcase, " +
				"or give the addresses of running servers in the SEALCASE_* variables")
		}
		dir = parent
	}
}
