package collection

import (
	"slices"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

const (
	// MaxPath is the longest path, in bytes. Linux stops at 4,096, but folders
	// that were made from within can be deeper.
	MaxPath = 64 << 10
	// MaxLines is how many lines a manifest may have.
	MaxLines = 1 << 24
	// MaxXAttrs is how many bytes the extended attributes of a file may have
	// together; a line of the manifest is bounded (canon.MaxSize).
	MaxXAttrs = 256 << 10
)

// readHeader reads the first line of a manifest.
func readHeader(text []byte) (Header, error) {
	var h Header
	if err := canon.Unmarshal(text, &h); err != nil {
		return h, evidence.WrapError(evidence.Malformed, err, "the first line of the manifest cannot be read")
	}
	if h.Type != Type {
		return h, evidence.Errorf(evidence.Malformed, "the manifest is of the type %q, which this program does not know", evidence.FileName(h.Type).Display())
	}
	if h.Entries < 0 || h.Entries >= MaxLines || h.StartedAt.IsZero() || h.Tool.Name == "" || len(h.Sources) == 0 {
		return h, malformed("the first line of the manifest lacks what it must have")
	}
	return h, nil
}

// ReadLine reads line index of a manifest, from 1 on.
func ReadLine(text []byte, index int64) (Line, error) {
	var l Line
	if err := canon.Unmarshal(text, &l); err != nil {
		return l, evidence.WrapError(evidence.Malformed, err, "line %d of the manifest cannot be read", index)
	}
	if problem := l.problem(index); problem != "" {
		return l, malformed("line %d of the manifest: %s", index, problem)
	}
	return l, nil
}

func malformed(format string, args ...any) error {
	return evidence.Errorf(evidence.Malformed, format, args...)
}

// problem returns what is wrong with a line, or "".
func (l Line) problem(index int64) string {
	switch {
	case !validPath(string(l.Path)):
		return "its path is not one"
	case !l.Kind.Valid():
		return "its kind is not known"
	case l.Kind != File && (l.Member != "" || l.Length != nil):
		return "only a file has bytes"
	case l.Kind == File && l.Member == "" && l.Failure == "":
		return "a file is not here, and it does not say why"
	case (l.Kind == Link) != (l.Target != "") && (l.Kind != Link || l.Failure == ""):
		return "a link, and nothing else, has a target"
	case l.Kind != Folder && l.Entries != nil:
		return "only a folder has entries"
	case slices.ContainsFunc(l.XAttrs, func(x XAttr) bool { return x.Value == nil }):
		return "an extended attribute has no value"
	case l.Links < 0 || l.Entries != nil && *l.Entries < 0:
		return "a number is negative"
	}
	if problem := l.problemOfStat(); problem != "" {
		return problem
	}
	if l.Member == "" {
		return l.problemWithoutBytes()
	}
	return l.problemOfBytes(index)
}

// problemOfStat is problem for the mode and the times.
func (l Line) problemOfStat() string {
	switch {
	case !octal(l.Mode):
		return "its mode is not an octal number"
	case slices.ContainsFunc([]Time{l.Modified, l.Accessed, l.Changed, l.Born}, func(t Time) bool { return t != "" && !t.Valid() }):
		return "a time is not a number of nanoseconds"
	default:
		return ""
	}
}

// problemWithoutBytes is problem for a line that has no member.
func (l Line) problemWithoutBytes() string {
	if l.Length != nil || !l.Digest.IsZero() || l.SHA1 != (SHA1{}) || l.MD5 != (MD5{}) || l.CRC != "" || l.State != "" || l.Got != "" {
		return "it says something of bytes that are not here"
	}
	return ""
}

// problemOfBytes is problem for what a line says of its member.
func (l Line) problemOfBytes(index int64) string {
	switch {
	case l.Member != memberName(string(l.Path), index):
		return "its member has another name than it must have"
	case l.Length == nil || *l.Length < 0:
		return "its length is missing or negative"
	case l.Digest.IsZero() || l.SHA1 == (SHA1{}) || l.MD5 == (MD5{}):
		return "a digest is missing"
	case !l.State.Valid():
		return "it does not say how reading it went"
	case len(l.CRC) != 8 || strings.Trim(string(l.CRC), "0123456789abcdef") != "":
		return "its CRC-32 is not one"
	}
	return l.problemOfGot()
}

// problemOfGot is problem for how many bytes the source gave.
func (l Line) problemOfGot() string {
	digits := len(strconv.FormatInt(*l.Length, 10))
	got, err := strconv.ParseInt(l.Got, 10, 64)
	if err != nil || len(l.Got) != digits || got < 0 || strings.Trim(l.Got, "0123456789") != "" || got > *l.Length {
		return "it does not say how many bytes the source gave"
	}
	if whole := l.State != Short && l.State != Failed; whole && got != *l.Length {
		return "the source gave fewer bytes than its state says"
	}
	return ""
}

func octal(mode string) bool { return strings.Trim(mode, "01234567") == "" && len(mode) <= 12 }

// validPath reports whether p can stand in a manifest: names with a slash between.
func validPath(p string) bool {
	if p == "" || len(p) > MaxPath || strings.IndexByte(p, 0) >= 0 {
		return false
	}
	for name := range strings.SplitSeq(p, "/") {
		if name == "" || name == "." || name == ".." {
			return false
		}
	}
	return true
}

// Compare orders paths as a manifest has them: name by name, each by its bytes,
// a folder before what is in it.
func Compare(a, b evidence.FileName) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if x, y := a[i], b[i]; x != y {
			if x == '/' {
				return -1
			}
			if y == '/' {
				return 1
			}
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

// Missing reports whether a line says that something could not be read, or only
// in part.
func (l Line) Missing() bool { return l.Failure != "" || l.State == Short || l.State == Failed }
