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
// cannot write, and with what the signer fails with.
func Sign(ctx context.Context, signer evidence.Signer, entries ...*evidence.Entry) ([][]byte, error) {
	if len(entries) == 0 || len(entries) > MaxBatch {
		return nil, evidence.Errorf(evidence.Invalid, "1 to %d entries are signed at once, not %d", MaxBatch, len(entries))
	}
	leaves := make([]ledger.Hash, len(entries))
	for i, e := range entries {
		if e.Signature != nil {
			return nil, evidence.Errorf(evidence.Invalid, "the entry %s is signed already", e.ID)
		}
		unsigned, err := canon.Marshal(e)
		if err != nil {
			return nil, err
		}
		leaves[i] = ledger.LeafHash(unsigned)
	}
	size := int64(len(leaves))
	text := Text(size, rootOf(leaves))
	signed, err := signer.Sign(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("signing entries: %w", err)
	}
	if len(signed) != 1 || !signed[0].Key.Verify(text, signed[0].Bytes) {
		return nil, evidence.Errorf(evidence.Internal, "the signer did not return a good signature of the entries")
	}
	raw := make([][]byte, len(entries))
	for i, e := range entries {
		e.Signature = &evidence.EntrySignature{Key: signed[0].Key.ID(), Bytes: signed[0].Bytes}
		if size > 1 {
			if err := place(ctx, e.Signature, int64(i), leaves); err != nil {
				return nil, err
			}
		}
		if raw[i], err = canon.Marshal(e); err != nil {
			return nil, err
		}
	}
	return raw, nil
}

// place says where in the batch an entry stands.
func place(ctx context.Context, s *evidence.EntrySignature, index int64, leaves []ledger.Hash) error {
	s.Index, s.Size = index, int64(len(leaves))
	path, err := ledger.ProveInclusion(ctx, index, s.Size,
		func(context.Context, int64) ([]ledger.Hash, error) { return leaves, nil },
		func(context.Context, int64) (ledger.Hash, error) { return rootOf(leaves), nil })
	if err != nil {
		return fmt.Errorf("proving an entry's place among those signed with it: %w", err)
	}
	for _, h := range path {
		s.Path = append(s.Path, evidence.Digest(h))
	}
	return nil
}

// Text returns the bytes that are signed for a batch of that size and root:
// three lines, "sealcase/entries/v1", the size in decimal, and the root in
// standard base64.
func Text(size int64, root ledger.Hash) []byte {
	return fmt.Appendf(nil, "sealcase/entries/v1\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root[:]))
}

func rootOf(leaves []ledger.Hash) ledger.Hash {
	var t ledger.Tree
	for _, leaf := range leaves {
		t.Append(leaf)
	}
	return t.Root()
}

// signatureLength is that of every signature of an entry, in bytes.
const signatureLength = ed25519.SignatureSize
