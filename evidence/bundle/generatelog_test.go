package bundle_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence/ledger"
)

// covered reports whether a signature or another member covers a field of a
// member also without the proof of disclosure: FORMAT.md, section 6, "not
// covered". Without a path it means the whole of the member.
func covered(member, path string) bool {
	field := strings.TrimLeft(path, ".-")
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return field == n || strings.HasPrefix(field, n+".") })
	}
	switch {
	case member == "custody/keys.vkey", member == "verify.html":
		return false
	case path == "" || path == "+": // more or fewer lines, or a key that nobody knows
		return member != "case/items.jsonl" && member != "custody/earlier.jsonl" || path == "+"
	case member == "case/case.json":
		return has("id", "number")
	case member == "case/disclosure.json":
		return has("type", "id", "case", "case_number", "items", "bytes", "withheld", "withheld_entries", "earlier", "log_origin", "log_size", "log_root", "title", "recipient", "purpose", "by")
	case member == "case/items.jsonl":
		return has("member", "item.id", "item.case", "item.exhibit", "item.sha256", "item.length") && !strings.HasPrefix(path, "-")
	case member == "custody/earlier.jsonl":
		return has("size")
	}
	return true
}

// rebuilt changes entries and recomputes everything that follows from them:
// leaves, root, manifests. Only signatures it cannot make.
func (g *generator) rebuilt() {
	name := "custody/entries/00000.jsonl"
	lines := bytes.Split(bytes.TrimSuffix(g.good.get(name), []byte("\n")), []byte("\n"))
	for range 260 {
		a, b := g.random.IntN(len(lines)), g.random.IntN(len(lines))
		if changed, path, ok := g.changeJSON(lines[a]); ok {
			all := slices.Clone(lines)
			all[a] = changed
			g.relogged(fmt.Sprintf("%s of entry %d", path, a), all, true)
		}
		swapped := slices.Clone(lines)
		swapped[a], swapped[b] = swapped[b], swapped[a]
		g.relogged(fmt.Sprintf("entries %d and %d exchanged", a, b), swapped, true)
		g.relogged(fmt.Sprintf("entry %d taken out", a), slices.Delete(slices.Clone(lines), a, a+1), true)
		g.relogged(fmt.Sprintf("entry %d doubled at %d", a, b), slices.Insert(slices.Clone(lines), b, lines[a]), true)
		if other, ok := withSignatureOf(lines[a], lines[b]); ok && a != b {
			all := slices.Clone(lines)
			all[a] = other
			g.relogged(fmt.Sprintf("entry %d with the signature of entry %d", a, b), all, true)
		}
	}
}

// withSignatureOf returns an entry with the signature of another.
func withSignatureOf(entry, other []byte) ([]byte, bool) {
	const mark = `,"signature":{`
	i, j := bytes.Index(entry, []byte(mark)), bytes.Index(other, []byte(mark))
	if i < 0 || j < 0 {
		return nil, false
	}
	end, otherEnd := i+bytes.IndexByte(entry[i:], '}'), j+bytes.IndexByte(other[j:], '}')
	return slices.Concat(entry[:i], other[j:otherEnd], entry[end:]), true
}

// relogged yields a bundle with another log, whose root and size stand in the
// disclosure and in the checkpoint, and one where only the former is so. Where
// bare is not true only the proof covers what was changed.
func (g *generator) relogged(name string, lines [][]byte, bare bool) {
	proof := g.proof
	if bare {
		proof = g.perhaps()
	}
	var tree ledger.Tree
	for _, line := range lines {
		tree.Append(leafOf(line))
	}
	root := tree.Root()
	m := g.good.clone()
	m.setLines("custody/entries/00000.jsonl", bytes.SplitAfter(bytes.Join(lines, []byte("\n")), []byte("\n")))
	old := must(ledger.ParseCheckpoint(m.get("custody/checkpoint.note")))
	m.replace("case/disclosure.json", fmt.Sprintf(`"log_root":%q,"log_size":%d`, old.Root, old.Size), fmt.Sprintf(`"log_root":%q,"log_size":%d`, root, len(lines)))
	g.put(name+", head announced", m.clone().fixManifests().zip(), proof)
	m.replace("custody/checkpoint.note", fmt.Sprintf("\n%d\n%s\n", old.Size, base64.StdEncoding.EncodeToString(old.Root[:])),
		fmt.Sprintf("\n%d\n%s\n", len(lines), base64.StdEncoding.EncodeToString(root[:])))
	g.put(name+", head written into the checkpoint", m.fixManifests().zip(), proof)
}

// leafOf returns the leaf that a line of the log stands for.
func leafOf(line []byte) ledger.Hash {
	if rest, ok := bytes.CutPrefix(line, []byte(`{"leaf":"`)); ok && len(rest) > 64 {
		if h, err := ledger.ParseHash(string(rest[:64])); err == nil {
			return h
		}
	}
	return ledger.LeafHash(line)
}

// proofs changes the proof of disclosure beside the good bundle. What the
// register holds of parties whom the reader does not know, and time stamps, is
// covered by nobody whom he trusts, and stays as it is.
func (g *generator) proofs() {
	for range 500 {
		if changed, path, ok := g.changeJSON(bytes.TrimSuffix(g.proof, []byte("\n"))); ok && !strings.Contains(path, "timestamps") &&
			path != ".register.checkpoint" && path != "-register" && path != "-keys" {
			g.put("proof: "+path, g.data, append(changed, '\n'))
		}
	}
	free := bytes.Index(g.proof, []byte(`,"register":`))
	if free < 0 {
		free = len(g.proof)
	}
	for range 500 {
		at := g.random.IntN(free)
		bad := bytes.Clone(g.proof)
		bad[at] ^= 1 << g.random.IntN(8)
		g.put(fmt.Sprintf("proof: a bit at %d", at), g.data, bad)
		g.put(fmt.Sprintf("proof: cut at %d", at), g.data, bytes.Clone(g.proof[:at]))
	}
}
