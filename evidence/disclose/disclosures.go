package disclose

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// Request asks for a bundle for a recipient.
type Request struct {
	ID        evidence.DisclosureID `json:"id"`
	Case      evidence.CaseID       `json:"case"`
	Title     string                `json:"title"`
	Recipient string                `json:"recipient"`
	Purpose   string                `json:"purpose"`
	Withheld  []evidence.Withheld   `json:"withheld,omitempty"` // quarantined items are withheld in any case
	Entries   []WithholdEntry       `json:"withheld_entries,omitempty"`
}

// reasonQuarantined is why a quarantined item is never disclosed as good.
const reasonQuarantined = state.ReasonQuarantined

// RequestDisclosure records the wish for a bundle, signed by the actor, and the
// head of the log that the bundle will stand on, which contains it: what comes
// into the case later is not in it. It fails with Conflict while items are
// received and not yet sealed, and with Sealed when nothing can be signed.
// Idempotent under r.ID.
func (s *Service) RequestDisclosure(ctx context.Context, actor evidence.Actor, r Request) (evidence.Disclosure, error) {
	if err := s.clerk.Allow(ctx, actor, r.Case, act.Disclose, "case"); err != nil {
		return evidence.Disclosure{}, err
	}
	if err := checkDisclosure(r); err != nil {
		return evidence.Disclosure{}, err
	}
	known, err := s.store.Disclosure(ctx, r.ID)
	switch {
	case err == nil && (known.Case != r.Case || known.By != actor.ID):
		return evidence.Disclosure{}, evidence.Errorf(evidence.Conflict, "this disclosure identifier is in use; draw a new one")
	case err == nil:
		return known, nil
	case evidence.CodeOf(err) != evidence.NotFound:
		return evidence.Disclosure{}, err
	}
	return s.requestDisclosure(ctx, actor, r)
}

// requestDisclosure puts the wish on record, and pins the head that contains it.
func (s *Service) requestDisclosure(ctx context.Context, actor evidence.Actor, r Request) (evidence.Disclosure, error) {
	h, err := s.book.Log(r.Case).Head(ctx, 0)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	if !h.Said.AllSealed() {
		return evidence.Disclosure{}, s.notSealedYet(ctx, r.Case)
	}
	entries, err := s.withheldEntries(ctx, r, h.Size)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	recorded, said, err := s.recordRequest(ctx, actor, r, h, entries)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	if h, err = s.book.Log(r.Case).Checkpoint(ctx); err != nil {
		return evidence.Disclosure{}, err
	}
	if h.Size <= recorded.Index {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Tampered, "the log of this case ends before an entry of it; nothing is disclosed")
	}
	if !h.Said.AllSealed() { // something came in meanwhile; the request stands, and is asked for again
		return evidence.Disclosure{}, s.notSealedYet(ctx, r.Case)
	}
	if int64(h.Said.Highest) != said.Highest {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Conflict, "exhibits came in since this bundle was asked for; nothing is disclosed. Ask for it anew, under another identifier")
	}
	withheld, err := s.withQuarantined(ctx, r, h.Said.Counts)
	if err != nil {
		return evidence.Disclosure{}, err
	}
	d := evidence.Disclosure{
		ID: r.ID, Case: r.Case, Version: 1, Title: r.Title, Recipient: r.Recipient, Purpose: r.Purpose,
		Withheld: withheld, Entries: entries, State: evidence.DisclosureRequested, Items: h.Said.Counts.Items() - len(withheld), LogSize: h.Size,
		By: actor.ID, RequestedAt: recorded.Entry.At, At: recorded.Entry.At,
	}
	if added, err := s.store.AddDisclosure(ctx, d); err != nil || added {
		return d, err
	}
	return s.store.Disclosure(ctx, r.ID) // the same request, sent twice
}

// notSealedYet names the first exhibits that keep a case from being disclosed.
func (s *Service) notSealedYet(ctx context.Context, c evidence.CaseID) error {
	var names []string
	for tile := 0; ; tile++ {
		items, err := s.store.ItemTile(ctx, c, tile)
		if err != nil {
			return err
		}
		for _, it := range items {
			if it.State == evidence.ItemReceived && len(names) < 10 {
				names = append(names, fmt.Sprintf("E-%05d", it.Exhibit))
			}
		}
		if len(items) < evidence.ItemTile || len(names) == 10 {
			return evidence.Errorf(evidence.Conflict, "these exhibits are not sealed yet: %s; nothing is disclosed. Wait until their intake is done, then ask again", strings.Join(names, ", "))
		}
	}
}

func checkDisclosure(r Request) error {
	if _, err := evidence.ParseID[evidence.DisclosureID](string(r.ID)); err != nil {
		return err
	}
	err := cmp.Or(evidence.CheckText("the title", r.Title, evidence.MaxTitle, true), evidence.CheckText("the recipient", r.Recipient, evidence.MaxRecipient, true),
		evidence.CheckText("the purpose", r.Purpose, evidence.MaxText, true))
	if err != nil {
		return err
	}
	named, reasons := make(map[evidence.ItemID]bool, len(r.Withheld)), 0
	for _, w := range r.Withheld {
		if named[w.Item] {
			return evidence.Errorf(evidence.Invalid, "an item is withheld twice")
		}
		named[w.Item] = true
		if err := evidence.CheckText("the reason to withhold "+string(w.Item), w.Reason, evidence.MaxText, true); err != nil {
			return err
		}
		reasons += len(w.Reason)
	}
	for _, w := range r.Entries {
		if err := evidence.CheckText("the reason to withhold an entry", w.Reason, evidence.MaxText, true); err != nil {
			return err
		}
		reasons += len(w.Reason)
	}
	if len(r.Withheld) > evidence.MaxWithheldItems {
		return evidence.Errorf(evidence.TooLarge, "at most %d exhibits can be withheld, these are %d", evidence.MaxWithheldItems, len(r.Withheld))
	}
	if len(r.Entries) > evidence.MaxWithheldEntries {
		return evidence.Errorf(evidence.TooLarge, "at most %d single entries can be withheld, these are %d; withhold whole exhibits", evidence.MaxWithheldEntries, len(r.Entries))
	}
	if reasons > evidence.MaxReasonBytes {
		return evidence.Errorf(evidence.TooLarge, "the reasons to withhold may have %d bytes together, these have %d", evidence.MaxReasonBytes, reasons)
	}
	return nil
}

// withQuarantined returns what the bundle leaves out: what was asked for, and
// what is quarantined.
func (s *Service) withQuarantined(ctx context.Context, r Request, counts state.Counts) ([]evidence.Withheld, error) {
	withheld := slices.Clone(r.Withheld)
	if counts.Quarantined == 0 {
		return withheld, nil
	}
	named := make(map[evidence.ItemID]bool, len(withheld))
	for _, w := range withheld {
		named[w.Item] = true
	}
	for it, err := range s.exhibits.All(ctx, r.Case, counts.Items()) {
		if err != nil {
			return nil, err
		}
		if it.State == evidence.ItemQuarantined && !named[it.ID] {
			withheld = append(withheld, evidence.Withheld{Item: it.ID, Reason: reasonQuarantined})
		}
	}
	return withheld, nil
}

// Disclosure returns a disclosure as it stands.
func (s *Service) Disclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error) {
	return s.disclosure(ctx, actor, id, act.SeeCase)
}

// disclosure returns a disclosure to an actor who has a permission in its case.
func (s *Service) disclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, p act.Permission) (evidence.Disclosure, error) {
	row, err := s.store.Disclosure(ctx, id)
	if err != nil {
		return evidence.Disclosure{}, evidence.Hide(err, "disclosure")
	}
	h, err := s.clerk.Enter(ctx, actor, row.Case, p, "disclosure")
	if err != nil {
		return evidence.Disclosure{}, err
	}
	said, ok := h.Said.Disclosure(id)
	if !ok || row.State == evidence.DisclosureReady && said.State != row.State { // by another process, just now
		if h, err = s.book.Log(row.Case).Head(ctx, 0); err != nil {
			return evidence.Disclosure{}, err
		}
		if said, ok = h.Said.Disclosure(id); !ok {
			return evidence.Disclosure{}, evidence.NoSuch("disclosure")
		}
	}
	return s.disclosureSaid(said, row), nil
}

// disclosureSaid returns a disclosure as the log has it. Of the registry's record
// it takes how far the making of a bundle has come that is not on record yet, which
// exhibits are withheld, as far as they are as many as the log has, and which
// version of its own proof is the one to read.
func (s *Service) disclosureSaid(said state.Disclosure, row evidence.Disclosure) evidence.Disclosure {
	d := said.Disclosure
	d.Withheld = row.Withheld
	if place := s.bundleRef(d, evidence.ProofName); row.Proof.Bucket == place.Bucket && row.Proof.Key == place.Key {
		d.Proof = row.Proof
	}
	if d.State == evidence.DisclosureReady {
		if row.State != evidence.DisclosureReady || d.Proof.IsZero() { // on record, and its proof is on the way
			d.State = evidence.DisclosureWritten
		}
		return d
	}
	d.Version, d.Items, d.LogSize, d.At = row.Version, row.Items, row.LogSize, row.At
	switch row.State {
	case evidence.DisclosureFailed:
		d.State, d.Failure = row.State, row.Failure
	case evidence.DisclosureWritten:
		d.State = row.State
	}
	return d
}

// Disclosures returns the disclosures of a case, newest first.
func (s *Service) Disclosures(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Disclosure, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Disclosures(ctx, c)
	if err != nil {
		return nil, err
	}
	list := make([]evidence.Disclosure, 0, len(h.Said.Disclosures))
	for _, said := range slices.Backward(h.Said.Disclosures) {
		i := slices.IndexFunc(rows, func(d evidence.Disclosure) bool { return d.ID == said.ID })
		if i < 0 { // its record is on the way, or was taken away
			list = append(list, s.disclosureSaid(said, evidence.Disclosure{}))
			continue
		}
		list = append(list, s.disclosureSaid(said, rows[i]))
	}
	return list, nil
}

// FailDisclosure records that a bundle could not be made, with a message that
// is safe to show. A disclosure that is ready stays so. Only a service may.
func (s *Service) FailDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, message string) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	d, err := s.store.Disclosure(ctx, id)
	if err != nil {
		return evidence.Hide(err, "disclosure")
	}
	if d.State == evidence.DisclosureReady || d.State == evidence.DisclosureFailed {
		return nil
	}
	d.State, d.Failure = evidence.DisclosureFailed, message
	_, err = s.nextDisclosure(ctx, d)
	return err
}

// nextDisclosure adds the version of a disclosure that follows. Where another
// try was first, its version stands and is returned.
func (s *Service) nextDisclosure(ctx context.Context, d evidence.Disclosure) (evidence.Disclosure, error) {
	d.Version++
	d.At = s.now()
	added, err := s.store.AddDisclosure(ctx, d)
	if err != nil || added {
		return d, err
	}
	first, err := s.store.Disclosure(ctx, d.ID)
	if err != nil {
		return evidence.Disclosure{}, fmt.Errorf("reading a disclosure that another process moved on: %w", err)
	}
	if first.State != d.State {
		return evidence.Disclosure{}, evidence.Errorf(evidence.Conflict, "the disclosure is %s meanwhile; read it again", first.State)
	}
	return first, nil
}
