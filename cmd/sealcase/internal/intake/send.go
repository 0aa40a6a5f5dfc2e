package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

const (
	// lastChunk is how many bytes at the end of a file are held in memory, so
	// that the digest of all of it can stand before them. A file that is not
	// longer travels in one request.
	lastChunk = 4 << 20
	tries     = 6
)

// Server is what a delivery asks of the server (*client.Client).
type Server interface {
	CreateUpload(ctx context.Context, key string, f client.File, whole []byte, digest evidence.Digest) (client.Sent, error)
	UploadOffset(ctx context.Context, id evidence.UploadID) (client.Sent, error)
	SendChunk(ctx context.Context, id evidence.UploadID, offset int64, body io.Reader, length int64, digest evidence.Digest) (client.Sent, error)
}

// Outcome is what became of one file.
type Outcome struct {
	Source  Source
	Item    evidence.ItemID
	Exhibit string
	Digest  evidence.Digest
	Err     error
}

// Sender sends files into one intake.
type Sender struct {
	Server  Server
	Journal *Journal
	Workers int                        // files at a time
	Sent    func(n int64)              // told of bytes as they are sent; may be nil
	Wait    func(context.Context, int) // between tries; Backoff when nil
	onceNil sync.Once
}

// Backoff waits longer after each try, up to about half a minute.
func Backoff(ctx context.Context, try int) {
	select {
	case <-ctx.Done():
	case <-time.After(min(30*time.Second, time.Second<<try)):
	}
}

// Send sends sources and returns what became of each, in their order. It fails
// only when ctx ends.
func (s *Sender) Send(ctx context.Context, sources []Source) ([]Outcome, error) {
	s.onceNil.Do(func() {
		if s.Wait == nil {
			s.Wait = Backoff
		}
		if s.Sent == nil {
			s.Sent = func(int64) {}
		}
	})
	outcomes := make([]Outcome, len(sources))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, s.Workers))
	for i, source := range sources {
		g.Go(func() error {
			outcomes[i] = s.one(ctx, source)
			return ctx.Err()
		})
	}
	return outcomes, g.Wait()
}

// one sends a file, however often the connection breaks.
func (s *Sender) one(ctx context.Context, source Source) Outcome {
	p := s.Journal.of(source)
	var err error
	for try := range tries {
		if p.Item != "" {
			s.Sent(p.Size)
			return Outcome{Source: source, Item: p.Item, Exhibit: p.Exhibit, Digest: p.Digest}
		}
		err = s.attempt(ctx, source, &p)
		code := evidence.CodeOf(err)
		if err == nil {
			return Outcome{Source: source, Item: p.Item, Exhibit: p.Exhibit, Digest: p.Digest}
		}
		if code == evidence.NotFound || code == evidence.DigestMismatch {
			// The server has thrown it away, perhaps in an answer that was lost:
			// whoever tries again begins anew, under another key.
			p.Upload, p.Round = "", p.Round+1
			err = errors.Join(err, s.Journal.note(p))
		}
		if ctx.Err() != nil || !again(code) || try == tries-1 {
			return Outcome{Source: source, Err: err}
		}
		s.Wait(ctx, try)
	}
	return Outcome{Source: source, Err: err}
}

// again reports whether another try may end better.
func again(code evidence.Code) bool {
	switch code {
	case evidence.Unavailable, evidence.Sealed, evidence.StorageFull, evidence.Incomplete, evidence.NotFound:
		return true
	}
	return false
}

// attempt goes on with a file from where the server has it.
func (s *Sender) attempt(ctx context.Context, source Source, p *progress) error {
	file, err := source.open()
	if err != nil {
		return err
	}
	defer file.Close()
	up := &upload{sender: s, source: source, file: file, hash: sha256.New(), progress: p}
	send := up.large
	if p.Upload == "" && source.Info.Size() <= lastChunk {
		send = up.small
	}
	if err := send(ctx); err != nil {
		s.Sent(-up.told) // the next try tells of them again
		return err
	}
	return nil
}

// upload is one attempt at one file.
type upload struct {
	sender   *Sender
	source   Source
	file     *os.File
	hash     hash.Hash
	progress *progress
	told     int64 // bytes that Sender.Sent knows of
}

func (u *upload) tell(n int64) {
	u.told += n
	u.sender.Sent(n)
}

func (u *upload) about() client.File {
	return client.File{
		Intake: u.sender.Journal.Intake, Name: u.source.Name, Path: u.source.Folder,
		Length: u.source.Info.Size(), ModifiedAt: evidence.At(u.source.Info.ModTime()),
	}
}

// key makes a repeated beginning of this upload the same one.
func (u *upload) key() string {
	return fmt.Sprintf("%s/%d/%s", u.sender.Journal.Key, u.progress.Round,
		evidence.Sum(fmt.Appendf(nil, "%s\x00%d\x00%d", u.source.Location, u.progress.Size, u.progress.Modified)))
}

// small sends a file in one request.
func (u *upload) small(ctx context.Context) error {
	whole := make([]byte, u.source.Info.Size())
	if _, err := io.ReadFull(u.file, whole); err != nil {
		return evidence.WrapError(evidence.Conflict, err, "%s", errChanged().Error())
	}
	if err := u.source.unchanged(u.file); err != nil {
		return err
	}
	u.hash.Write(whole)
	sent, err := u.sender.Server.CreateUpload(ctx, u.key(), u.about(), whole, u.digest())
	if err != nil {
		return err
	}
	if sent.Item != "" {
		u.tell(int64(len(whole)))
		return u.done(sent)
	}
	// A repeat of an earlier request: the upload is there, perhaps in part.
	u.progress.Upload = sent.Upload
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading the file again: %w", err)
	}
	u.hash.Reset()
	return u.large(ctx)
}

func (u *upload) digest() evidence.Digest { return evidence.Digest(u.hash.Sum(nil)) }

// done notes that the file is an item.
func (u *upload) done(sent client.Sent) error {
	u.progress.Item, u.progress.Exhibit, u.progress.Digest = sent.Item, sent.Exhibit, u.digest()
	return u.sender.Journal.note(*u.progress)
}
