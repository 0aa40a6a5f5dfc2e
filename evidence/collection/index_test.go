package collection_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// Lines are read from any one on, and bytes by the offsets that they are said to
// have; what storage gives instead later is seen.
func TestIndex(t *testing.T) {
	for _, n := range []int{0, 1, 254, 255, 256, 257, 700} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			behinds, lines := files{}, []collection.Line{}
			for i := range n {
				path := fmt.Sprintf("d/%04d", i)
				lines = append(lines, fileLine(path, len(path)))
				behinds[evidence.FileName(path)] = behind{data: []byte(path)}
			}
			m := makeOf(t, lines, behinds)
			data := m.data
			open := func(ctx context.Context, offset, length int64) (io.ReadCloser, error) {
				return collection.At(bytes.NewReader(data))(ctx, offset, length)
			}
			x, err := collection.NewIndex(t.Context(), open, int64(len(data)), m.of)
			if err != nil {
				t.Fatal(err)
			}
			for _, from := range []int64{0, 1, 2, 255, 256, 257, 512, int64(n), int64(n) + 1} {
				next := max(from, 1)
				err := x.From(t.Context(), open, from, func(e collection.Entry) bool {
					if e.Index != next || string(data[e.Offset:e.Offset+*e.Length]) != string(e.Path) {
						t.Fatalf("line %d at %d, want %d", e.Index, e.Offset, next)
					}
					next++
					return true
				})
				if want := max(int64(n)+1, from, 1); err != nil || next != want {
					t.Errorf("from %d: to %d, want %d; %v", from, next, want, err)
				}
			}
			if n == 0 {
				return
			}
			data = bytes.Clone(data)
			at := bytes.LastIndex(data, []byte(`"sha256":"`)) + 12
			if data[at]++; data[at] == 'g' || data[at] == ':' {
				data[at] = '0'
			}
			if err := x.From(t.Context(), open, int64(n), func(collection.Entry) bool { return true }); evidence.CodeOf(err) != evidence.Tampered {
				t.Errorf("a line that changed since: %v", err)
			}
			if _, err := collection.NewIndex(t.Context(), open, int64(len(data)), m.of); evidence.CodeOf(err) != evidence.Tampered {
				t.Errorf("another manifest: %v", err)
			}
		})
	}
}
