package command

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sealcase/sealcase/evidence"
)

// target is a file to be written: a name in a folder, never a path that
// somebody else chose.
type target struct {
	dir, name string
	force     bool // replace what is there
}

// targetAt returns where to write: at out, or, when that is empty or a folder,
// under the name that the server knows, made safe.
func targetAt(out string, suggested evidence.FileName, force bool) target {
	if info, err := os.Stat(out); out == "" || err == nil && info.IsDir() {
		return target{dir: firstOf(out, "."), name: suggested.SafeName(), force: force}
	}
	return target{dir: filepath.Dir(out), name: filepath.Base(out), force: force}
}

func (t target) path() string { return filepath.Join(t.dir, t.name) }

// free returns a Conflict when something is there that must not be replaced.
func (t target) free(root *os.Root) error {
	_, err := root.Lstat(t.name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && t.force:
		return nil
	case err == nil:
		return evidence.Errorf(evidence.Conflict, "%s is there already and was left alone; --force replaces it", shown(t.path()))
	}
	return fmt.Errorf("looking at %s: %w", t.path(), err)
}

// save writes what content gives, and keeps it only when its digest is the one
// expected. A file that is there is not touched before that.
func (t target) save(content io.Reader, want evidence.Digest) error {
	root, err := os.OpenRoot(t.dir)
	if err != nil {
		return fmt.Errorf("opening the folder %s: %w", t.dir, err)
	}
	defer root.Close()
	if err := t.free(root); err != nil {
		return err
	}
	part := ".sealcase-" + rand.Text()
	file, err := root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing into %s: %w", t.dir, err)
	}
	defer func() { _ = root.Remove(part) }() // nothing is left of it after a rename
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, hash), content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return evidence.WrapError(evidence.Incomplete, err, "the bytes did not come whole; nothing was kept. Try again")
	}
	if got := evidence.Digest(hash.Sum(nil)); got != want {
		return errDiffers(want, got)
	}
	return t.place(root, part)
}

// place gives part its name. Without force a file that came meanwhile stays.
func (t target) place(root *os.Root, part string) error {
	if t.force {
		if err := root.Rename(part, t.name); err != nil {
			return fmt.Errorf("naming %s: %w", t.path(), err)
		}
		return nil
	}
	err := root.Link(part, t.name)
	if errors.Is(err, fs.ErrExist) {
		return t.free(root)
	} else if err != nil { // a file system without links
		if err := t.free(root); err != nil {
			return err
		}
		if err := root.Rename(part, t.name); err != nil {
			return fmt.Errorf("naming %s: %w", t.path(), err)
		}
		return nil
	}
	if err := root.Remove(part); err != nil {
		return fmt.Errorf("tidying up beside %s: %w", t.path(), err)
	}
	return nil
}

func errDiffers(want, got evidence.Digest) error {
	return evidence.Errorf(evidence.DigestMismatch,
		"what came is not what was promised: SHA-256 %s, not %s. Nothing was kept. Try again; if it stays, tell the supervisor", got, want)
}
