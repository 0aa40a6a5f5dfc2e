package command

import (
	"context"
	"io"

	"github.com/schollz/progressbar/v3"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
)

type itemGetCmd struct {
	Item    string `arg:"" help:"Exhibit number or identifier."`
	Purpose string `required:"" help:"Why you read it; goes on record."`
	Member  int64  `help:"Only this member of an exhibit that holds many files, by its number in the list of members." placeholder:"N"`
	Output  string `short:"o" help:"File or folder to write to; - for the standard output. Its own name, made safe, when empty." placeholder:"PATH"`
	Force   bool   `help:"Replace a file that is there."`
}

// Run fetches an item, checks its digest and never overwrites without --force.
func (c *itemGetCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	v, err := server.Item(ctx, id)
	if err != nil {
		return err
	}
	if c.Member > 0 {
		return c.member(ctx, s, server, v)
	}
	content, err := server.ItemContent(ctx, id, c.Purpose, 0, v.Item.Digest)
	if err != nil {
		return err
	}
	defer content.Close()
	bar := s.bar(v.Item.Length, "fetching "+v.ExhibitNumber)
	reader := io.TeeReader(content, barWriter{bar})
	if c.Output == "-" {
		return stream(s.Stdout, reader, v.Item)
	}
	to := savefile.At(c.Output, v.Item.Name, c.Force)
	if err := to.Save(reader, v.Item.Digest); err != nil {
		return err
	}
	out := map[string]any{"item": v.Item.ID, "exhibit_number": v.ExhibitNumber, "file": to.Path(), "length": v.Item.Length, "sha256": v.Item.Digest}
	return s.print(out, func(p *printer) {
		p.say("%s -> %s", v.ExhibitNumber, to.Path())
		p.say("SHA-256 %s, as recorded", v.Item.Digest.String())
	})
}

// stream writes to a pipe; a wrong digest can only be told afterwards.
func stream(w io.Writer, r io.Reader, item api.Item) error {
	digest, n, err := copyHashed(w, r)
	switch {
	case err != nil:
		return err
	case n != item.Length || digest != item.Digest:
		return evidence.Errorf(evidence.DigestMismatch, "what was written is NOT the item: %d bytes with SHA-256 %s. Throw it away", n, digest)
	}
	return nil
}

// bar returns a progress bar on a terminal, and nil elsewhere and with --json.
func (s *session) bar(total int64, words string) *progressbar.ProgressBar {
	if s.json || !terminal(s.Stderr) {
		return nil
	}
	return progressbar.NewOptions64(total, progressbar.OptionSetWriter(s.Stderr), progressbar.OptionSetDescription(shown(words)),
		progressbar.OptionShowBytes(true), progressbar.OptionShowTotalBytes(true), progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(barEvery), progressbar.OptionClearOnFinish())
}

// barWriter moves a bar; without one it does nothing.
type barWriter struct{ bar *progressbar.ProgressBar }

// Write implements io.Writer.
func (b barWriter) Write(p []byte) (int, error) {
	b.add(int64(len(p)))
	return len(p), nil
}

func (b barWriter) add(n int64) {
	if b.bar != nil {
		_ = b.bar.Add64(n) // a bar that cannot be drawn stops nothing
	}
}

// more makes a bar longer.
func (b barWriter) more(n int64) {
	if b.bar != nil {
		b.bar.ChangeMax64(b.bar.GetMax64() + n)
	}
}

func (b barWriter) finish() {
	if b.bar != nil {
		_ = b.bar.Finish() // likewise
	}
}
