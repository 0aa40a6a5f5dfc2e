// Package savefile writes what a server sent into a file of the caller's, and
// never over one that is there unless that was asked for.
package savefile

import (
	"cmp"
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

// Target is a file to be written: a name in a folder, never a path that
// somebody else chose.
type Target struct {
	Dir, Name string
	Force     bool // replace what is there
}

// At returns where to write: at out, or, when that is empty or a folder,
// under the name that the server knows, made safe.
func At(out string, suggested evidence.FileName, force bool) Target {
	if info, err := os.Stat(out); out == "" || err == nil && info.IsDir() {
		return Target{Dir: cmp.Or(out, "."), Name: suggested.SafeName(), Force: force}
	}
	return Target{Dir: filepath.Dir(out), Name: filepath.Base(out), Force: force}
}

// Path is where the file is to be.
func (t Target) Path() string { return filepath.Join(t.Dir, t.Name) }

// Free returns a Conflict when something is there that must not be replaced.
func (t Target) Free(root *os.Root) error {
	_, err := root.Lstat(t.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && t.Force:
		return nil
	case err == nil:
		return evidence.Errorf(evidence.Conflict, "%s is there already and was left alone; --force replaces it", evidence.FileName(t.Path()).Display())
	}
	return fmt.Errorf("looking at %s: %w", t.Path(), err)
}

// Save writes what content gives, and keeps it only when its digest is the one
// expected. A file that is there is not touched before that.
func (t Target) Save(content io.Reader, want evidence.Digest) error {
	root, err := os.OpenRoot(t.Dir)
	if err != nil {
		return fmt.Errorf("opening the folder %s: %w", t.Dir, err)
	}
	defer root.Close()
	if err := t.Free(root); err != nil {
		return err
	}
	part := ".sealcase-" + rand.Text()
	file, err := root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing into %s: %w", t.Dir, err)
	}
	defer func() { _ = root.Remove(part) }() // nothing is left of it after a rename
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(file, hash), content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return evidence.WrapError(evidence.Incomplete, err, "the bytes did not come whole; nothing was kept. Try again")
	}
	if got := evidence.Digest(hash.Sum(nil)); got != want {
		return Differs(want, got)
	}
	return t.Place(root, part)
}

// Place gives part its name. Without force a file that came meanwhile stays.
func (t Target) Place(root *os.Root, part string) error {
	if t.Force {
		if err := root.Rename(part, t.Name); err != nil {
			return fmt.Errorf("naming %s: %w", t.Path(), err)
		}
		return nil
	}
	err := root.Link(part, t.Name)
	if errors.Is(err, fs.ErrExist) {
		return t.Free(root)
	} else if err != nil { // a file system without links
		if err := t.Free(root); err != nil {
			return err
		}
		if err := root.Rename(part, t.Name); err != nil {
			return fmt.Errorf("naming %s: %w", t.Path(), err)
		}
		return nil
	}
	if err := root.Remove(part); err != nil {
		return fmt.Errorf("tidying up beside %s: %w", t.Path(), err)
	}
	return nil
}

// Differs is the error that what came is not what was promised.
func Differs(want, got evidence.Digest) error {
	return evidence.Errorf(evidence.DigestMismatch,
		"what came is not what was promised: SHA-256 %s, not %s. Nothing was kept. Try again; if it stays, tell the supervisor", got, want)
}

// Write writes a small file.
func (t Target) Write(data []byte) error {
	root, err := os.OpenRoot(t.Dir)
	if err != nil {
		return fmt.Errorf("opening the folder %s: %w", t.Dir, err)
	}
	defer root.Close()
	if err := t.Free(root); err != nil {
		return err
	}
	if err := root.WriteFile(t.Name, data, 0o644); err != nil {
		return fmt.Errorf("writing %s: %w", t.Path(), err)
	}
	return nil
}
