package ledger

import "github.com/sealcase/sealcase/evidence"

// Climber computes roots from audit paths. It remembers the last pair of nodes
// that it hashed at each step: leaves that stand side by side in a tree share
// all but the lowest, and need not have them hashed again. The zero Climber is
// ready for use; it is not safe for concurrent use.
type Climber struct {
	last [63]struct {
		left, right, parent Hash
		known               bool
	}
}

// Root returns the root that path gives for leaf at index in a tree of size
// leaves, as a signature has it: the tree's, when that is what they are (RFC 9162
// section 2.1.3.2). It fails with Tampered when path cannot be an audit path of
// that place.
func (c *Climber) Root(leaf Hash, index, size int64, path []evidence.Digest) (Hash, error) {
	if index < 0 || index >= size {
		return Hash{}, evidence.Errorf(evidence.Tampered, "there is no entry %d in a tree of %d", index, size)
	}
	root, at, last := leaf, index, size-1 // the node reached, its place in its row, and the last place there
	for step, sibling := range path {
		if last == 0 {
			return Hash{}, notOfPlace(index, size)
		}
		if at&1 == 1 || at == last {
			root = c.node(step, Hash(sibling), root)
			for at&1 == 0 { // without a sibling in these rows
				at, last = at>>1, last>>1
			}
		} else {
			root = c.node(step, root, Hash(sibling))
		}
		at, last = at>>1, last>>1
	}
	if last != 0 {
		return Hash{}, notOfPlace(index, size)
	}
	return root, nil
}

func notOfPlace(index, size int64) error {
	return evidence.Errorf(evidence.Tampered, "the audit path of entry %d does not belong to a tree of %d", index, size)
}

// node is the function node, as far as it is not remembered.
func (c *Climber) node(step int, left, right Hash) Hash {
	l := &c.last[step]
	if !l.known || l.left != left || l.right != right {
		l.left, l.right, l.parent, l.known = left, right, node(left, right), true
	}
	return l.parent
}
