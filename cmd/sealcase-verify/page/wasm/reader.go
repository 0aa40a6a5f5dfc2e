//go:build js && wasm

package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall/js"
)

// window is how many bytes are asked of the page at once.
const window = 4 << 20

// maxMember is how much of a member is read whole; the verifier allows less.
const maxMember = 512 << 20

// reader reads the bundle that the page holds. It keeps the last window, for
// most reads follow one another.
type reader struct {
	size int64
	read js.Value // function(offset, length) that returns a Uint8Array
	at   int64    // of the window
	kept []byte
}

func newReader(request js.Value) *reader {
	return &reader{size: int64(request.Get("size").Float()), read: request.Get("read")}
}

// ReadAt implements io.ReaderAt.
func (r *reader) ReadAt(p []byte, offset int64) (int, error) {
	done := 0
	for done < len(p) {
		at := offset + int64(done)
		if at >= r.size {
			return done, io.EOF
		}
		if at < r.at || at >= r.at+int64(len(r.kept)) {
			if err := r.load(at); err != nil {
				return done, err
			}
		}
		done += copy(p[done:], r.kept[at-r.at:])
	}
	return done, nil
}

// load asks the page for the window that begins at offset.
func (r *reader) load(offset int64) error {
	n := min(r.size-offset, window)
	got := r.read.Invoke(offset, n)
	if got.Type() != js.TypeObject || int64(got.Length()) != n {
		return errors.New("the file cannot be read any more: was it moved, changed, or taken away?")
	}
	if int64(cap(r.kept)) < n {
		r.kept = make([]byte, n)
	}
	r.kept, r.at = r.kept[:n], offset
	js.CopyBytesToGo(r.kept, got)
	return nil
}

// member returns the content of the member with that name within the bag.
func (r *reader) member(name string) (text []byte, err error) {
	err = r.eachMember(name, func(t []byte) { text = t })
	if err == nil && text == nil {
		err = fmt.Errorf("the bundle has no %s", name)
	}
	return text, err
}

// eachMember calls f with each member whose name within the bag begins so.
func (r *reader) eachMember(prefix string, f func([]byte)) error {
	archive, err := zip.NewReader(r, r.size)
	if err != nil {
		return fmt.Errorf("reading the bundle as a zip: %w", err)
	}
	for _, m := range archive.File {
		_, name, _ := strings.Cut(m.Name, "/")
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		content, err := m.Open()
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		text, err := io.ReadAll(io.LimitReader(content, maxMember))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		f(text)
	}
	return nil
}
