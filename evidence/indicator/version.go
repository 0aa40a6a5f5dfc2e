package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
	"github.com/sealcase/sealcase/evidence/indicator/internal/words"
)

// numbersPart reports whether what stands around four numbers in their line says
// that they number a part of a text or a release.
func numbersPart(w word, a [4]byte, name []byte) bool {
	b := w.v.b
	var buffer [256]byte
	var word [16]byte
	line := lineBefore(w.v, w.from, buffer[:])
	if network.IsSection(a) && (words.Comment(line) || words.OfStandard(line)) {
		return true
	}
	if w.right() == '/' || w.right() == ':' {
		return false
	}
	if n := bytes.TrimRight(line, " "); bytes.HasSuffix(n, []byte(">=")) || bytes.HasSuffix(n, []byte("<=")) || bytes.HasSuffix(n, []byte("~>")) {
		return true
	}
	return !network.AboutNetworks(name) && words.AboutReleases(words.NextWord(b, w.to, word[:0])) || network.IsSection(a) && words.OfRelease(line) ||
		network.IsAttribute(a) && w.left() == 0 && (w.right() == '"' || w.right() == '\'') && !network.AboutNetworks(name) && !words.EndsAsNetwork(name)
}

// drawing reports whether four numbers are in the path of a picture, where
// numbers follow each other without blanks (SVG 2 section 9.3).
func drawing(w word) bool {
	b, i, letters := w.v.b, w.from, 0
	least := max(0, w.from-200)
	for i > least && words.OfPath(b[i-1]) {
		i--
		letters += char.Bit(char.Letter(b[i]))
	}
	if letters == 0 || w.from-i < 5 {
		return false
	}
	return i == least && i > 0 || i > 1 && (b[i-1] == '"' || b[i-1] == '\'') && (b[i-2] == '=' || b[i-2] == '\\')
}
