//go:build !linux

package intake

import (
	"io/fs"
	"os"

	"github.com/sealcase/sealcase/evidence/collection"
)

const (
	openFlags    = 0
	noAccessTime = 0
)

// clock says where the times are from.
func clock() collection.Clock { return collection.Clock{Source: "lstat", Precision: "1ns"} }

// describe fills in what Go says of a thing on every system.
func describe(l *collection.Line, info fs.FileInfo) {
	l.Modified = collection.TimeAt(info.ModTime().Unix(), int64(info.ModTime().Nanosecond()))
}

// virtual reports whether the system may not know how long a file is.
func virtual(info fs.FileInfo) bool { return info.Size() == 0 }

// attributes has nothing to add here.
func attributes(*collection.Line, *os.File) {}
