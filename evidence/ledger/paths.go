package ledger

// AuditPaths returns the root of the tree of leaves and the RFC 6962 audit path
// of each of them, leaf first: what ProveInclusion gives, for all at the cost of
// one. Without leaves the root is EmptyRoot.
func AuditPaths(leaves []Hash) (root Hash, paths [][]Hash) {
	if len(leaves) == 0 {
		return EmptyRoot(), nil
	}
	paths = make([][]Hash, len(leaves))
	return auditPaths(leaves, paths), paths
}

// auditPaths appends to each path the siblings within the tree of leaves (RFC
// 6962 section 2.1.1), and returns its root.
func auditPaths(leaves []Hash, paths [][]Hash) Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	split := 1 // the largest power of two that is less than their number
	for split*2 < len(leaves) {
		split *= 2
	}
	left, right := auditPaths(leaves[:split], paths[:split]), auditPaths(leaves[split:], paths[split:])
	for i := range paths {
		if i < split {
			paths[i] = append(paths[i], right)
		} else {
			paths[i] = append(paths[i], left)
		}
	}
	return node(left, right)
}
