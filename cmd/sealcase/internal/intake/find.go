package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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

// Skipped is something that is not brought in because it has no bytes of its
// own, and what it is.
type Skipped struct {
	Location evidence.FileName `json:"path"` // a type that keeps names that are not UTF-8
	Reason   string            `json:"reason"`
}

// Unread is something that could not be read.
type Unread struct {
	Location evidence.FileName
	Err      error
}

// Found is what there is at some locations.
type Found struct {
	Files   []Source
	Folders []string // absolute; unless each file is to be an exhibit
	Skipped []Skipped
	Unread  []Unread
}

// Find returns the regular files and the folders at the locations, in a stable
// order, and what there is besides. With each it returns, for each folder, the
// files below it. What is named twice, or lies in a folder that is named, is
// found once. It fails with NotFound when a location is not there at all.
func Find(locations []string, each bool) (Found, error) {
	f := finder{each: each, seen: map[string]bool{}}
	roots, err := f.roots(locations)
	if err != nil {
		return Found{}, err
	}
	for _, r := range roots {
		switch {
		case !r.info.IsDir():
			f.add(r.location, "", r.info)
		case each:
			if err := f.walk(r.location); err != nil {
				return Found{}, err
			}
		default:
			f.found.Folders = append(f.found.Folders, r.location)
		}
	}
	return f.found, nil
}

type finder struct {
	found Found
	each  bool
	seen  map[string]bool
}

// root is a location that was named.
type root struct {
	location string
	info     fs.FileInfo
}

// roots returns the locations, each once, without those in a folder that is named
// as well.
func (f *finder) roots(locations []string) ([]root, error) {
	var all []root
	folders := map[string]bool{}
	for _, location := range locations {
		absolute, err := filepath.Abs(location)
		if err != nil {
			return nil, fmt.Errorf("finding %s: %w", location, err)
		}
		info, err := os.Lstat(absolute)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, evidence.WrapError(evidence.NotFound, err, "there is no file or folder %s", evidence.FileName(location).Display())
		} else if err != nil {
			return nil, evidence.WrapError(evidence.Incomplete, err, "%s cannot be read: %s", evidence.FileName(location).Display(), reason(err))
		}
		if f.seen[absolute] {
			continue
		}
		f.seen[absolute] = true
		folders[absolute] = info.IsDir()
		all = append(all, root{absolute, info})
	}
	return slices.DeleteFunc(all, func(r root) bool {
		for above := filepath.Dir(r.location); ; above = filepath.Dir(above) {
			if folders[above] && above != r.location {
				return true
			}
			if above == filepath.Dir(above) {
				return false
			}
		}
	}), nil
}

// walk adds what is below a folder; names keep the folder's own in front.
func (f *finder) walk(absolute string) error {
	above := filepath.Dir(absolute)
	return filepath.WalkDir(absolute, func(location string, entry fs.DirEntry, err error) error {
		if err != nil {
			f.unread(location, err)
			return nil
		}
		if entry.IsDir() {
			if names, err := os.ReadDir(location); err == nil && len(names) == 0 { // what fails comes again
				f.skip(location, "is an empty folder")
			}
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			f.unread(location, err)
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

func (f *finder) unread(location string, err error) {
	f.found.Unread = append(f.found.Unread, Unread{evidence.FileName(location), evidence.WrapError(evidence.Incomplete, err, "it cannot be read: %s", reason(err))})
}

func (f *finder) add(location string, folder evidence.FileName, info fs.FileInfo) {
	switch mode := info.Mode(); {
	case mode&fs.ModeSymlink != 0:
		f.skip(location, "is a symbolic link; links are not followed")
	case !mode.IsRegular():
		f.skip(location, "is not a regular file ("+strings.TrimLeft(mode.Type().String(), "-")+")")
	default:
		f.found.Files = append(f.found.Files, Source{Location: location, Name: evidence.FileName(info.Name()), Folder: folder, Info: info})
	}
}

func (f *finder) skip(location, why string) {
	f.found.Skipped = append(f.found.Skipped, Skipped{Location: evidence.FileName(location), Reason: why})
}

// reason returns what the system says, without the location.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return strings.ToValidUTF8(e.Err.Error(), "?")
	}
	return strings.ToValidUTF8(err.Error(), "?")
}

// open opens the file that was found, and no other that took its place.
func (s Source) open() (*fileContent, error) {
	now, err := os.Lstat(s.Location)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "the file cannot be read: %s", reason(err))
	}
	if !now.Mode().IsRegular() {
		return nil, errChanged()
	}
	file, err := os.OpenFile(s.Location, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "the file cannot be read: %s", reason(err))
	}
	if err := s.unchanged(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	in, err := s.read(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return in, nil
}

// progress returns what tells the file from others in a journal.
func (s Source) progress() progress {
	return progress{Location: evidence.FileName(s.Location), Size: s.Info.Size(), Modified: s.Info.ModTime().UnixNano()}
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
