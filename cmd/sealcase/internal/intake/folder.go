package intake

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

const (
	// spoolEach and spoolAll bound what is kept in memory of files of which the
	// system does not know the length, as those of /proc.
	spoolEach = 1 << 20
	spoolAll  = 32 << 20
	// spoolWait is how long such a file may keep us waiting.
	spoolWait = 5 * time.Second
	// nominal is the most that a file may have, by what the system says, that is
	// read at once because nothing of it lies on a disk, as those of /sys.
	nominal = 64 << 10
)

// folder is a folder on this machine that is brought in as one collection. Names
// below it are opened one within the other, so that no link leads out of it and
// no path is too long.
type folder struct {
	location string // absolute
	name     string // with which paths in the collection begin
	root     *os.Root
	lines    []collection.Line
	spooled  map[evidence.FileName][]byte
	spool    int64
}

// openFolder opens a folder.
func openFolder(location string) (*folder, error) {
	root, err := os.OpenRoot(location)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "%s cannot be read: %s", evidence.FileName(location).Display(), reason(err))
	}
	name := filepath.Base(location)
	if name == string(filepath.Separator) {
		name = "root" // of the file system
	}
	return &folder{location: location, name: name, root: root, spooled: map[evidence.FileName][]byte{}}, nil
}

func (f *folder) close() error { return f.root.Close() }

// within returns where a path of the collection is, within the folder.
func (f *folder) within(p evidence.FileName) string {
	if len(p) == len(f.name) {
		return "."
	}
	return filepath.FromSlash(string(p[len(f.name)+1:]))
}

// look notes what is at a path of the collection, and below.
func (f *folder) look(ctx context.Context, p evidence.FileName) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	info, err := f.root.Lstat(f.within(p))
	if err != nil {
		f.lines = append(f.lines, collection.Line{Path: p, Kind: collection.Other, Failure: reason(err)})
		return nil
	}
	l := collection.Line{Path: p, Kind: kindOf(info.Mode())}
	describe(&l, info)
	switch l.Kind {
	case collection.Folder:
		return f.enter(ctx, l)
	case collection.File:
		f.file(&l, info)
	case collection.Link:
		target, err := f.root.Readlink(f.within(p))
		if l.Target = evidence.FileName(target); err != nil {
			l.Failure = reason(err)
		}
	}
	f.lines = append(f.lines, l)
	return nil
}

func kindOf(mode fs.FileMode) collection.Kind {
	switch {
	case mode.IsRegular():
		return collection.File
	case mode.IsDir():
		return collection.Folder
	case mode&fs.ModeSymlink != 0:
		return collection.Link
	case mode&fs.ModeNamedPipe != 0:
		return collection.Pipe
	case mode&fs.ModeSocket != 0:
		return collection.Socket
	case mode&fs.ModeCharDevice != 0:
		return collection.Char
	case mode&fs.ModeDevice != 0:
		return collection.Block
	}
	return collection.Other
}

// enter notes a folder and what is in it, by its names in order.
func (f *folder) enter(ctx context.Context, l collection.Line) error {
	in, err := f.root.OpenFile(f.within(l.Path), os.O_RDONLY|openFlags, 0)
	if err != nil {
		l.Failure = reason(err)
		f.lines = append(f.lines, l)
		return nil
	}
	attributes(&l, in)
	names, err := in.Readdirnames(-1)
	err = errors.Join(err, in.Close())
	entries := int64(len(names))
	l.Entries = &entries
	if err != nil {
		l.Failure = reason(err)
	}
	f.lines = append(f.lines, l)
	slices.Sort(names)
	for _, name := range names {
		if err := f.look(ctx, l.Path+"/"+evidence.FileName(name)); err != nil {
			return err
		}
	}
	return nil
}

// file notes a file, which must open now: what cannot be read is said before
// anything is sent.
func (f *folder) file(l *collection.Line, found fs.FileInfo) {
	in, err := f.open(l.Path)
	if err != nil {
		l.Failure = reason(err)
		return
	}
	defer in.Close()
	info, err := in.Stat()
	if err == nil && !os.SameFile(info, found) {
		err = errors.New("it was replaced while it was looked at")
	}
	if err != nil {
		l.Failure = reason(err)
		return
	}
	describe(l, info)
	attributes(l, in)
	size := info.Size()
	if virtual(info) {
		if size, err = f.readVirtual(l, in, size); err != nil {
			l.Failure = reason(err)
			return
		}
	}
	l.Length = &size
}

// open opens a regular file of the folder, and nothing that waits for somebody.
func (f *folder) open(p evidence.FileName) (*os.File, error) {
	in, err := f.root.OpenFile(f.within(p), os.O_RDONLY|openFlags|noAccessTime, 0)
	if err != nil && noAccessTime != 0 && errors.Is(err, fs.ErrPermission) { // only the owner may
		in, err = f.root.OpenFile(f.within(p), os.O_RDONLY|openFlags, 0)
	}
	if err != nil {
		return nil, err
	}
	if info, err := in.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, in.Close(), errors.New("it is no regular file any more"))
	}
	return in, nil
}

// readVirtual reads a file to its end of which the system may not know the
// length, and keeps it when that is so.
func (f *folder) readVirtual(l *collection.Line, in *os.File, size int64) (int64, error) {
	data, err := readToEnd(in)
	if err != nil {
		return 0, err
	}
	if int64(len(data)) == size {
		return size, nil
	}
	if f.spool += int64(len(data)); f.spool > spoolAll {
		return 0, errors.New("too many files are not as long as the system says; copy them to a disk first and bring in the copies")
	}
	f.spooled[l.Path] = data
	l.Remark = "the system does not know its length; it was read to its end"
	return int64(len(data)), nil
}

// readToEnd reads a file of unknown length.
func readToEnd(in *os.File) ([]byte, error) {
	_ = in.SetReadDeadline(time.Now().Add(spoolWait)) // where that can be set, the file could keep us waiting
	data, err := io.ReadAll(io.LimitReader(in, spoolEach+1))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errors.New("it has no end: the system waits for more")
	case err != nil:
		return nil, err
	case len(data) > spoolEach:
		return nil, errors.New("it is longer than the system says, by more than 1 MiB; copy it to a disk first and bring in the copy")
	}
	return data, nil
}

// Open implements collection.Source.
func (f *folder) Open(_ context.Context, l collection.Line) (collection.Content, error) {
	if data, ok := f.spooled[l.Path]; ok {
		return spooledFile{bytesReader(data)}, nil
	}
	in, err := f.open(l.Path)
	if err != nil {
		return nil, err
	}
	return &openFile{File: in, planned: l}, nil
}

// openFile is a file that is being read into a collection.
type openFile struct {
	*os.File
	planned collection.Line
}

// Seen implements collection.Content.
func (o *openFile) Seen() collection.State {
	info, err := o.Stat()
	if err != nil {
		return collection.Mixed
	}
	now := collection.Line{}
	describe(&now, info)
	switch {
	case now.Inode != o.planned.Inode, info.Size() < *o.planned.Length:
		return collection.Mixed
	case info.Size() > *o.planned.Length:
		return collection.Grown
	case now.Modified != o.planned.Modified:
		return collection.Mixed
	}
	return collection.Whole
}
