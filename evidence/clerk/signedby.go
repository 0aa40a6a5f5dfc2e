package clerk

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// CheckSigned returns nil when an entry carries a good signature of its actor:
// by a key of the worker, or by one that Vault has for the person.
func (s *Clerk) CheckSigned(ctx context.Context, e evidence.LogEntry) error {
	if e.Entry.Signature == nil {
		return evidence.Errorf(evidence.Tampered, "an entry of the register is not signed")
	}
	if !e.Entry.Actor.Service {
		_, err := s.PersonKey(ctx, e)
		return err
	}
	keys, err := s.knownKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys.worker {
		if k.ID() == e.Entry.Signature.Key {
			if err := keys.trust(s.origin).Ended(k.ID(), e.Index, e.Entry.At); err != nil {
				return err
			}
			return attest.Verify(*e.Entry.Signature, e.Raw, k)
		}
	}
	return evidence.Errorf(evidence.UntrustedKey, "an entry of the register is signed with %s, which is no key of the worker", e.Entry.Signature.Key)
}
