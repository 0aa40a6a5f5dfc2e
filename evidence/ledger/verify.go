package ledger

import (
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/sealcase/sealcase/evidence"
)

// VerifyInclusion returns nil when path shows that leaf is at index in the tree
// of size leaves with that root (RFC 6962 section 2.1.1), and a Tampered error
// otherwise.
func VerifyInclusion(leaf Hash, index, size int64, path []Hash, root Hash) error {
	if index < 0 || index >= size {
		return evidence.Errorf(evidence.Tampered, "there is no entry %d in a log of %d", index, size)
	}
	err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf[:], byteSlices(path), root[:])
	if err != nil {
		return evidence.WrapError(evidence.Tampered, err, "entry %d is not in the log of %d entries that the checkpoint signs", index, size)
	}
	return nil
}

// VerifyConsistency returns nil when path shows that the tree of to leaves with
// newRoot continues the tree of from leaves with oldRoot (RFC 6962 section
// 2.1.2), and a Tampered error otherwise. Every tree continues the empty one.
func VerifyConsistency(from, to int64, path []Hash, oldRoot, newRoot Hash) error {
	switch {
	case from < 0 || from > to:
		return evidence.Errorf(evidence.Tampered, "a log of %d entries cannot continue one of %d", to, from)
	case from == 0 && oldRoot != EmptyRoot(), to == 0 && newRoot != EmptyRoot():
		return evidence.Errorf(evidence.Tampered, "a log without entries has another root than that")
	}
	err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(from), uint64(to), byteSlices(path), oldRoot[:], newRoot[:])
	if err != nil {
		return evidence.WrapError(evidence.Tampered, err, "the log of %d entries does not continue the log of %d", to, from)
	}
	return nil
}

func byteSlices(hashes []Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
