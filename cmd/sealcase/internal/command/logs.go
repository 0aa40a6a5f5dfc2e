package command

import (
	"context"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

type caseLogCmd struct {
	Case  string `arg:"" help:"Number or identifier of the case."`
	From  int64  `help:"Index of the first entry." default:"0"`
	Limit int    `help:"At most so many entries; 0 for all." default:"0"`
}

// Run shows the log of a case.
func (c *caseLogCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Case, caseOf)
	if err != nil {
		return err
	}
	entries := []api.LogEntry{}
	for from := c.From; c.Limit == 0 || len(entries) < c.Limit; {
		want := evidence.MaxPage
		if c.Limit > 0 {
			want = min(want, c.Limit-len(entries))
		}
		page, err := server.Log(ctx, id, from, want)
		if err != nil {
			return err
		}
		entries = append(entries, page.Items...)
		if from += int64(len(page.Items)); len(page.Items) == 0 || from >= page.Size {
			break
		}
	}
	return s.printLog(entries)
}

func (s *session) printLog(entries []api.LogEntry) error {
	return s.print(map[string]any{"items": entries}, func(p *printer) {
		p.row("INDEX", "AT", "ACT", "BY", "EXHIBIT", "SHA-256", "PURPOSE")
		for _, e := range entries {
			exhibit := ""
			if e.Entry.Exhibit > 0 {
				exhibit = evidence.ExhibitNumber("", e.Entry.Exhibit)[1:]
			}
			p.row(e.Index, e.Entry.At, e.Entry.Act, e.Entry.Actor.Name, exhibit, short(e.Entry.Digest), e.Entry.Purpose)
		}
	})
}

// short returns the beginning of a digest, for tables.
func short(d evidence.Digest) string {
	if d.IsZero() {
		return ""
	}
	return d.String()[:16] + "…"
}
