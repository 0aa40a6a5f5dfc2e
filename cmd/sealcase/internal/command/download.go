package command

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
)

type downloadCmd struct {
	Disclosure string `arg:"" help:"Identifier of the disclosure, as bundle list shows it."`
	Output     string `short:"o" help:"File or folder to write to." placeholder:"PATH"`
	Force      bool   `help:"Replace files that are there."`
}

// proofSuffix is added to a bundle's name for its detached proof.
const proofSuffix = ".proof.json"

// Run fetches a bundle and its proof. A part that an interrupted run left is
// gone on with.
func (c *downloadCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	id, err := evidence.ParseID[evidence.DisclosureID](c.Disclosure)
	if err != nil {
		return err
	}
	v, err := server.Disclosure(ctx, id)
	if err != nil {
		return err
	}
	d := v.Disclosure
	if d.State != evidence.DisclosureReady {
		return evidence.Errorf(evidence.Conflict, "the bundle is not ready: it is %s", d.State)
	}
	to := savefile.At(c.Output, evidence.FileName(string(d.ID)+".zip"), c.Force)
	proofTo := savefile.Target{Dir: to.Dir, Name: to.Name + proofSuffix, Force: true} // it belongs to the bundle
	if err := s.fetchBundle(ctx, server, d, to); err != nil {
		return err
	}
	proof, err := server.Proof(ctx, id)
	if err != nil {
		return err
	}
	if err := proofTo.Write(proof); err != nil {
		return err
	}
	out := map[string]any{"disclosure": d.ID, "file": to.Path(), "proof": proofTo.Path(), "length": d.Length, "sha256": d.Digest}
	return s.print(out, func(p *printer) {
		p.row("Bundle", to.Path())
		p.row("Proof", proofTo.Path())
		p.row("SHA-256", d.Digest)
		p.say("Check it offline: sealcase-verify %s -proof %s -key KEYFILE", to.Path(), proofTo.Path())
	})
}

// fetchBundle fetches into a file beside the target, which gets its name when
// the digest is right.
func (s *session) fetchBundle(ctx context.Context, server *client.Client, d api.Disclosure, to savefile.Target) error {
	root, err := os.OpenRoot(to.Dir)
	if err != nil {
		return fmt.Errorf("opening the folder %s: %w", to.Dir, err)
	}
	defer root.Close()
	if err := to.Free(root); err != nil {
		return err
	}
	part := to.Name + ".part"
	file, err := root.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("writing into %s: %w", to.Dir, err)
	}
	p := &partial{file: file, hash: sha256.New(), bar: barWriter{s.bar(d.Length, "fetching the bundle")}}
	defer p.bar.finish()
	err = p.fetch(ctx, server, d)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if got := evidence.Digest(p.hash.Sum(nil)); got != d.Digest {
		return errors.Join(savefile.Differs(d.Digest, got), root.Remove(part))
	}
	return to.Place(root, part)
}

// partial is a bundle on its way in.
type partial struct {
	file *os.File
	hash hash.Hash
	bar  barWriter
	have int64
}

// downloadTries is how often a broken connection is taken up again.
const downloadTries = 8

// fetch hashes what is there already, then takes the rest.
func (p *partial) fetch(ctx context.Context, server *client.Client, d api.Disclosure) error {
	var err error
	if p.have, err = io.Copy(io.MultiWriter(p.hash, p.bar), p.file); err != nil {
		return fmt.Errorf("reading the part that is there: %w", err)
	}
	if p.have > d.Length {
		if err := p.restart(); err != nil {
			return err
		}
	}
	pause := pauseFirst
	for range downloadTries {
		if p.have == d.Length {
			return nil
		}
		if err = p.more(ctx, server, d); err == nil {
			continue
		}
		if code := evidence.CodeOf(err); code != evidence.Unavailable && code != evidence.Incomplete {
			return err
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, pauseMost)
	}
	if p.have == d.Length {
		return nil
	}
	return evidence.WrapError(evidence.Unavailable, err, "%d of %d bytes came; they are kept. The same command goes on from there", p.have, d.Length)
}

// more takes what one connection gives.
func (p *partial) more(ctx context.Context, server *client.Client, d api.Disclosure) error {
	content, err := server.Bundle(ctx, d.ID, p.have, d.Digest)
	if err != nil {
		return err
	}
	defer content.Close()
	if content.Offset != p.have {
		if err := p.restart(); err != nil {
			return err
		}
	}
	n, err := io.Copy(io.MultiWriter(p.file, p.hash, p.bar), io.LimitReader(content, d.Length-p.have))
	p.have += n
	if err != nil {
		return evidence.WrapError(evidence.Incomplete, err, "the connection broke after %d bytes", p.have)
	}
	return nil
}

// restart throws away what is there: it is of something else.
func (p *partial) restart() error {
	p.have = 0
	p.hash.Reset()
	if err := p.file.Truncate(0); err != nil {
		return fmt.Errorf("starting over: %w", err)
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("starting over: %w", err)
	}
	return nil
}
