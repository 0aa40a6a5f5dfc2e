package main

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// writeLarge writes a file of pseudo-random bytes, which nothing on the way can
// make smaller.
func writeLarge(path string, size int64) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("writing the large file: %w", err)
	}
	defer file.Close()
	if _, err := io.CopyN(file, rand.NewChaCha8([32]byte{4}), size); err != nil {
		return fmt.Errorf("writing the large file: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("writing the large file: %w", err)
	}
	return nil
}

const perFolder = 200

// writeMany writes n files of 1 to 8 KiB in folders of 200: some lines such as
// a log has, then bytes that say nothing. It returns how many bytes they have.
func writeMany(dir string, n int) (total int64, err error) {
	source := rand.NewChaCha8([32]byte{20})
	random := rand.New(source)
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprintf("folder-%03d", i/perFolder))
		if i%perFolder == 0 {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				return total, fmt.Errorf("writing the small files: %w", err)
			}
		}
		size := 1<<10 + random.IntN(7<<10)
		if err := writeSmall(filepath.Join(folder, fmt.Sprintf("file-%05d.log", i)), i, size, source); err != nil {
			return total, fmt.Errorf("writing the small files: %w", err)
		}
		total += int64(size)
	}
	return total, nil
}

func writeSmall(path string, i, size int, random io.Reader) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	n, _ := fmt.Fprintf(w, "2026-03-14T09:%02d:%02dZ accepted login of user%d@payroll.example from 203.0.113.%d\n", i/60%60, i%60, i, i%250)
	rest := make([]byte, size)
	if _, err := io.ReadFull(random, rest); err != nil {
		return err
	}
	_, writeErr := w.WriteString(base64.StdEncoding.EncodeToString(rest)[:max(size-n, 0)])
	if err := errors.Join(writeErr, w.Flush()); err != nil {
		return err
	}
	return file.Close()
}
