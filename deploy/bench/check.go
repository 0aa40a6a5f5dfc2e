package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

func digestOf(r io.Reader) (evidence.Digest, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, r); err != nil {
		return evidence.Digest{}, fmt.Errorf("hashing: %w", err)
	}
	return evidence.Digest(hash.Sum(nil)), nil
}

// onlyItem returns the one item of a case, and fails when there is another
// number of them.
func (b *bench) onlyItem(ctx context.Context, c evidence.CaseID) (evidence.Item, error) {
	var page evidence.Page[evidence.Item]
	if _, err := b.api.get(ctx, "/cases/"+string(c)+"/evidence", nil, &page); err != nil {
		return evidence.Item{}, err
	}
	if len(page.Items) != 1 {
		return evidence.Item{}, fmt.Errorf("the case has %d items and should have one", len(page.Items))
	}
	return page.Items[0], nil
}
