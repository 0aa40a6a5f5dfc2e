package collection

import (
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

const (
	manifestName = "manifest.jsonl"
	membersName  = "data/"
	otherName    = "data/~/" // no name begins so that is made of a path: "~" is escaped

	maxMember  = 240 // bytes of a member's name: Windows has room for 260
	maxElement = 120
)

// memberName returns the name in the zip of the file of a line: its path, with
// whatever some file system or program could stumble over escaped as in URLs, so
// that two paths never become one name. A path that is too long is replaced by
// the number of its line and a safe name.
func memberName(path string, index int64) string {
	var b strings.Builder
	b.WriteString(membersName)
	for i, element := range strings.Split(path, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		start := b.Len()
		escape(&b, element)
		if b.Len()-start > maxElement || b.Len() > maxMember {
			return otherName + strconv.FormatInt(index, 10) + "/" + evidence.FileName(path).SafeName()
		}
	}
	return b.String()
}

// escape writes one name of a path.
func escape(b *strings.Builder, name string) {
	const digits = "0123456789ABCDEF"
	device := isDevice(name)
	for i := range len(name) {
		c := name[i]
		atEnd := i == len(name)-1 && (c == '.' || c == ' ')
		if plain(c) && !atEnd && (i > 0 || !device) {
			b.WriteByte(c)
			continue
		}
		b.Write([]byte{'%', digits[c>>4], digits[c&15]})
	}
}

func plain(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("._- ()+,=@", c) >= 0
}

// isDevice reports whether Windows takes a name for that of a device: by what
// stands before its first dot, less spaces at the end.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (stem[:3] == "COM" || stem[:3] == "LPT") && stem[3] >= '0' && stem[3] <= '9'
}
