package servers

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// secretText returns a password nobody can guess: 26 letters and digits.
func secretText() string { return rand.Text() }

// secretKey returns 32 random bytes in base64.
func secretKey() string {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

// remember reads the value kept at path into v, or makes it with fresh and
// keeps it, readable by the owner only.
func remember[T any](path string, fresh func() T) (T, error) {
	value, err := recall[T](path)
	if !errors.Is(err, os.ErrNotExist) {
		return value, err
	}
	value = fresh()
	return value, Keep(path, value)
}

// recall reads what Keep wrote.
func recall[T any](path string) (value T, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return value, fmt.Errorf("reading what was kept: %w", err)
	}
	if err := json.Unmarshal(data, &value); err != nil {
		return value, fmt.Errorf("reading %s: %w", path, err)
	}
	return value, nil
}

// Keep writes a value as JSON to a file that only its owner may read, whole or
// not at all.
func Keep(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("keeping %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".keep-") // mode 0600
	if err != nil {
		return fmt.Errorf("keeping %s: %w", path, err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(data, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("keeping %s: %w", path, err)
	}
	return nil
}
