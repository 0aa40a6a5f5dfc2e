package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	CreateUpload(ctx context.Context, key string, f client.File, whole []byte, end client.Ending) (client.Sent, error)
	UploadOffset(ctx context.Context, id evidence.UploadID) (client.Sent, error)
	SendChunk(ctx context.Context, id evidence.UploadID, offset int64, body io.Reader, length int64, end client.Ending) (client.Sent, error)
}

// Outcome is what became of one file, or of a folder as one collection.
type Outcome struct {
	Source     Source // of a folder: its name and its place
	Item       evidence.ItemID
	Exhibit    string
	Digest     evidence.Digest
	Length     int64    // that was brought in
	Collection *Brought // of a folder
	Err        error
}

// Sender sends files into one intake.
type Sender struct {
	Server  Server
	Journal *Journal
	Workers int                        // files at a time
	Sent    func(n int64)              // told of bytes as they are sent; may be nil
	Planned func(n int64)              // told of the length of a folder's collection; may be nil
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
	s.prepare()
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

func (s *Sender) prepare() {
	s.onceNil.Do(func() {
		if s.Wait == nil {
			s.Wait = Backoff
		}
		if s.Sent == nil {
			s.Sent = func(int64) {}
		}
	})
}

// one sends a file, however often the connection breaks.
func (s *Sender) one(ctx context.Context, source Source) Outcome {
	p := s.Journal.of(source.progress())
	err := s.persist(ctx, &p, again, func() error { return s.attempt(ctx, source, &p) })
	if err != nil {
		return Outcome{Source: source, Err: err}
	}
	return Outcome{Source: source, Item: p.Item, Exhibit: p.Exhibit, Digest: p.Digest, Length: p.length()}
}

// persist attempts something until it is an item, or fails for a reason after
// which another try will not end better.
func (s *Sender) persist(ctx context.Context, p *progress, again func(evidence.Code) bool, attempt func() error) error {
	for try := range tries {
		if p.Item != "" {
			s.Sent(p.Size)
			return nil
		}
		err := attempt()
		if err == nil {
			return nil
		}
		code := evidence.CodeOf(err)
		if code == evidence.NotFound || code == evidence.DigestMismatch {
			// The server has thrown it away, perhaps in an answer that was lost:
			// whoever tries again begins anew, under another key.
			p.Upload, p.Round = "", p.Round+1
			err = errors.Join(err, s.Journal.note(*p))
		}
		if ctx.Err() != nil || !again(code) || try == tries-1 {
			return err
		}
		s.Wait(ctx, try)
	}
	return nil
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
	in, err := source.open()
	if err != nil {
		return err
	}
	defer in.Close()
	return s.send(ctx, p, in, client.File{
		Intake: s.Journal.Intake, Name: source.Name, Path: source.Folder, Length: in.size, ModifiedAt: evidence.At(source.Info.ModTime()),
	})
}

// send makes one attempt at what about is about.
func (s *Sender) send(ctx context.Context, p *progress, c content, about client.File) error {
	up := &upload{sender: s, about: about, size: about.Length, content: c, progress: p}
	send := up.large
	if p.Upload == "" && up.size <= lastChunk {
		send = up.small
	}
	if err := send(ctx); err != nil {
		s.Sent(-up.told) // the next try tells of them again
		return err
	}
	return nil
}

// upload is one attempt.
type upload struct {
	sender   *Sender
	about    client.File
	size     int64
	content  content
	progress *progress
	told     int64 // bytes that Sender.Sent knows of
}

func (u *upload) tell(n int64) {
	u.told += n
	u.sender.Sent(n)
}

// key makes a repeated beginning of this upload the same one.
func (u *upload) key() string {
	return fmt.Sprintf("%s/%d/%s", u.sender.Journal.Key, u.progress.Round,
		evidence.Sum(fmt.Appendf(nil, "%s\x00%d\x00%d", string(u.progress.Location), u.progress.Size, u.progress.Modified)))
}

// small sends all in one request.
func (u *upload) small(ctx context.Context) error {
	whole := make([]byte, u.size)
	if err := u.readEnd(whole); err != nil {
		return err
	}
	u.about.Collection = u.content.collection()
	sent, err := u.sender.Server.CreateUpload(ctx, u.key(), u.about, whole, u.ending())
	if err != nil {
		return err
	}
	if sent.Item != "" {
		u.tell(int64(len(whole)))
		return u.done(sent)
	}
	// A repeat of an earlier request: the upload is there, perhaps in part.
	u.progress.Upload = sent.Upload
	return u.large(ctx)
}

// ending is what goes with the last bytes.
func (u *upload) ending() client.Ending {
	return client.Ending{Digest: u.content.digest(), Root: u.content.collection().Root}
}

// done notes that it is an item.
func (u *upload) done(sent client.Sent) error {
	u.progress.Item, u.progress.Exhibit, u.progress.Digest, u.progress.Read = sent.Item, sent.Exhibit, u.content.digest(), u.size
	u.content.finish(u.progress)
	return u.sender.Journal.note(*u.progress)
}
