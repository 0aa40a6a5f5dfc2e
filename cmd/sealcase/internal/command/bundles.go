package command

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

type bundleCmd struct {
	Export   exportCmd     `cmd:"" help:"Make a bundle for a recipient."`
	List     bundleListCmd `cmd:"" help:"List what was disclosed in a case."`
	Download downloadCmd   `cmd:"" help:"Fetch a bundle and its proof; resumes."`
	Times    timesCmd      `cmd:"" help:"Check the time stamps of a proof; asks no server."`
}

type exportCmd struct {
	Case      string   `required:"" help:"Number or identifier of the case." placeholder:"CASE"`
	Title     string   `help:"What the bundle is called; the recipient when empty."`
	Recipient string   `required:"" help:"Who gets it."`
	Purpose   string   `required:"" help:"What for; goes on record."`
	Withhold  []string `help:"An item to leave out, and why; may be repeated." placeholder:"ITEM=REASON" sep:"none"`
	Entries   []string `name:"withhold-entry" help:"An entry of the log to show the hash of only, by index or identifier, and why; may be repeated." placeholder:"INDEX=REASON" sep:"none"`
	NoWait    bool     `help:"Do not wait until the bundle is ready."`
}

// Run makes a bundle.
func (c *exportCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	withheld, err := c.withheld(ctx, server)
	if err != nil {
		return err
	}
	entries, err := c.entries()
	if err != nil {
		return err
	}
	request := api.DisclosureRequest{
		Title: firstOf(c.Title, "For "+c.Recipient), Recipient: c.Recipient, Purpose: c.Purpose, Withheld: withheld, Entries: entries,
	}
	var d api.Disclosure
	key := rand.Text() // a repeat is the same disclosure
	err = s.patiently(ctx, func() (err error) {
		d, err = server.RequestDisclosure(ctx, key, id, request)
		return err
	})
	if err != nil {
		return err
	}
	if !c.NoWait {
		if d, err = s.awaitBundle(ctx, server, d); err != nil {
			return err
		}
	}
	return s.print(d, func(p *printer) {
		p.row("Disclosure", d.ID)
		p.row("State", d.State)
		p.row("Recipient", d.Recipient)
		p.row("Items", d.Items, "and", len(d.Withheld), "withheld")
		p.row("Size", size(d.Length))
		p.row("SHA-256", d.Digest)
		p.say("Fetch it: sealcase bundle download %s", string(d.ID))
	})
}

// withheld reads ITEM=REASON.
func (c *exportCmd) withheld(ctx context.Context, server *client.Client) ([]api.WithholdItem, error) {
	var out []api.WithholdItem
	for _, w := range c.Withhold {
		ref, reason, ok := strings.Cut(w, "=")
		if !ok || strings.TrimSpace(reason) == "" {
			return nil, evidence.Errorf(evidence.Invalid, "--withhold %q has no reason; write ITEM=REASON", w)
		}
		item, err := itemOf(ctx, server, strings.TrimSpace(ref))
		if err != nil {
			return nil, err
		}
		out = append(out, api.WithholdItem{Item: item, Reason: strings.TrimSpace(reason)})
	}
	return out, nil
}

// entries reads INDEX=REASON.
func (c *exportCmd) entries() ([]api.WithholdEntry, error) {
	var out []api.WithholdEntry
	for _, w := range c.Entries {
		ref, reason, ok := strings.Cut(w, "=")
		ref, reason = strings.TrimSpace(ref), strings.TrimSpace(reason)
		if !ok || reason == "" {
			return nil, evidence.Errorf(evidence.Invalid, "--withhold-entry %q has no reason; write INDEX=REASON", w)
		}
		if index, err := strconv.ParseInt(ref, 10, 64); err == nil {
			out = append(out, api.WithholdEntry{Index: &index, Reason: reason})
			continue
		}
		id, err := evidence.ParseID[evidence.EntryID](ref)
		if err != nil {
			return nil, evidence.Errorf(evidence.Invalid, "--withhold-entry %q names no entry; write its index in the log or its identifier", w)
		}
		out = append(out, api.WithholdEntry{Entry: id, Reason: reason})
	}
	return out, nil
}

// awaitBundle waits until the bundle is ready, and shows how far it is.
func (s *session) awaitBundle(ctx context.Context, server *client.Client, d api.Disclosure) (api.Disclosure, error) {
	bar := barWriter{s.bar(-1, "writing the bundle")}
	defer bar.finish()
	for pause := pauseFirst; ; pause = min(2*pause, pauseMost) {
		v, err := server.Disclosure(ctx, d.ID)
		if err != nil && !evidence.CodeOf(err).Retryable() {
			return d, err
		}
		if err == nil {
			d = v.Disclosure
			if bar.bar != nil && v.Progress.OfBytes > 0 {
				bar.bar.ChangeMax64(v.Progress.OfBytes)
				_ = bar.bar.Set64(v.Progress.Bytes) // a bar that cannot be drawn stops nothing
			}
		}
		switch d.State {
		case evidence.DisclosureReady:
			return d, nil
		case evidence.DisclosureFailed:
			return d, evidence.Errorf(evidence.Incomplete, "the bundle could not be made: %s", d.Failure)
		}
		if err := sleep(ctx, pause); err != nil {
			return d, err
		}
	}
}

const (
	pauseFirst = 250 * time.Millisecond // between two looks at the server
	pauseMost  = 3 * time.Second
)

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

type bundleListCmd struct {
	Case string `required:"" help:"Number or identifier of the case." placeholder:"CASE"`
}

// Run lists disclosures.
func (c *bundleListCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	all, err := server.Disclosures(ctx, id)
	if err != nil {
		return err
	}
	return s.print(map[string]any{"items": all}, func(p *printer) {
		p.row("DISCLOSURE", "STATE", "REQUESTED", "ITEMS", "WITHHELD", "SIZE", "RECIPIENT", "TITLE")
		for _, d := range all {
			p.row(d.ID, d.State, d.RequestedAt, d.Items, len(d.Withheld), size(d.Length), d.Recipient, d.Title)
		}
	})
}
