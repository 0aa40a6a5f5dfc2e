package custody

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// DisclosureRequest asks for a bundle for a recipient.
type DisclosureRequest struct {
	ID        evidence.DisclosureID `json:"id"`
	Case      evidence.CaseID       `json:"case"`
	Title     string                `json:"title"`
	Recipient string                `json:"recipient"`
	Purpose   string                `json:"purpose"`
	Withheld  []evidence.Withheld   `json:"withheld,omitempty"` // quarantined items are withheld in any case
}

// BundleProgress is how much of a bundle is written.
type BundleProgress struct {
	Items   int   `json:"items"`
	OfItems int   `json:"of_items"`
	Bytes   int64 `json:"bytes"`
	OfBytes int64 `json:"of_bytes"`
}

// RequestDisclosure records the wish for a bundle. It fails with Conflict,
// naming them, while items are received and not yet sealed. Idempotent under
// r.ID.
func (s *Service) RequestDisclosure(ctx context.Context, actor evidence.Actor, r DisclosureRequest) (evidence.Disclosure, error) {
	return evidence.Disclosure{}, errSoon
}

// WriteBundle writes the bundle into storage, locked. progress may be nil.
// A retry begins anew unless the bundle is already stored. Only a service may.
func (s *Service) WriteBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, progress func(BundleProgress)) (evidence.Disclosure, error) {
	return evidence.Disclosure{}, errSoon
}

// FinishDisclosure puts the written bundle on record and stores the detached
// proof that it is. Idempotent; only a service may.
func (s *Service) FinishDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error) {
	return evidence.Disclosure{}, errSoon
}

// FailDisclosure records that a bundle could not be made, with a message that
// is safe to show. A disclosure that is ready stays so. Only a service may.
func (s *Service) FailDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, message string) error {
	return errSoon
}

// Disclosure returns a disclosure as it stands.
func (s *Service) Disclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error) {
	return evidence.Disclosure{}, errSoon
}

// Disclosures returns the disclosures of a case, newest first.
func (s *Service) Disclosures(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Disclosure, error) {
	return nil, errSoon
}

// OpenBundle opens a bundle that is ready, from offset on, length bytes (-1:
// to the end). At offset 0 it goes on record as fetched.
func (s *Service) OpenBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, offset, length int64) (io.ReadCloser, evidence.Disclosure, error) {
	return nil, evidence.Disclosure{}, errSoon
}

// DisclosureProof returns the detached proof that a ready disclosure is in the
// log (package bundle).
func (s *Service) DisclosureProof(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) ([]byte, error) {
	return nil, errSoon
}
