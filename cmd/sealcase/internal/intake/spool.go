package intake

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/collection"
)

// spooledFile is a file that was read when the collection was planned.
type spooledFile struct{ *bytes.Reader }

func bytesReader(data []byte) *bytes.Reader { return bytes.NewReader(data) }

// Close implements io.Closer.
func (spooledFile) Close() error { return nil }

// Seen implements collection.Content.
func (spooledFile) Seen() collection.State { return collection.Whole }

// splitNames splits a list of names, each of which ends with a zero byte.
func splitNames(list []byte) []string {
	return strings.FieldsFunc(string(list), func(r rune) bool { return r == 0 })
}
