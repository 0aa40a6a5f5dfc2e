package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Source is a file to bring in.
type Source struct {
	Location string            // where it is on this machine
	Name     evidence.FileName // its own name, as bytes
	Folder   evidence.FileName // of the folder that it comes with, "/" between names; may be empty
	Info     fs.FileInfo       // as it was found
}

// Skipped is something that is not brought in, and why.
type Skipped struct {
	Location string `json:"path"`
	Reason   string `json:"reason"`
}

// Find returns the regular files at the locations and below them, in a stable
// order, and what it passed over. It fails with NotFound when a location is not
// there at all.
func Find(locations []string) ([]Source, []Skipped, error) {
	var f finder
	for _, location := range locations {
		info, err := os.Lstat(location)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, evidence.WrapError(evidence.NotFound, err, "there is no file or folder %s", evidence.FileName(location).Display())
		} else if err != nil {
			return nil, nil, evidence.WrapError(evidence.Invalid, err, "%s cannot be read", evidence.FileName(location).Display())
		}
		if !info.IsDir() {
			f.add(location, "", info)
			continue
		}
		if err := f.walk(location); err != nil {
			return nil, nil, err
		}
	}
	return f.found, f.skipped, nil
}

type finder struct {
	found   []Source
	skipped []Skipped
}

// walk adds what is below a folder; names keep the folder's own in front.
func (f *finder) walk(root string) error {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return fmt.Errorf("finding the folder %s: %w", root, err)
	}
	above := filepath.Dir(absolute)
	return filepath.WalkDir(absolute, func(location string, entry fs.DirEntry, err error) error {
		if err != nil {
			f.skip(location, "cannot be read: "+reason(err))
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			f.skip(location, "cannot be read: "+reason(err))
			return nil
		}
		relative, err := filepath.Rel(above, filepath.Dir(location))
		if err != nil {
			return fmt.Errorf("naming %s: %w", location, err)
		}
		f.add(location, evidence.FileName(filepath.ToSlash(relative)), info)
		return nil
	})
}

func (f *finder) add(location string, folder evidence.FileName, info fs.FileInfo) {
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		f.skip(location, "is a symbolic link; links are not followed")
	case !mode.IsRegular():
		f.skip(location, "is not a regular file ("+strings.TrimLeft(mode.Type().String(), "-")+")")
	default:
		f.found = append(f.found, Source{Location: location, Name: evidence.FileName(info.Name()), Folder: folder, Info: info})
	}
}

func (f *finder) skip(location, why string) {
	f.skipped = append(f.skipped, Skipped{Location: location, Reason: why})
}

// reason returns what the system says, without the location.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// open opens the file that was found, and no other that took its place.
func (s Source) open() (*os.File, error) {
	now, err := os.Lstat(s.Location)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "the file cannot be read: %s", reason(err))
	}
	if !now.Mode().IsRegular() {
		return nil, errChanged()
	}
	file, err := os.Open(s.Location)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "the file cannot be read: %s", reason(err))
	}
	if err := s.unchanged(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// unchanged returns a Conflict when file is not what was found any more.
func (s Source) unchanged(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("looking at %s: %w", s.Location, err)
	}
	if !os.SameFile(info, s.Info) || info.Size() != s.Info.Size() || !info.ModTime().Equal(s.Info.ModTime()) {
		return errChanged()
	}
	return nil
}

func errChanged() error {
	return evidence.Errorf(evidence.Conflict, "the file changed while it was brought in; nothing of it is in the case. Bring in a copy that does not change")
}
