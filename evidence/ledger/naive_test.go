package ledger_test

import (
	"crypto/sha256"
	"strconv"

	"github.com/sealcase/sealcase/evidence/ledger"
)

// The functions of this file are RFC 6962 section 2.1 word for word, by
// recursion over all leaves, sharing no code with the package: what it
// computes in a better way must be equal.

// naiveSplit returns k, the largest power of two smaller than n.
func naiveSplit(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

func naiveNode(l, r ledger.Hash) ledger.Hash {
	return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...))
}

// naive computes over leaves, remembering the roots of ranges.
type naive struct {
	leaves []ledger.Hash
	roots  map[[2]int]ledger.Hash
}

// newNaive returns a log of n leaves, each a function of its index.
func newNaive(n int) *naive {
	v := &naive{roots: map[[2]int]ledger.Hash{}}
	for i := range n {
		v.leaves = append(v.leaves, sha256.Sum256([]byte("\x00entry "+strconv.Itoa(i))))
	}
	return v
}

// root is MTH(D[from:to]).
func (v *naive) root(from, to int) ledger.Hash {
	switch to - from {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return v.leaves[from]
	}
	if h, ok := v.roots[[2]int{from, to}]; ok {
		return h
	}
	k := from + naiveSplit(to-from)
	h := naiveNode(v.root(from, k), v.root(k, to))
	v.roots[[2]int{from, to}] = h
	return h
}

// path is PATH(m, D[from:to]), with m counted from from.
func (v *naive) path(m, from, to int) []ledger.Hash {
	if to-from <= 1 {
		return nil
	}
	k := naiveSplit(to - from)
	if m < k {
		return append(v.path(m, from, from+k), v.root(from+k, to))
	}
	return append(v.path(m-k, from+k, to), v.root(from, from+k))
}

// proof is PROOF(m, D[0:n]).
func (v *naive) proof(m, n int) []ledger.Hash {
	if m == 0 || m == n {
		return nil
	}
	return v.subproof(m, 0, n, true)
}

// subproof is SUBPROOF(m, D[from:to], whole), with m counted from from.
func (v *naive) subproof(m, from, to int, whole bool) []ledger.Hash {
	if m == to-from {
		if whole {
			return nil
		}
		return []ledger.Hash{v.root(from, to)}
	}
	k := naiveSplit(to - from)
	if m <= k {
		return append(v.subproof(m, from, from+k, whole), v.root(from+k, to))
	}
	return append(v.subproof(m-k, from+k, to, false), v.root(from, from+k))
}
