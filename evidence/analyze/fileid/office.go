package fileid

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/sealcase/sealcase/evidence"
)

const (
	oleMagic   = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" // compound file (MS-CFB 2.2)
	oleHeader  = 512
	oleEntries = 32 // of the directory that are looked at: the stream stands among the first
)

// lockedOffice reports whether a compound file is what word processors write
// when a document has a password: its directory names a stream EncryptedPackage
// (MS-OFFCRYPTO 2.3.4.4). It reads content up to the directory.
func lockedOffice(content io.Reader, head []byte) (bool, error) {
	if len(head) < oleHeader {
		return false, nil
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return false, nil
	}
	at := (int64(binary.LittleEndian.Uint32(head[48:])) + 1) << shift
	if _, err := io.CopyN(io.Discard, content, at); err != nil {
		return false, whatIsThere(err)
	}
	entry := make([]byte, 128)
	for range oleEntries {
		if _, err := io.ReadFull(content, entry); err != nil {
			return false, whatIsThere(err)
		}
		if entryName(entry) == "EncryptedPackage" {
			return true, nil
		}
	}
	return false, nil
}

// whatIsThere takes a file that is cut off for what there is of it.
func whatIsThere(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

func entryName(entry []byte) string {
	length := int(binary.LittleEndian.Uint16(entry[64:]))
	if length < 2 || length > 64 {
		return ""
	}
	units := make([]uint16, length/2-1)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return string(utf16.Decode(units))
}

// officeName reports whether a name is that of a document that gets a password
// in this way.
func officeName(name evidence.FileName) bool {
	n := strings.ToLower(string(name))
	for _, ext := range [...]string{".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xlsb", ".pptx", ".pptm", ".ppsx"} {
		if strings.HasSuffix(n, ext) {
			return true
		}
	}
	return false
}
