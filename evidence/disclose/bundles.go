package disclose

import (
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// Progress is how much of a bundle is written.
type Progress struct {
	Items   int   `json:"items"`
	OfItems int   `json:"of_items"`
	Bytes   int64 `json:"bytes"`
	OfBytes int64 `json:"of_bytes"`
}

// bundleLock locks a bundle as long as new evidence, and holds it: what was
// served must stay what it was.
func (s *Service) bundleLock() evidence.Lock {
	return evidence.Lock{Until: evidence.At(s.now().Time().Add(s.retention)), Hold: true}
}

func (s *Service) bundleRef(d evidence.Disclosure, name string) evidence.ObjectRef {
	return evidence.ObjectRef{Bucket: s.objects.Buckets().Bundles, Key: evidence.BundleKey(d.Case, d.ID, name)}
}

// WriteBundle writes the bundle into storage, locked. progress may be nil.
// A retry begins anew unless the bundle is already stored. It fails with Tampered
// when the log does not say that this was asked for. Only a service may.
func (s *Service) WriteBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, progress func(Progress)) (evidence.Disclosure, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return evidence.Disclosure{}, err
	}
	d, err := s.toMake(ctx, id)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	if d.State != evidence.DisclosureRequested {
		return d, nil
	}
	src, err := s.bundleSource(ctx, d)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	report := func(items int, bytes int64) {
		if progress != nil {
			progress(Progress{items, src.facts.Items, bytes, src.facts.Bytes})
		}
	}
	summary, stored, err := s.storeBundle(ctx, d, src, report)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	d.State, d.Length, d.Digest, d.TagDigest = evidence.DisclosureWritten, summary.Length, summary.Digest, summary.TagDigest
	d.Bundle = stored.Ref
	return s.nextDisclosure(ctx, d)
}

// storeBundle writes the bundle into an object; an object that is not whole
// never comes to be.
func (s *Service) storeBundle(ctx context.Context, d evidence.Disclosure, src *bundleSource, report bundle.Progress) (bundle.Summary, evidence.Stored, error) {
	estimate := src.facts.Bytes + 4096*int64(src.facts.Items) + 2048*d.LogSize
	w, err := s.newObjectWriter(ctx, s.bundleRef(d, evidence.BundleName), "application/zip", s.bundleLock(), estimate)
	if err != nil {
		return bundle.Summary{}, evidence.Stored{}, err
	}
	summary, err := bundle.Write(ctx, w, src, report)
	if err != nil {
		return bundle.Summary{}, evidence.Stored{}, errors.Join(err, w.abort())
	}
	stored, err := w.complete()
	if err != nil {
		return bundle.Summary{}, evidence.Stored{}, errors.Join(err, w.abort())
	}
	if stored.Length != summary.Length {
		return bundle.Summary{}, evidence.Stored{}, evidence.Errorf(evidence.LengthMismatch,
			"the bundle has %d bytes, the object store kept %d; the bundle is written again", summary.Length, stored.Length)
	}
	return summary, stored, nil
}

// FinishDisclosure puts the written bundle on record and stores the detached
// proof that it is. It fails with Tampered when the log does not say that this was
// asked for. Idempotent; only a service may.
func (s *Service) FinishDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return evidence.Disclosure{}, err
	}
	d, err := s.toMake(ctx, id)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	switch d.State {
	case evidence.DisclosureReady:
		return d, nil
	case evidence.DisclosureWritten:
	default:
		return evidence.Disclosure{}, evidence.Errorf(evidence.Conflict, "the disclosure is %s; only a written bundle can go on record", d.State)
	}
	if err := s.checkAsked(ctx, d); err != nil {
		return evidence.Disclosure{}, err
	}
	if ref := s.bundleRef(d, evidence.BundleName); ref.Bucket != d.Bundle.Bucket || ref.Key != d.Bundle.Key {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Tampered, "the registry says that the bundle of the disclosure %s is another object; nothing goes on record, tell the supervisor", d.ID)
	}
	recorded, err := s.recordDisclosed(ctx, actor, d)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	proof, err := proofs{s}.proveDisclosed(ctx, actor, d, recorded)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	stored, err := s.objects.Put(ctx, s.bundleRef(d, evidence.ProofName), proof, "application/json", s.bundleLock())
	if err != nil {
		return evidence.Disclosure{}, err
	}
	d.State, d.Proof = evidence.DisclosureReady, stored.Ref
	if d, err = s.nextDisclosure(ctx, d); err == nil {
		s.mirrorDisclosure(d)
	}
	return d, err
}

// recordDisclosed puts on record that the bundle was made. Making it is an act of
// the program; the entry names the one with which a person asked for it.
func (s *Service) recordDisclosed(ctx context.Context, actor evidence.Actor, d evidence.Disclosure) (evidence.LogEntry, error) {
	said := act.Disclosed{
		Disclosure: d.ID, Title: d.Title, Recipient: d.Recipient, TagDigest: d.TagDigest, Digest: d.Digest, Length: d.Length,
		LogSize: d.LogSize, Items: d.Items, Withheld: len(d.Withheld), Request: act.RequestedEntry(d.ID), RequestedBy: d.By,
		Bucket: d.Bundle.Bucket, Object: d.Bundle.Key, Version: d.Bundle.Version,
	}
	e, err := act.New(d.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) { e.Purpose = d.Purpose })
	if err != nil {
		return evidence.LogEntry{}, err
	}
	recorded, err := s.clerk.PutOnRecord(ctx, actor, e)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	return recorded[0], nil
}

// RequestBundle puts on record that actor fetches a bundle that is ready, from
// offset on, length bytes (-1: to the end), and returns the ticket that opens it.
// A part is recorded as the whole is: a bundle without its first byte is a bundle.
func (s *Service) RequestBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, offset, length int64) (evidence.Ticket, error) {
	d, err := s.readyDisclosure(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return evidence.Ticket{}, err
	}
	p, err := evidence.SpanOf(d.Length, offset, length)
	if err != nil {
		return evidence.Ticket{}, err
	}
	if _, err := s.objects.Stat(ctx, d.Bundle); err != nil { // what cannot be fetched is not fetched
		return evidence.Ticket{}, err
	}
	said := act.Fetched{Disclosure: d.ID, Digest: d.Digest}
	if p.Length != d.Length {
		said.Offset, said.Bytes = &p.Offset, &p.Length
	}
	e, err := act.New(d.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) { e.Purpose = d.Purpose })
	if err != nil {
		return evidence.Ticket{}, err
	}
	return s.tickets.Issue(ctx, actor, e, p)
}

// OpenBundle opens, once, bytes of a bundle that a ticket is for: length of them
// (-1: to the end) from offset on.
func (s *Service) OpenBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, ticket evidence.EntryID, offset, length int64) (io.ReadCloser, evidence.Disclosure, error) {
	d, err := s.readyDisclosure(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return nil, evidence.Disclosure{}, err
	}
	e, err := s.tickets.Check(ctx, actor, d.Case, ticket)
	if err != nil {
		return nil, evidence.Disclosure{}, err
	}
	if e.Act != evidence.ActFetched || e.Details[bundle.DetailDisclosure] != string(d.ID) || e.Details[bundle.DetailBundle] != d.Digest.String() {
		return nil, evidence.Disclosure{}, evidence.NoTicket()
	}
	made, err := s.book.Log(d.Case).Entry(ctx, act.DisclosedEntry(d.ID))
	if err != nil {
		return nil, evidence.Disclosure{}, err
	}
	body, err := s.tickets.Open(ctx, e, made.Entry, d.Length, offset, length)
	return body, d, err
}

// readyDisclosure returns a disclosure whose bundle the actor may have now.
func (s *Service) readyDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, p act.Permission) (evidence.Disclosure, error) {
	d, err := s.disclosure(ctx, actor, id, p)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	if d.State != evidence.DisclosureReady {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Conflict, "the bundle is not ready, it is %s; ask for its progress", d.State)
	}
	return d, nil
}

// mirrorDisclosure has a disclosure mirrored that is ready, and the head that
// its bundle stands on.
func (s *Service) mirrorDisclosure(d evidence.Disclosure) {
	s.book.MirrorLater(func(ctx context.Context) error {
		note, err := s.store.Checkpoint(ctx, d.Case, d.LogSize)
		if err == nil && note != nil {
			err = s.mirror.AddCheckpoint(ctx, d.Case, d.LogSize, note)
		}
		return errors.Join(err, s.mirror.AddDisclosure(ctx, d))
	})
}
