package command

import (
	"context"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

type evidenceCmd struct {
	Add      addCmd      `cmd:"" help:"Bring files and folders into a case."`
	List     itemListCmd `cmd:"" help:"List the evidence of a case."`
	Show     itemShowCmd `cmd:"" help:"Show an item."`
	Log      itemLogCmd  `cmd:"" help:"Show what happened to an item."`
	Members  membersCmd  `cmd:"" help:"List what is in an exhibit that holds many files."`
	Get      itemGetCmd  `cmd:"" help:"Fetch the bytes of an item, or of a member of it; goes on record."`
	Prove    proveCmd    `cmd:"" help:"Fetch the proof that a file is a member of an exhibit, which names no other."`
	Verify   verifyCmd   `cmd:"" help:"Hash an item's stored bytes again."`
	Findings findingsCmd `cmd:"" help:"Show what analyzers found in an item."`
}

type itemListCmd struct {
	Case  string `required:"" help:"Number or identifier of the case." placeholder:"CASE"`
	From  int    `help:"First exhibit." default:"1"`
	Limit int    `help:"At most so many items; 0 for all." default:"0"`
}

// Run lists evidence.
func (c *itemListCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	d, err := server.Case(ctx, id)
	if err != nil {
		return err
	}
	items, err := collect(c.Limit, cursorAt(c.From), func(cursor string, limit int) ([]api.Item, string, error) {
		page, err := server.Items(ctx, id, cursor, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"items": items}, func(p *printer) {
		p.row("EXHIBIT", "STATE", "SIZE", "TYPE", "SHA-256", "NAME")
		for _, it := range items {
			p.row(evidence.ExhibitNumber(d.Case.Number, it.Exhibit), it.State, size(it.Length), it.MediaType, short(it.Digest), located(it))
		}
	})
}

// collect reads pages until limit items (0: all) are there.
func collect[T any](limit int, cursor string, page func(cursor string, limit int) ([]T, string, error)) ([]T, error) {
	all := []T{}
	for {
		want := evidence.MaxPage
		if limit > 0 {
			want = min(want, limit-len(all))
		}
		items, next, err := page(cursor, want)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if next == "" || limit > 0 && len(all) >= limit {
			return all, nil
		}
		cursor = next
	}
}

// located returns an item's name with the folder that it came in with.
func located(it api.Item) string {
	if it.Path == "" {
		return name(it.Name)
	}
	return name(it.Path) + "/" + name(it.Name)
}

type itemShowCmd struct {
	Item string `arg:"" help:"Exhibit number, such as 2026-0007/E-00012, or identifier."`
}

// Run shows an item.
func (c *itemShowCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	v, err := server.Item(ctx, id)
	if err != nil {
		return err
	}
	return s.print(v, func(p *printer) {
		p.row("Exhibit", v.ExhibitNumber)
		p.row("Identifier", v.Item.ID)
		p.row("Name", located(v.Item))
		p.row("Size", v.Item.Length, "bytes")
		p.row("SHA-256", v.Item.Digest)
		if !v.Item.Observed.IsZero() {
			p.row("Read back as", v.Item.Observed)
		}
		p.row("State", v.Item.State)
		p.row("Type", v.Item.MediaType)
		p.row("Received", v.Item.ReceivedAt)
		p.row("Sealed", v.Item.SealedAt)
		p.row("Locked until", v.Item.Locked)
	})
}

type itemLogCmd struct {
	Item string `arg:"" help:"Exhibit number or identifier."`
}

// Run shows what happened to an item.
func (c *itemLogCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	log, err := server.ItemLog(ctx, id)
	if err != nil {
		return err
	}
	return s.printLog(log.Items)
}

type verifyCmd struct {
	Item string `arg:"" help:"Exhibit number or identifier."`
}

// Run hashes an item again. Bytes that differ are exit code 6.
func (c *verifyCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	v, err := server.Verify(ctx, id)
	if err != nil {
		return err
	}
	err = s.print(v, func(p *printer) {
		verdict := "GOOD: the stored bytes are what was sealed"
		if !v.OK {
			verdict = "BAD: the stored bytes are NOT what was sealed"
		}
		p.say("%s", verdict)
		p.row("Expected", v.Expected)
		p.row("Observed", v.Observed)
		p.row("Read", v.Read, "of", v.Length, "bytes")
		for _, d := range v.Differs {
			p.row("Differs", d)
		}
		p.row("On record", v.At, v.Entry)
	})
	if err == nil && !v.OK {
		return &toldError{exit: exitMismatch}
	}
	return err
}

type findingsCmd struct {
	Item  string `arg:"" help:"Exhibit number or identifier."`
	Limit int    `help:"At most so many; 0 for all." default:"0"`
}

// Run shows findings.
func (c *findingsCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	found, err := collect(c.Limit, "", func(cursor string, limit int) ([]api.Finding, string, error) {
		page, err := server.Findings(ctx, id, cursor, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"items": found}, func(p *printer) {
		p.row("KIND", "VALUE", "OFFSET", "LENGTH", "COUNT", "ANALYZER")
		for _, f := range found {
			p.row(f.Kind, f.Value, f.Offset, f.Length, f.Count, f.Analyzer)
		}
	})
}
