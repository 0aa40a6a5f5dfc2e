package bundle_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// mutant is a bundle taken apart, to be put together otherwise by somebody who
// knows the format as well as we do.
type mutant struct {
	t     testing.TB
	base  string
	at    evidence.Instant
	files []bundle.File
}

// takeApart reads a good bundle with the standard library's reader.
func takeApart(t testing.TB, f *fixture, data []byte) *mutant {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	m := &mutant{t: t, base: string(f.facts.Disclosure.ID) + "/", at: f.facts.At}
	for _, file := range z.File {
		r := must(file.Open())
		m.files = append(m.files, bundle.File{Name: strings.TrimPrefix(file.Name, m.base), Content: must(io.ReadAll(r))})
	}
	return m
}

func (m *mutant) clone() *mutant {
	c := *m
	c.files = slices.Clone(m.files)
	return &c
}

func (m *mutant) index(name string) int {
	i := slices.IndexFunc(m.files, func(f bundle.File) bool { return f.Name == name })
	if i < 0 {
		m.t.Fatalf("there is no member %s", name)
	}
	return i
}

func (m *mutant) get(name string) []byte { return slices.Clone(m.files[m.index(name)].Content) }

func (m *mutant) set(name string, content []byte) {
	m.files[m.index(name)].Content = content
}

func (m *mutant) remove(name string) {
	i := m.index(name)
	m.files = slices.Delete(m.files, i, i+1)
}

// lines returns the lines of a member, with their ends.
func (m *mutant) lines(name string) [][]byte {
	return bytes.SplitAfter(bytes.TrimSuffix(m.get(name), []byte("\n")), []byte("\n"))
}

func (m *mutant) setLines(name string, lines [][]byte) {
	text := bytes.Join(lines, nil)
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(text, '\n')
	}
	m.set(name, text)
}

// replace replaces text in a member, once.
func (m *mutant) replace(name, old, new string) {
	text := m.get(name)
	if !bytes.Contains(text, []byte(old)) {
		m.t.Fatalf("%s does not hold %q", name, old)
	}
	m.set(name, bytes.Replace(text, []byte(old), []byte(new), 1))
}

// fixManifests recomputes both manifests, where they are there.
func (m *mutant) fixManifests() *mutant {
	for i := range m.files {
		if m.files[i].Name == "manifest-sha256.txt" {
			m.files[i].Content = bundle.Manifest(m.files, true)
		}
	}
	for i := range m.files {
		if m.files[i].Name == "tagmanifest-sha256.txt" {
			m.files[i].Content = bundle.Manifest(m.files, false)
		}
	}
	return m
}

func (m *mutant) zip() []byte { return bundle.Assemble(m.at, m.base, m.files) }

// expect verifies the mutant and wants an outcome, and words in one of its
// problems. A mutant in which no error is found means that the verifier is
// broken.
func expect(t *testing.T, f *fixture, m *mutant, want bundle.Outcome, words string, proof []byte) {
	t.Helper()
	r := f.verify(t, m.zip(), bundle.Options{Proof: proof})
	if r.Outcome == bundle.OK {
		t.Fatalf("no error found")
	}
	if r.Outcome != want {
		t.Errorf("outcome %s, want %s: %v", r.Outcome, want, r.Problems)
	}
	for _, p := range r.Problems {
		if strings.Contains(p.Where+": "+p.What, words) {
			return
		}
	}
	t.Errorf("no problem says %q: %v", words, r.Problems)
}

// TestMembers changes, removes, doubles, renames and moves each member, with
// the manifests as they were and recomputed.
func TestMembers(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	if !bytes.Equal(good.clone().fixManifests().zip(), data) {
		t.Fatal("a bundle that was taken apart and put together is another one")
	}
	for i, file := range good.files {
		name := file.Name
		tile := strings.HasPrefix(name, "custody/entries/")
		gone := bundle.Incomplete
		if tile { // without them the entries are not those that were signed
			gone = bundle.Tampered
		}
		for _, recompute := range []bool{false, true} {
			run := func(what string, want bundle.Outcome, words string, change func(m *mutant)) {
				t.Run(fmt.Sprintf("%s/%s/recompute=%v", what, name, recompute), func(t *testing.T) {
					t.Parallel()
					m := good.clone()
					change(m)
					if recompute {
						m.fixManifests()
					}
					expect(t, f, m, want, words, nil)
				})
			}
			manifest := strings.Contains(name, "manifest-sha256")
			run("remove", gone, name, func(m *mutant) { m.remove(name) })
			run("double", bundle.Malformed, "twice", func(m *mutant) { m.files = slices.Insert(m.files, i, m.files[i]) })
			if !recompute || !manifest {
				renamed := bundle.Malformed
				switch {
				case tile:
					renamed = bundle.Tampered
				case recompute && name == "custody/checkpoint.note": // nothing after it can be checked
					renamed = bundle.Incomplete
				}
				run("rename", renamed, name, func(m *mutant) { m.files[i].Name = "case/other" })
			}
			if i > 0 && !manifest {
				run("move", bundle.Malformed, "order", func(m *mutant) { m.files[i-1], m.files[i] = m.files[i], m.files[i-1] })
			}
			if !recompute && len(file.Content) > 0 {
				changed := bundle.Tampered
				if name == "tagmanifest-sha256.txt" { // nothing lists it
					changed = bundle.Malformed
				}
				run("cut", changed, name, func(m *mutant) { m.files[i].Content = file.Content[:len(file.Content)-1] })
				run("empty", changed, name, func(m *mutant) { m.files[i].Content = nil })
			}
		}
	}
}
