package bundle_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/canon"
)

// mutation is a bundle that was changed, and perhaps its proof of disclosure.
type mutation struct {
	name  string
	data  []byte
	proof []byte // nil for none
	alone bool   // the reader names no witness, though there is a proof
}

// generator makes mutations of one bundle, always the same for a seed. What it
// makes differs from the original in at least one byte, and what no signature
// covers without the proof it changes only beside the proof: so each mutation
// must be caught.
type generator struct {
	random *rand.Rand
	good   *mutant
	data   []byte
	proof  []byte
	seen   map[[sha256.Size]byte]bool
	yield  func(mutation) bool
	ended  bool
}

// mutations yields mutations of a bundle and of its proof, none of them twice.
func mutations(good *mutant, data, proof []byte, seed uint64) iter.Seq[mutation] {
	return func(yield func(mutation) bool) {
		g := &generator{
			random: rand.New(rand.NewPCG(seed, 7)), good: good, data: data, proof: proof, yield: yield,
			seen: map[[sha256.Size]byte]bool{sum(data, proof): true, sum(data, nil): true},
		}
		g.frames()
		g.members()
		g.lines()
		g.fields()
		g.rebuilt()
		g.proofs()
	}
}

func sum(data, proof []byte) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%x %x", sha256.Sum256(data), sha256.Sum256(proof)))
}

// put yields a mutation unless it was made before.
func (g *generator) put(name string, data, proof []byte) {
	if id := sum(data, proof); !g.ended && !g.seen[id] {
		g.seen[id] = true
		g.ended = !g.yield(mutation{name: name, data: data, proof: proof})
	}
}

// perhaps returns the proof half of the time.
func (g *generator) perhaps() []byte {
	if g.random.IntN(2) == 0 {
		return nil
	}
	return g.proof
}

// noise returns n bytes that begin with another one than not.
func (g *generator) noise(n int, not byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.random.Uint32())
	}
	b[0] = not ^ byte(1+g.random.IntN(255))
	return b
}

// frames changes bytes of the file, whatever they mean.
func (g *generator) frames() {
	spans := slices.DeleteFunc(bundle.Spans(g.data), func(s bundle.Span) bool { return s.To == s.From })
	for range 2800 {
		s := spans[g.random.IntN(len(spans))]
		at := s.From + g.random.Int64N(s.To-s.From)
		bad := bytes.Clone(g.data)
		bad[at] ^= 1 << g.random.IntN(8)
		g.put(fmt.Sprintf("a bit of %s at %d", s.Name, at), bad, g.perhaps())
	}
	for range 300 {
		g.stretches()
	}
}

// stretches cuts, grows, overwrites and moves parts of the file.
func (g *generator) stretches() {
	d, n := g.data, 1+g.random.IntN(64)
	at := g.random.IntN(len(d) - 2*n)
	with := slices.Concat[[]byte]
	g.put(fmt.Sprintf("cut at %d", at), with(d[:at]), g.perhaps())
	g.put(fmt.Sprintf("%d bytes taken out at %d", n, at), with(d[:at], d[at+n:]), g.perhaps())
	g.put(fmt.Sprintf("%d bytes put in at %d", n, at), with(d[:at], g.noise(n, d[at]), d[at:]), g.perhaps())
	g.put(fmt.Sprintf("%d bytes overwritten at %d", n, at), with(d[:at], g.noise(n, d[at]), d[at+n:]), g.perhaps())
	g.put(fmt.Sprintf("%d bytes doubled at %d", n, at), with(d[:at+n], d[at:]), g.perhaps())
	if !bytes.Equal(d[at:at+n], d[at+n:at+2*n]) {
		g.put(fmt.Sprintf("%d bytes swapped at %d", n, at), with(d[:at], d[at+n:at+2*n], d[at:at+n], d[at+2*n:]), g.perhaps())
	}
	g.put(fmt.Sprintf("%d bytes added", n), with(d, g.noise(n, 0)), g.perhaps())
	g.put(fmt.Sprintf("%d bytes put before", n), with(g.noise(n, 'P'), d), g.perhaps())
}

// finish yields a mutant as it is, and with manifests that fit. Where bare is
// not true only the proof covers what was changed, so it comes with the proof.
func (g *generator) finish(name string, m *mutant, bare bool) {
	g.put(name, m.zip(), g.perhaps())
	proof := g.proof
	if bare {
		proof = g.perhaps()
	}
	g.put(name+", manifests recomputed", m.clone().fixManifests().zip(), proof)
}

// members takes members out, doubles, renames, exchanges and invents them.
func (g *generator) members() {
	for i, file := range g.good.files {
		change := func(what string, f func(m *mutant)) {
			m := g.good.clone()
			f(m)
			g.finish(what+" "+file.Name, m, covered(file.Name, "") && !strings.Contains(file.Name, "manifest"))
		}
		change("without", func(m *mutant) { m.files = slices.Delete(m.files, i, i+1) })
		change("double", func(m *mutant) { m.files = slices.Insert(m.files, i, m.files[i]) })
		change("new before", func(m *mutant) {
			m.files = slices.Insert(m.files, i, bundle.File{Name: "case/new", Content: []byte("x")})
		})
		for range 5 {
			if j := g.random.IntN(len(g.good.files)); j != i {
				change(fmt.Sprintf("moved to %d", j), func(m *mutant) {
					m.files = slices.Insert(slices.Delete(m.files, i, i+1), j, file)
				})
				change("content of "+g.good.files[j].Name+" in", func(m *mutant) { m.files[i].Content = m.files[j].Content })
			}
		}
		for _, name := range []string{"case/other", "data/evidence/E-00001/other", strings.ToUpper(file.Name), "../" + file.Name, file.Name + "/"} {
			if name != file.Name {
				change("as "+name, func(m *mutant) { m.files[i].Name = name })
			}
		}
	}
}

// lines takes lines out of members of lines, doubles, moves and changes them.
func (g *generator) lines() {
	for i, file := range g.good.files {
		lines := bytes.SplitAfter(bytes.TrimSuffix(file.Content, []byte("\n")), []byte("\n"))
		if strings.HasPrefix(file.Name, "data/") || len(lines) < 2 {
			continue
		}
		bare := covered(file.Name, "") && file.Name != "custody/checkpoint.note"
		for range 22 {
			a, b := g.random.IntN(len(lines)), g.random.IntN(len(lines))
			g.relined(i, fmt.Sprintf("line %d taken out of", a), slices.Delete(slices.Clone(lines), a, a+1), bare)
			g.relined(i, fmt.Sprintf("line %d doubled at %d in", a, b), slices.Insert(slices.Clone(lines), b, lines[a]), bare)
			swapped := slices.Clone(lines)
			swapped[a], swapped[b] = swapped[b], swapped[a]
			g.relined(i, fmt.Sprintf("lines %d and %d exchanged in", a, b), swapped, bare)
			changed := slices.Clone(lines)
			at := g.random.IntN(len(changed[a]))
			changed[a] = slices.Concat(changed[a][:at], g.noise(1, changed[a][at]), changed[a][at+1:])
			g.relined(i, fmt.Sprintf("a character of line %d in", a), changed, bare)
		}
	}
}

// relined yields a bundle in which a member has other lines. Manifests that
// were changed themselves are not recomputed.
func (g *generator) relined(i int, name string, lines [][]byte, bare bool) {
	m := g.good.clone()
	text := bytes.Join(lines, nil)
	if len(text) > 0 && !bytes.HasSuffix(text, []byte("\n")) {
		text = append(bytes.Clone(text), '\n')
	}
	m.files[i].Content = text
	if strings.Contains(m.files[i].Name, "manifest") {
		g.put(name+" "+m.files[i].Name, m.zip(), g.perhaps())
		return
	}
	g.finish(name+" "+m.files[i].Name, m, bare)
}

// fields changes fields of every JSON text, canonical again.
func (g *generator) fields() {
	for i, file := range g.good.files {
		if !strings.Contains(file.Name, ".json") {
			continue
		}
		lines := bytes.Split(bytes.TrimSuffix(file.Content, []byte("\n")), []byte("\n"))
		for range 70 {
			at := g.random.IntN(len(lines))
			changed, path, ok := g.changeJSON(lines[at])
			if !ok {
				continue
			}
			m := g.good.clone()
			all := slices.Clone(lines)
			all[at] = changed
			text := bytes.Join(all, []byte("\n"))
			if bytes.HasSuffix(file.Content, []byte("\n")) {
				text = append(text, '\n')
			}
			m.files[i].Content = text
			g.finish(fmt.Sprintf("%s of line %d in %s", path, at, file.Name), m, covered(file.Name, path))
		}
	}
}

// changeJSON changes one value in a JSON text and says which.
func (g *generator) changeJSON(text []byte) (changed []byte, path string, ok bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return nil, "", false
	}
	value, path = g.changeValue(value)
	changed, err := canon.Marshal(value)
	if err != nil { // what canon refuses is written all the same
		changed, err = json.Marshal(value)
	}
	return changed, path, err == nil && !bytes.Equal(changed, text)
}

// changeValue goes down to a value at random and changes it.
func (g *generator) changeValue(value any) (any, string) {
	switch v := value.(type) {
	case map[string]any:
		return g.changeObject(v)
	case []any:
		if len(v) > 0 && g.random.IntN(4) > 0 {
			i := g.random.IntN(len(v))
			var path string
			v[i], path = g.changeValue(v[i])
			return v, fmt.Sprintf("[%d]%s", i, path)
		}
		return g.other(v), "[]"
	case string:
		return g.changeText(v), ""
	case json.Number:
		n, _ := v.Int64()
		return pick[any](g, n+1, n-1, -n-1, n+1<<20, v.String(), nil), ""
	default:
		return g.other(v), ""
	}
}

func (g *generator) changeObject(v map[string]any) (any, string) {
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range v {
			if !yield(k) {
				return
			}
		}
	})
	if len(keys) == 0 || g.random.IntN(12) == 0 {
		v["zzz"] = "new"
		return v, "+"
	}
	key := keys[g.random.IntN(len(keys))]
	if g.random.IntN(8) == 0 {
		delete(v, key)
		return v, "-" + key
	}
	var path string
	v[key], path = g.changeValue(v[key])
	return v, "." + key + path
}

func (g *generator) changeText(v string) any {
	if v == "" {
		return "x"
	}
	i := g.random.IntN(len(v))
	return pick[any](g, "", v+"x", v[1:], v[:i]+string(rune('0'+g.random.IntN(10)))+v[i+1:], v[:i]+v[min(i+1, len(v)):],
		strings.ToUpper(v), " "+v, v+"\n", v+"\u202e", 7, nil)
}

func (g *generator) other(v any) any {
	return pick[any](g, "x", 3, false, nil, []any{v}, map[string]any{"a": v})
}

func pick[T any](g *generator, from ...T) T { return from[g.random.IntN(len(from))] }
