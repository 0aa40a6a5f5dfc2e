package disclose

import (
	"bytes"
	"context"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// proofs show that disclosures are on record.
type proofs struct{ *Service }

// proveDisclosed makes the detached proof under the newest logbook.Head, and has that
// head registered and vouched for. When the register cannot take it now, the
// proof is made without, and DisclosureProof adds what comes later.
func (s proofs) proveDisclosed(ctx context.Context, actor evidence.Actor, d evidence.Disclosure, recorded evidence.LogEntry) ([]byte, error) {
	l := s.book.Log(d.Case)
	h, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	p := bundle.Proof{Entry: recorded.Raw, Index: recorded.Index, Checkpoint: h.Note}
	if p.Inclusion, err = l.ProveInclusion(ctx, recorded.Index, h.Size); err != nil {
		return nil, err
	}
	if p.Consistency, err = l.ProveConsistency(ctx, d.LogSize, h.Size); err != nil {
		return nil, err
	}
	err = s.register.RegisterNow(ctx, actor, d.Case, h)
	if code := evidence.CodeOf(err); code == evidence.Unavailable || code == evidence.Sealed {
		return nil, err // a later run registers a later head, which proves another checkpoint
	}
	if err != nil {
		s.logger.WarnContext(ctx, "the head that a disclosure is on record under could not be registered now; the register's next run does",
			slog.String("disclosure", string(d.ID)), slog.Any("error", err))
	}
	if err := s.completeProof(ctx, d, &p); err != nil {
		return nil, err
	}
	return writeProof(p)
}

// completeProof adds to a proof what the register has of its head by now, and
// the versions of keys that began after the bundle.
func (s proofs) completeProof(ctx context.Context, d evidence.Disclosure, p *bundle.Proof) error {
	cp, err := ledger.ParseCheckpoint(p.Checkpoint)
	if err != nil {
		return err
	}
	registered, err := s.register.RegisterProof(ctx, d.Case, cp.Size)
	switch evidence.CodeOf(err) {
	case "":
		p.Register = registered
	case evidence.NotFound: // not yet, or that size never is
	default:
		return err
	}
	by, err := s.clerk.Trust(ctx)
	if err != nil {
		return err
	}
	if by.Rooted() {
		return s.addStated(ctx, by.Roots(), d, cp.Size, p)
	}
	p.Keys, err = s.introducedAfter(ctx, d.Case, d.LogSize)
	return err
}

// introducedAfter returns the details of the key entries that introduce versions
// of the agency's keys and are not among the first size entries of a case's log:
// they are later in it, or in the register.
func (s proofs) introducedAfter(ctx context.Context, c evidence.CaseID, size int64) ([]map[string]string, error) {
	keys, err := s.clerk.Trusted(ctx)
	if err != nil {
		return nil, err
	}
	var list []map[string]string
	for _, k := range keys {
		if _, version := attest.VersionOf(k.Name); version == 1 {
			continue // nothing introduces it
		}
		known, err := s.book.Log(c).Entry(ctx, attest.KeyEntry(c, k))
		if evidence.CodeOf(err) == evidence.NotFound {
			known, err = s.book.Log(evidence.RegisterID()).Entry(ctx, attest.KeyEntry(evidence.RegisterID(), k))
		} else if err == nil && known.Index < size {
			continue // the bundle has it
		}
		if evidence.CodeOf(err) == evidence.NotFound {
			continue // nothing that is proven is signed with it
		}
		if err != nil {
			return nil, err
		}
		list = append(list, map[string]string{
			attest.DetailOld: known.Entry.Details[attest.DetailOld], attest.DetailOldSig: known.Entry.Details[attest.DetailOldSig],
			attest.DetailNew: known.Entry.Details[attest.DetailNew], attest.DetailNewSig: known.Entry.Details[attest.DetailNewSig],
		})
	}
	return list, nil
}

// DisclosureProof returns the detached proof that a ready disclosure is in the
// log (package bundle), with what the register and those who vouch for it have
// given for its head by now.
func (s *Service) DisclosureProof(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) ([]byte, error) {
	d, err := s.readyDisclosure(ctx, actor, id, act.SeeCase)
	if err != nil {
		return nil, err
	}
	stored, err := s.readWhole(ctx, d.Proof)
	if err != nil {
		return nil, err
	}
	p, err := bundle.ParseProof(stored)
	if err != nil {
		return nil, err
	}
	made, err := s.book.Log(d.Case).Entry(ctx, act.DisclosedEntry(id))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(p.Entry, made.Raw) {
		return nil, evidence.Errorf(evidence.Tampered, "what is stored as the proof of this disclosure is the proof of something else; tell the supervisor")
	}
	if err := (proofs{s}).completeProof(ctx, d, &p); err != nil {
		// What is stored is a whole proof; the register's affairs are for the audit.
		s.logger.WarnContext(ctx, "a proof of disclosure is given out as it was stored: the register could not be read", slog.Any("error", err))
		return stored, nil
	}
	return writeProof(p)
}

func writeProof(p bundle.Proof) ([]byte, error) {
	var text bytes.Buffer
	if err := bundle.WriteProof(&text, p); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}
