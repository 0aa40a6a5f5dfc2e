package bundle

import (
	"bytes"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// File is one member of a bundle, for tests that build bad ones.
type File struct {
	Name    string // within the bag
	Content []byte
}

// Assemble writes files, in their order, as a zip whose framing is without
// fault.
func Assemble(at evidence.Instant, base string, files []File) []byte {
	s, _ := stampOf(at)
	var b bytes.Buffer
	z := newZipWriter(&b, s)
	for _, f := range files {
		_, err := z.add(base+f.Name, int64(len(f.Content)), func(w io.Writer) error {
			_, err := w.Write(f.Content)
			return err
		})
		if err != nil {
			panic(err)
		}
	}
	if err := z.close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Manifest returns the manifest that files call for.
func Manifest(files []File, payload bool) []byte {
	var members []member
	for _, f := range files {
		members = append(members, member{name: f.Name, sum: evidence.Sum(f.Content)})
	}
	return manifest(members, "", payload)
}

// Span is a part of a bundle.
type Span struct {
	Name       string // of the member, or of the part of the framing
	From, To   int64
	IsContents bool
}

// Spans cuts a good bundle into the contents of members and what is between.
func Spans(data []byte) []Span {
	d, f, err := readDirectory(bytes.NewReader(data), int64(len(data)))
	if err != nil || f != nil {
		panic("not a good bundle")
	}
	var spans []Span
	for _, m := range d.members {
		start := contentStart(m)
		end := start + m.length
		spans = append(spans,
			Span{"header of " + shown(m), m.offset, start, false},
			Span{shown(m), start, end, true},
			Span{"descriptor of " + shown(m), end, end + m.descriptorSize(), false})
	}
	return append(spans, Span{"directory", d.offset, int64(len(data)), false})
}
