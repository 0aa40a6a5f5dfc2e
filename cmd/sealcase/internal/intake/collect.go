package intake

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// Brought is what became of the files of a folder that was brought in as one
// collection.
type Brought struct {
	Root    evidence.Digest `json:"root"`
	Leaves  int64           `json:"leaves"`
	Files   int64           `json:"files"` // whose bytes are in the collection
	Folders int64           `json:"folders"`
	Links   int64           `json:"links"`
	Others  int64           `json:"others"`
	Bytes   int64           `json:"bytes"` // of the files
	Missing []Missing       `json:"missing,omitempty"`
	Changed []Missing       `json:"changed,omitempty"` // while they were read; what was read is in the collection
}

// Missing is something that could not be read, or was not the same from beginning
// to end, and why.
type Missing struct {
	Path   evidence.FileName `json:"path"`
	Reason string            `json:"reason"`
}

// Folder is a folder to bring in as one collection.
type Folder struct {
	Location string           // absolute
	Tool     evidence.Tool    // that makes the collection
	At       evidence.Instant // now
}

// SendFolder brings a folder in as one exhibit, and what could not be read of it
// in an earlier run as another one. It returns what became of each; what cannot
// be read even now is in the last.
func (s *Sender) SendFolder(ctx context.Context, f Folder) []Outcome {
	s.prepare()
	source := Source{Location: f.Location, Name: collectionName(f.Location)}
	var all []Outcome
	add := func(o Outcome) {
		if n := len(all); n > 0 && o.Err == nil {
			all[n-1].Collection.Missing = nil // this part has what became of it
		}
		all = append(all, o)
	}
	var before *progress
	for part := 0; ; part++ {
		p, known := s.Journal.folder(partOf(f.Location, part))
		if known && p.Item != "" && p.Brought != nil {
			s.Sent(p.Size)
			add(p.outcome(source))
			if len(p.Brought.Missing) == 0 {
				return all
			}
			before = &p
			continue
		}
		sent, err := s.sendPart(ctx, f, &p, before)
		switch {
		case err != nil:
			add(Outcome{Source: source, Err: err})
		case sent:
			add(p.outcome(source))
		}
		return all
	}
}

func (p progress) outcome(source Source) Outcome {
	b := *p.Brought
	return Outcome{Source: source, Item: p.Item, Exhibit: p.Exhibit, Digest: p.Digest, Length: p.Read, Collection: &b}
}

// sendPart brings in a folder, or what was missing of it before. It returns false
// when nothing more can be read than before.
func (s *Sender) sendPart(ctx context.Context, f Folder, p, before *progress) (sent bool, err error) {
	set, err := s.set(ctx, f, *p, before)
	if err != nil || set == nil {
		return false, err
	}
	defer set.folder.close()
	return true, s.sendSet(ctx, set, p)
}

// partOf names the parts of a folder in the journal: the first is the folder.
func partOf(location string, part int) evidence.FileName {
	if part == 0 {
		return evidence.FileName(location)
	}
	return evidence.FileName(fmt.Sprintf("%s\x00%d", location, part))
}

// collectionName is what the exhibit is called that a folder becomes.
func collectionName(location string) evidence.FileName {
	name := filepath.Base(location)
	if name == string(filepath.Separator) {
		name = "root"
	}
	return evidence.FileName(name + ".zip")
}

// set is a collection on its way.
type set struct {
	folder *folder
	plan   *collection.Plan
	stream *collection.Stream
	found  *found
	place  string // of the saved plan
}

// found is what could not be read as planned; reading again begins anew.
type found struct {
	mu   sync.Mutex
	list map[evidence.FileName]Missing
}

// set plans the collection, or takes the plan of an earlier run. It returns nil
// when what was missing before still cannot be read.
func (s *Sender) set(ctx context.Context, f Folder, p progress, before *progress) (*set, error) {
	in, err := openFolder(f.Location)
	if err != nil {
		return nil, err
	}
	place := s.Journal.planPlace(p.Location)
	out := &set{folder: in, place: place, found: &found{list: map[evidence.FileName]Missing{}}}
	out.plan, err = loadPlan(place, in)
	if out.plan == nil && err == nil {
		err = out.make(ctx, f, before)
	}
	if err != nil || out.plan == nil {
		return nil, errors.Join(err, in.close())
	}
	return out, nil
}

// make looks through the folder, or for what was missing before, and saves the
// plan.
func (t *set) make(ctx context.Context, f Folder, before *progress) error {
	paths, continues := []evidence.FileName{evidence.FileName(t.folder.name)}, evidence.ItemID("")
	if before != nil {
		paths, continues = paths[:0], before.Item
		for _, m := range before.Brought.Missing {
			paths = append(paths, m.Path)
		}
	}
	for _, p := range withoutNested(paths) {
		if err := t.folder.look(ctx, p); err != nil {
			return err
		}
	}
	if before != nil && !slices.ContainsFunc(t.folder.lines, func(l collection.Line) bool { return !l.Missing() }) {
		return nil
	}
	host, _ := os.Hostname() // unknown is not said
	var secret [32]byte
	if _, err := rand.Read(secret[:]); err != nil {
		return fmt.Errorf("drawing a secret: %w", err)
	}
	h := collection.Header{
		Tool: f.Tool, Sources: []evidence.FileName{evidence.FileName(f.Location)}, Host: host, StartedAt: f.At, Clock: clock(), Continues: continues,
	}
	plan, err := collection.NewPlan(h, secret, t.folder.lines)
	if err != nil {
		return err
	}
	t.plan = plan
	return savePlan(t.place, h, secret, t.plan.Lines(), t.folder.spooled)
}

// withoutNested leaves out paths below another one.
func withoutNested(paths []evidence.FileName) []evidence.FileName {
	slices.SortFunc(paths, collection.Compare)
	var kept []evidence.FileName
	for _, p := range paths {
		if n := len(kept); n == 0 || p != kept[n-1] && !below(p, kept[n-1]) {
			kept = append(kept, p)
		}
	}
	return kept
}

func below(p, folder evidence.FileName) bool {
	return len(p) > len(folder) && p[:len(folder)] == folder && p[len(folder)] == '/'
}

// sendSet sends a collection, however often the connection breaks.
func (s *Sender) sendSet(ctx context.Context, t *set, p *progress) error {
	p.Size = t.plan.Length()
	if s.Planned != nil {
		s.Planned(p.Size)
	}
	t.begin(ctx)
	about := client.File{
		Intake: s.Journal.Intake, Name: collectionName(t.folder.location), Length: p.Size, Collection: t.plan.Collection(),
	}
	round := p.Round
	anew := func(code evidence.Code) bool { return again(code) || code == evidence.DigestMismatch } // a file that was sent is another one by now
	err := s.persist(ctx, p, anew, func() error {
		if p.Round != round { // what the server has is not what is here: look again
			if err := t.again(ctx, p); err != nil {
				return err
			}
			round = p.Round
			about.Length, about.Collection = p.Size, t.plan.Collection()
		}
		return s.send(ctx, p, &streamContent{t}, about)
	})
	if err == nil {
		_ = os.Remove(t.place) // a plan that stays does no harm
	}
	return err
}

// begin begins to read.
func (t *set) begin(ctx context.Context) {
	t.stream = collection.NewStream(ctx, t.plan, t.folder)
	t.stream.Report = func(l collection.Line, why error) {
		t.found.mu.Lock()
		defer t.found.mu.Unlock()
		t.found.list[l.Path] = Missing{Path: l.Path, Reason: said(l, why)}
	}
}

// said says in words what became of a file.
func said(l collection.Line, why error) string {
	switch l.State {
	case collection.Grown:
		return "it grew while it was read; its beginning is in the collection"
	case collection.Mixed:
		return "it changed while it was read; what was read is in the collection"
	case collection.Short:
		return fmt.Sprintf("it became shorter while it was read: %s of %d bytes are in the collection, zero bytes stand for the rest", l.Got, *l.Length)
	}
	return fmt.Sprintf("reading failed after %s of %d bytes, zero bytes stand for the rest: %s", l.Got, *l.Length, reason(why))
}

// again plans anew when the source is not any more what was sent of it.
func (t *set) again(ctx context.Context, p *progress) error {
	if err := os.Remove(t.place); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing a plan: %w", err)
	}
	h, before := t.plan.Header(), (*progress)(nil)
	if h.Continues != "" {
		before = &progress{Item: h.Continues, Brought: &Brought{}}
		for _, l := range t.plan.Lines() {
			before.Brought.Missing = append(before.Brought.Missing, Missing{Path: l.Path})
		}
	}
	t.folder.lines, t.folder.spool = nil, 0
	clear(t.folder.spooled)
	if err := t.make(ctx, Folder{Location: t.folder.location, Tool: h.Tool, At: h.StartedAt}, before); err != nil {
		return err
	}
	clear(t.found.list)
	p.Size = t.plan.Length()
	t.begin(ctx)
	return nil
}

// outcome says what is in the collection, and what is not, as it stands.
func (t *set) outcome() *Brought {
	b := &Brought{Leaves: int64(len(t.plan.Lines())) + 1}
	for _, l := range t.plan.Lines() {
		switch {
		case l.Member != "":
			b.Files++
			b.Bytes += *l.Length
		case l.Kind == collection.Folder:
			b.Folders++
		case l.Kind == collection.Link:
			b.Links++
		case l.Kind != collection.File:
			b.Others++
		}
		if l.Failure != "" {
			b.Missing = append(b.Missing, Missing{l.Path, l.Failure})
		}
	}
	return b
}

// finish notes what reading found.
func (t *set) finish(p *progress) {
	b := t.outcome()
	b.Root, p.Brought = t.stream.Collection().Root, b
	for _, l := range t.plan.Lines() {
		m, ok := t.found.list[l.Path]
		switch {
		case !ok:
		case l.Missing():
			b.Missing = append(b.Missing, m)
		case l.State != collection.Whole:
			b.Changed = append(b.Changed, m)
		}
	}
}

// streamContent is a collection that is being sent.
type streamContent struct{ *set }

// Read implements io.Reader.
func (c *streamContent) Read(b []byte) (int, error) { return c.stream.Read(b) }

// Close implements io.Closer.
func (c *streamContent) Close() error { return c.stream.Close() }

func (c *streamContent) seek(offset int64) error { return c.stream.SeekTo(offset) }

// unchanged is never at fault: what changed is said in the collection.
func (c *streamContent) unchanged() error { return nil }

func (c *streamContent) digest() evidence.Digest { return c.stream.Digest() }

func (c *streamContent) collection() evidence.Collection { return c.stream.Collection() }
