package attest

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// MaxBatch is how many entries one signature may stand for.
const MaxBatch = ledger.TileSize

// Sign signs entries with one signature, sets it in each, and returns their
// canonical bytes, which are the leaves of the log. It fails with Invalid for
// none, for more than MaxBatch, for one that is signed already or that canon
// cannot write, with TooLarge as canon does, and with what the signer fails with.
func Sign(ctx context.Context, signer evidence.Signer, entries ...*evidence.Entry) ([][]byte, error) {
	unsigned := make([][]byte, len(entries))
	for i, e := range entries {
		if e.Signature != nil {
			return nil, evidence.Errorf(evidence.Invalid, "the entry %s is signed already", e.ID)
		}
		var err error
		if unsigned[i], err = canon.Marshal(e); err != nil {
			return nil, err
		}
	}
	return SignCanonical(ctx, signer, entries, unsigned)
}

// SignCanonical is Sign for entries of which the caller has the canonical bytes,
// without a signature, already.
func SignCanonical(ctx context.Context, signer evidence.Signer, entries []*evidence.Entry, unsigned [][]byte) ([][]byte, error) {
	if len(entries) == 0 || len(entries) > MaxBatch || len(unsigned) != len(entries) {
		return nil, evidence.Errorf(evidence.Invalid, "1 to %d entries are signed at once, not %d", MaxBatch, len(entries))
	}
	leaves := make([]ledger.Hash, len(entries))
	for i, text := range unsigned {
		leaves[i] = ledger.LeafHash(text)
	}
	root, paths := ledger.AuditPaths(leaves)
	text := Text(int64(len(leaves)), root)
	signed, err := signer.Sign(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("signing entries: %w", err)
	}
	if len(signed) != 1 || !signed[0].Key.Verify(text, signed[0].Bytes) {
		return nil, evidence.Errorf(evidence.Internal, "the signer did not return a good signature of the entries")
	}
	raw := make([][]byte, len(entries))
	signatures := make([]*evidence.EntrySignature, len(entries))
	for i := range entries {
		s := &evidence.EntrySignature{Key: signed[0].Key.ID(), Bytes: signed[0].Bytes}
		if len(entries) > 1 {
			s.Index, s.Size, s.Path = int64(i), int64(len(leaves)), digests(paths[i])
		}
		if raw[i], err = withSignature(unsigned[i], s); err != nil {
			return nil, err
		}
		signatures[i] = s
	}
	for i, e := range entries {
		e.Signature = signatures[i]
	}
	return raw, nil
}

func digests(path []ledger.Hash) []evidence.Digest {
	list := make([]evidence.Digest, len(path))
	for i, h := range path {
		list[i] = evidence.Digest(h)
	}
	return list
}

// Text returns the bytes that are signed for a batch of that size and root:
// three lines, "sealcase/entries/v1", the size in decimal, and the root in
// standard base64.
func Text(size int64, root ledger.Hash) []byte {
	return fmt.Appendf(nil, "sealcase/entries/v1\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root[:]))
}

// signatureLength is that of every signature of an entry, in bytes.
const signatureLength = ed25519.SignatureSize
