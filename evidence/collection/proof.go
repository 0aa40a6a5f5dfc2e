package collection

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

// ProofType is the "type" of a member proof.
const ProofType = "sealcase/member/v1"

// proof is a member proof, as FORMAT.md section 5 has it.
type proof struct {
	Type  string        `json:"type"` // ProofType
	Seal  string        `json:"seal"` // of the collection: a DSSE envelope
	Line  string        `json:"line"` // of the manifest
	Index int64         `json:"index"`
	Path  []ledger.Hash `json:"path"` // RFC 6962 audit path, leaf first
}

// Prove returns the proof that the line of a path is of a collection, whose seal
// is sealed. It names nothing else that is in the collection. It fails with
// NotFound when there is no such line, and as Each.
func Prove(ctx context.Context, open Open, size int64, claimed evidence.Collection, sealed []byte, path evidence.FileName) ([]byte, error) {
	lines, err := openLines(ctx, open, size, claimed)
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	p := proof{Type: ProofType, Seal: string(sealed), Index: -1}
	leaves := []ledger.Hash{lines.leaf}
	for {
		l, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if l.Path == path {
			p.Index, p.Line = lines.next-1, string(lines.raw[:len(lines.raw)-1])
		}
		leaves = append(leaves, lines.leaf)
	}
	if evidence.Digest(lines.tree.Root()) != claimed.Root {
		return nil, errOtherManifest()
	}
	if p.Index < 0 {
		return nil, evidence.Errorf(evidence.NotFound, "%s is not in the collection", path.Display())
	}
	if p.Path, err = auditPath(ctx, leaves, p.Index); err != nil {
		return nil, err
	}
	text, err := canon.Marshal(p)
	return append(text, '\n'), err
}

// auditPath returns the audit path of one of many leaves.
func auditPath(ctx context.Context, leaves []ledger.Hash, index int64) ([]ledger.Hash, error) {
	tile := func(n int64) []ledger.Hash {
		return leaves[n*ledger.TileSize : min(int64(len(leaves)), (n+1)*ledger.TileSize)]
	}
	path, err := ledger.ProveInclusion(ctx, index, int64(len(leaves)),
		func(_ context.Context, n int64) ([]ledger.Hash, error) { return tile(n), nil },
		func(_ context.Context, n int64) (ledger.Hash, error) { return ledger.TileRoot(tile(n)) })
	if path == nil {
		path = []ledger.Hash{}
	}
	return path, err
}

// Proven is what a member proof shows.
type Proven struct {
	Line  Line               // of the member
	Index int64              // of the line
	Of    seal.Statement     // on the collection
	Key   evidence.PublicKey // that sealed it
}

// maxProof is the longest member proof, in bytes.
const maxProof = canon.MaxSize

// VerifyProof checks a member proof against the keys that the caller trusts, of
// which only those of seals count. It fails with Malformed, Tampered or
// UntrustedKey.
func VerifyProof(text []byte, trusted []evidence.PublicKey) (Proven, error) {
	if len(text) == 0 || len(text) > maxProof || text[len(text)-1] != '\n' {
		return Proven{}, malformed("it is no line")
	}
	var p proof
	if err := canon.Unmarshal(text[:len(text)-1], &p); err != nil {
		return Proven{}, evidence.WrapError(evidence.Malformed, err, "it cannot be read")
	}
	if p.Type != ProofType || p.Index < 1 || p.Path == nil {
		return Proven{}, malformed("it is no proof of a member")
	}
	trusted = slices.DeleteFunc(slices.Clone(trusted), func(k evidence.PublicKey) bool {
		role, _, ok := attest.RoleOf(k.Name)
		return !ok || role != attest.RoleSeal
	})
	statement, key, err := seal.Open([]byte(p.Seal), trusted)
	if err != nil {
		return Proven{}, err
	}
	of := statement.Collection
	if of.IsZero() {
		return Proven{}, evidence.Errorf(evidence.Tampered, "the exhibit that it names is no collection")
	}
	if err := ledger.VerifyInclusion(ledger.LeafHash([]byte(p.Line)), p.Index, of.Leaves, p.Path, ledger.Hash(of.Root)); err != nil {
		return Proven{}, evidence.WrapError(evidence.Tampered, err, "the line is not in the manifest of that collection")
	}
	l, err := ReadLine([]byte(p.Line), p.Index)
	if err != nil {
		return Proven{}, err
	}
	return Proven{Line: l, Index: p.Index, Of: statement, Key: key}, nil
}
