package collection_test

import (
	"bytes"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/collection"
)

// FuzzLine reads lines of manifests: what is accepted is the one way to write it.
func FuzzLine(f *testing.F) {
	lines, behinds := tree()
	for _, l := range makeOf(f, lines, behinds).plan.Lines() {
		text, err := canon.Marshal(l)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, int64(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, index int64) {
		l, err := collection.ReadLine(text, index)
		if err != nil {
			return
		}
		if again, err := canon.Marshal(l); err != nil || !bytes.Equal(again, text) {
			t.Errorf("%s is read and written as %s, %v", text, again, err)
		}
	})
}

// FuzzCheck reads collections: nothing but the one that is claimed is good.
func FuzzCheck(f *testing.F) {
	lines, behinds := tree()
	m := makeOf(f, lines, behinds)
	f.Add(m.data, m.of.Leaves, m.of.Manifest)
	f.Add([]byte("PK"), int64(1), int64(1))
	f.Fuzz(func(t *testing.T, data []byte, leaves, manifest int64) {
		of := evidence.Collection{Root: m.of.Root, Leaves: leaves, Manifest: manifest}
		checked, err := collection.Check(t.Context(), collection.At(bytes.NewReader(data)), int64(len(data)), of, nil)
		if err == nil && (checked.Digest != evidence.Sum(data) || !bytes.Equal(data, m.data)) {
			t.Error("another collection is good")
		}
		_ = collection.Each(t.Context(), collection.At(bytes.NewReader(data)), int64(len(data)), of, func(collection.Line, int64) error { return nil })
	})
}
