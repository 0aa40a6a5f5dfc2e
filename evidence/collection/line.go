package collection

import (
	"encoding/hex"
	"math/big"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Type is the "type" of a manifest's first line, with the version of the format.
const Type = "sealcase/collection/v1"

// Header is the first line of a manifest.
type Header struct {
	Type      string              `json:"type"` // Type
	Tool      evidence.Tool       `json:"tool"` // that made the collection
	Sources   []evidence.FileName `json:"sources"`
	Host      string              `json:"host,omitempty"`      // the machine on which they were
	StartedAt evidence.Instant    `json:"started_at"`          // when the sources were looked through
	Clock     Clock               `json:"clock"`               // of the times in the lines
	Entries   int64               `json:"entries"`             // lines after this one
	Continues evidence.ItemID     `json:"continues,omitempty"` // the exhibit whose failures were tried again
	Nonce     Nonce               `json:"nonce"`
}

// Clock says where the times of a manifest come from.
type Clock struct {
	Source    string `json:"source"`    // such as "lstat"
	Precision string `json:"precision"` // of what the source gives, such as "1ns"; the file system may have kept less
}

// Line is what a manifest says of one file, folder, link or other thing. Which
// fields it has depends on what it is, and on what the source could say.
type Line struct {
	Path  evidence.FileName `json:"path"` // raw bytes, "/" between names, the collected folder's own name first
	Kind  Kind              `json:"kind"`
	Nonce Nonce             `json:"nonce"`

	// Of a file whose bytes are in the collection.
	Member string          `json:"member,omitempty"` // its name in the zip
	Length *int64          `json:"length,omitempty"`
	Digest evidence.Digest `json:"sha256,omitzero"`
	SHA1   SHA1            `json:"sha1,omitzero"`
	MD5    MD5             `json:"md5,omitzero"`
	CRC    CRC             `json:"crc32,omitempty"`
	State  State           `json:"state,omitempty"` // how reading it went
	Got    string          `json:"got,omitempty"`   // bytes that the source gave, in as many digits as Length has; zero bytes stand for the rest

	Modified Time   `json:"mtime,omitempty"`
	Accessed Time   `json:"atime,omitempty"`
	Changed  Time   `json:"ctime,omitempty"`
	Born     Time   `json:"btime,omitempty"`
	Mode     string `json:"mode,omitempty"` // st_mode in octal
	UID      *int64 `json:"uid,omitempty"`
	GID      *int64 `json:"gid,omitempty"`
	Links    int64  `json:"links,omitempty"`  // hard links, where there is more than one
	Inode    string `json:"inode,omitempty"`  // "device:inode", beside Links
	Device   string `json:"device,omitempty"` // "major:minor" of a device file

	Target  evidence.FileName `json:"target,omitempty"`  // of a symbolic link
	Entries *int64            `json:"entries,omitempty"` // names in a folder
	XAttrs  []XAttr           `json:"xattrs,omitempty"`  // extended attributes
	Failure string            `json:"failure,omitempty"` // what could not be read, and why
	Remark  string            `json:"remark,omitempty"`
}

// Kind is what a line is about.
type Kind string

// The kinds.
const (
	File   Kind = "file"
	Folder Kind = "folder"
	Link   Kind = "link" // symbolic; a hard link is a file
	Pipe   Kind = "pipe" // named pipe; never opened
	Socket Kind = "socket"
	Block  Kind = "block" // device
	Char   Kind = "char"  // device
	Other  Kind = "other"
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool {
	switch k {
	case File, Folder, Link, Pipe, Socket, Block, Char, Other:
		return true
	}
	return false
}

// State is how reading a file went. All have the same length, so that the
// manifest's is known before.
type State string

// The states. In all of them the member has the length that was planned.
const (
	Whole  State = "whole" // the bytes are what the source had, as far as can be seen
	Grown  State = "grown" // there was more by the time it was read: the member is its beginning
	Mixed  State = "mixed" // it was changed or replaced while it was read: the bytes may be of several states
	Short  State = "short" // it ended earlier than planned: zero bytes stand for the rest
	Failed State = "error" // reading failed: zero bytes stand for the rest
)

// Valid reports whether s is one of the states.
func (s State) Valid() bool {
	switch s {
	case Whole, Grown, Mixed, Short, Failed:
		return true
	}
	return false
}

// XAttr is an extended attribute.
type XAttr struct {
	Name  evidence.FileName `json:"name"`
	Value []byte            `json:"value"`
}

// Time is nanoseconds since 1970-01-01T00:00:00Z in decimal, without bounds: a
// file system's claim is kept as it is, also in the year 292277026596.
type Time string

// TimeAt returns the time that a system call gives in seconds and nanoseconds.
func TimeAt(sec, nsec int64) Time {
	n := new(big.Int).Mul(big.NewInt(sec), big.NewInt(1_000_000_000))
	return Time(n.Add(n, big.NewInt(nsec)).String())
}

// maxTime is how many digits a Time may have: any 64-bit seconds fit.
const maxTime = 31

// Valid reports whether t is an integer in its only form.
func (t Time) Valid() bool {
	n, ok := new(big.Int).SetString(string(t), 10)
	return ok && len(strings.TrimPrefix(string(t), "-")) <= maxTime && n.String() == string(t)
}

// Nonce keeps a leaf from being guessed: 128 bits, in hexadecimal.
type Nonce [16]byte

// Digests for lists of known files, by which nothing is proven, and a checksum.
type (
	// SHA1 is one of FIPS 180-4.
	SHA1 [20]byte
	// MD5 is one of RFC 1321.
	MD5 [16]byte
	// CRC is the CRC-32 that a zip has of a member, in eight hexadecimal digits.
	CRC string
)

// AppendText implements encoding.TextAppender.
func (n Nonce) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, n[:]), nil }

// MarshalText implements encoding.TextMarshaler.
func (n Nonce) MarshalText() ([]byte, error) { return n.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *Nonce) UnmarshalText(text []byte) error { return readHex(n[:], text) }

// AppendText implements encoding.TextAppender.
func (s SHA1) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, s[:]), nil }

// MarshalText implements encoding.TextMarshaler.
func (s SHA1) MarshalText() ([]byte, error) { return s.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *SHA1) UnmarshalText(text []byte) error { return readHex(s[:], text) }

// AppendText implements encoding.TextAppender.
func (m MD5) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, m[:]), nil }

// MarshalText implements encoding.TextMarshaler.
func (m MD5) MarshalText() ([]byte, error) { return m.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *MD5) UnmarshalText(text []byte) error { return readHex(m[:], text) }

// String returns the hexadecimal text of s.
func (s SHA1) String() string { return hex.EncodeToString(s[:]) }

// String returns the hexadecimal text of m.
func (m MD5) String() string { return hex.EncodeToString(m[:]) }

// readHex reads lower-case digits for exactly the bytes of to.
func readHex(to, text []byte) error {
	if len(text) != 2*len(to) {
		return evidence.Errorf(evidence.Malformed, "%d hexadecimal digits are needed, this has %d characters", 2*len(to), len(text))
	}
	if _, err := hex.Decode(to, text); err != nil || hex.EncodeToString(to) != string(text) {
		return evidence.Errorf(evidence.Malformed, "only lower-case hexadecimal digits can stand here")
	}
	return nil
}
