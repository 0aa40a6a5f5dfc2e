package intake

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// openFlags keep opening from waiting, should something else be there by now;
// noAccessTime leaves the time of the last access as it is.
const (
	openFlags    = syscall.O_NONBLOCK
	noAccessTime = syscall.O_NOATIME
)

// clock says where the times are from.
func clock() collection.Clock { return collection.Clock{Source: "lstat, statx", Precision: "1ns"} }

// describe fills in what the system says of a thing.
func describe(l *collection.Line, info fs.FileInfo) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		l.Modified = collection.TimeAt(info.ModTime().Unix(), int64(info.ModTime().Nanosecond()))
		return
	}
	l.Modified = collection.TimeAt(s.Mtim.Unix())
	l.Accessed = collection.TimeAt(s.Atim.Unix())
	l.Changed = collection.TimeAt(s.Ctim.Unix())
	l.Mode = fmt.Sprintf("%o", s.Mode)
	uid, gid := int64(s.Uid), int64(s.Gid)
	l.UID, l.GID, l.Inode = &uid, &gid, fmt.Sprintf("%d:%d", s.Dev, s.Ino)
	if s.Nlink > 1 && l.Kind != collection.Folder {
		l.Links = int64(s.Nlink)
	}
	if l.Kind == collection.Block || l.Kind == collection.Char {
		l.Device = fmt.Sprintf("%d:%d", unix.Major(s.Rdev), unix.Minor(s.Rdev))
	}
}

// virtual reports whether the system may not know how long a file is.
func virtual(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return info.Size() == 0 || ok && s.Blocks == 0 && info.Size() <= nominal
}

// attributes fills in what only an open file says: when it was made, and its
// extended attributes.
func attributes(l *collection.Line, in *os.File) {
	raw, err := in.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		var x unix.Statx_t
		if unix.Statx(int(fd), "", unix.AT_EMPTY_PATH, unix.STATX_BTIME, &x) == nil && x.Mask&unix.STATX_BTIME != 0 {
			l.Born = collection.TimeAt(x.Btime.Sec, int64(x.Btime.Nsec))
		}
		extended(l, int(fd))
	})
}

// extended fills in the extended attributes. A file system without any is no
// failure.
func extended(l *collection.Line, fd int) {
	size, err := unix.Flistxattr(fd, nil)
	if err != nil || size == 0 {
		return
	}
	names := make([]byte, size)
	if size, err = unix.Flistxattr(fd, names); err != nil {
		l.Failure = "its extended attributes cannot be read: " + err.Error()
		return
	}
	all := 0
	for _, name := range splitNames(names[:size]) {
		n, err := unix.Fgetxattr(fd, name, nil)
		value := make([]byte, max(n, 0))
		if err == nil && n > 0 {
			n, err = unix.Fgetxattr(fd, name, value)
		}
		if err != nil {
			l.Failure = "an extended attribute cannot be read: " + err.Error()
			continue
		}
		if all += n + len(name); all > collection.MaxXAttrs {
			l.Failure = "it has more extended attributes than a collection takes"
			return
		}
		l.XAttrs = append(l.XAttrs, collection.XAttr{Name: evidence.FileName(name), Value: value[:n]})
	}
}
