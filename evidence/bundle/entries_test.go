package bundle_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestEntries edits, drops, doubles and swaps entries all over the log, with
// the manifests recomputed.
func TestEntries(t *testing.T) {
	f := long()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	all := append(good.lines(tile0), good.lines(tile1)...)
	for i := range all {
		all[i] = append(bytes.TrimSuffix(all[i], []byte("\n")), '\n')
	}
	rewrite := func(t *testing.T, name string, lines [][]byte) {
		m := good.clone()
		m.setLines(tile0, lines[:min(256, len(lines))])
		m.setLines(tile1, lines[min(256, len(lines)):])
		t.Run(name, func(t *testing.T) { expect(t, f, m.fixManifests(), bundle.Tampered, "custody/entries", nil) })
	}
	for i := 0; i < len(all); i += 37 {
		for _, key := range []string{`"id":"entry-`, `"nonce":"`, `"at":"2026-03-`, `"name":"`} {
			edited := slices.Clone(all)
			edited[i] = bytes.Clone(edited[i])
			at := bytes.Index(edited[i], []byte(key)) + len(key)
			edited[i][at] ^= 1 // mostly still well-formed
			rewrite(t, fmt.Sprintf("edit/%d/%s", i, key), edited)
		}
		rewrite(t, fmt.Sprintf("drop/%d", i), slices.Delete(slices.Clone(all), i, i+1))
		rewrite(t, fmt.Sprintf("double/%d", i), slices.Insert(slices.Clone(all), i, all[i]))
		swapped := slices.Clone(all)
		j := (i + 1) % len(all)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		rewrite(t, fmt.Sprintf("swap/%d", i), swapped)
	}
	rewrite(t, "one more", append(slices.Clone(all), all[7]))
	rewrite(t, "none", nil)
	rewrite(t, "an empty line", slices.Insert(slices.Clone(all), 9, []byte("\n")))
	rewrite(t, "a space", slices.Replace(slices.Clone(all), 9, 10, append([]byte(" "), all[9]...)))
}
