package command

import (
	"context"
	"io"
	"strconv"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
)

type membersCmd struct {
	Item   string `arg:"" help:"Exhibit number or identifier."`
	Filter string `help:"Only members whose path contains this." placeholder:"TEXT"`
	Limit  int    `help:"At most so many; 0 for all." default:"0"`
}

// Run lists what is in a collection.
func (c *membersCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	members, err := collect(c.Limit, "", func(cursor string, limit int) ([]api.CollectionMember, string, error) {
		page, err := server.Collection(id).Members(ctx, c.Filter, cursor, limit)
		return page.Items, page.Next, err
	})
	if err != nil {
		return err
	}
	return s.print(map[string]any{"items": members}, func(p *printer) {
		p.row("NUMBER", "KIND", "SIZE", "SHA-256", "PATH", "NOTE")
		for _, m := range members {
			length, note := "", m.Failure
			if m.Length != nil {
				length = size(*m.Length)
			}
			if m.Target != "" {
				note = "-> " + name(m.Target)
			}
			if m.State != "" && m.State != "whole" {
				note = string(m.State)
			}
			p.row(strconv.FormatInt(m.Index, 10), string(m.Kind), length, short(m.Digest), name(m.Path), note)
		}
	})
}

// memberAt returns a member by its number.
func memberAt(ctx context.Context, server *client.Client, id evidence.ItemID, number int64) (api.CollectionMember, error) {
	page, err := server.Collection(id).Members(ctx, "", strconv.FormatInt(number, 10), 1)
	if err != nil {
		return api.CollectionMember{}, err
	}
	if len(page.Items) == 0 || page.Items[0].Index != number {
		return api.CollectionMember{}, evidence.Errorf(evidence.NotFound, "the exhibit has no member %d", number)
	}
	return page.Items[0], nil
}

// member fetches a member, checks its digest, and never overwrites without --force.
func (c *itemGetCmd) member(ctx context.Context, s *session, server *client.Client, v api.ItemView) error {
	m, err := memberAt(ctx, server, v.Item.ID, c.Member)
	if err != nil {
		return err
	}
	if m.Length == nil {
		return evidence.Errorf(evidence.Conflict, "the bytes of member %d are not in the exhibit", c.Member)
	}
	content, err := server.Collection(v.Item.ID).Member(ctx, c.Member, c.Purpose, m.Digest)
	if err != nil {
		return err
	}
	defer content.Close()
	reader := io.TeeReader(content, barWriter{s.bar(*m.Length, "fetching")})
	if c.Output == "-" {
		return stream(s.Stdout, reader, api.Item{Length: *m.Length, Digest: m.Digest})
	}
	to := savefile.At(c.Output, m.Path, c.Force)
	if err := to.Save(reader, m.Digest); err != nil {
		return err
	}
	out := map[string]any{"item": v.Item.ID, "exhibit_number": v.ExhibitNumber, "member": m.Index, "path": m.Path, "file": to.Path(), "length": *m.Length, "sha256": m.Digest}
	return s.print(out, func(p *printer) {
		p.say("%s, member %d -> %s", v.ExhibitNumber, m.Index, to.Path())
		p.say("SHA-256 %s, as recorded", m.Digest.String())
	})
}

type proveCmd struct {
	Item   string `arg:"" help:"Exhibit number or identifier."`
	Member int64  `required:"" help:"Number of the member in the list of members." placeholder:"N"`
	Output string `short:"o" help:"File or folder to write to." placeholder:"PATH"`
	Force  bool   `help:"Replace a file that is there."`
}

// Run fetches a member proof.
func (c *proveCmd) Run(ctx context.Context, s *session) error {
	server, id, err := find(ctx, s, c.Item, itemOf)
	if err != nil {
		return err
	}
	m, err := memberAt(ctx, server, id, c.Member)
	if err != nil {
		return err
	}
	proof, err := server.Collection(id).Proof(ctx, c.Member)
	if err != nil {
		return err
	}
	to := savefile.At(c.Output, evidence.FileName(m.Path.SafeName()+".member.json"), c.Force)
	if err := to.Write(proof); err != nil {
		return err
	}
	return s.print(map[string]any{"item": id, "member": m.Index, "path": m.Path, "file": to.Path()}, func(p *printer) {
		p.say("%s", to.Path())
		p.say("Check it offline: sealcase-verify -member %s -key KEYFILE FILE", to.Path())
	})
}
