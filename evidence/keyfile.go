package evidence

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strings"
	"unicode/utf16"
)

// KeyLines yields the lines of a file of keys, with their numbers, without white
// space around them: not the empty ones, nor those that begin with "#". The file
// may be as Windows writes it, with CR LF, a byte order mark, or in UTF-16.
func KeyLines(text []byte) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(plain(text)) {
			n++
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "#") && !yield(n, line) {
				return
			}
		}
	}
}

// plain returns text as UTF-8 without the byte order mark that it begins with.
func plain(text []byte) string {
	rest, little := bytes.CutPrefix(text, []byte("\xff\xfe"))
	var order binary.ByteOrder = binary.LittleEndian
	if !little {
		var big bool
		if rest, big = bytes.CutPrefix(text, []byte("\xfe\xff")); !big {
			return string(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
		}
		order = binary.BigEndian
	}
	units := make([]uint16, len(rest)/2)
	for i := range units {
		units[i] = order.Uint16(rest[2*i:])
	}
	return string(utf16.Decode(units))
}
