package custody_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/clerk"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/rooms"
)

const origin = "test.example"

var (
	worker       = evidence.ServiceActor("worker")
	investigator = person("p-investigator", evidence.Investigator)
	examiner     = person("p-examiner", evidence.Examiner)
	prosecutor   = person("p-prosecutor", evidence.Prosecutor)
	stranger     = person("p-stranger", evidence.Investigator, evidence.Supervisor)
)

func person(id evidence.PersonID, roles ...evidence.Role) evidence.Actor {
	p := evidence.Person{ID: id, Login: string(id), Name: "Name of " + string(id), Roles: roles}
	everybody.Store(id, p)
	return evidence.Actor{Person: p, From: "192.0.2.7", Client: "test", Signer: personKey(id)}
}

// everybody is who there is, as Vault would say: evidence.Person by ID. It stands
// here because a package variable is initialised after those that it needs.
var everybody = new(sync.Map)

// personKey returns the key of a person, the first version of which signs.
func personKey(id evidence.PersonID) evidence.Signer {
	return ledger.NewLocalSigner(origin+"/person/"+string(id)+"/v1", sha256.Sum256([]byte(id)))
}

// directory knows everybody and their keys: those of personKey, unless a test says
// otherwise.
type directory struct {
	mu     sync.Mutex
	others map[evidence.PersonID]evidence.Signer
	roles  map[evidence.PersonID][]evidence.Role
}

// hold gives somebody other roles.
func (d *directory) hold(id evidence.PersonID, roles ...evidence.Role) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.roles == nil {
		d.roles = map[evidence.PersonID][]evidence.Role{}
	}
	d.roles[id] = roles
}

// Person implements clerk.Directory.
func (d *directory) Person(_ context.Context, id evidence.PersonID) (evidence.Person, error) {
	p := evidence.Person{ID: id, Login: string(id), Name: "Name of " + string(id)}
	if known, ok := everybody.Load(id); ok {
		p = known.(evidence.Person)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if roles, ok := d.roles[id]; ok {
		p.Roles = roles
	}
	return p, nil
}

// set gives somebody another key, or none when it is nil.
func (d *directory) set(id evidence.PersonID, key evidence.Signer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.others == nil {
		d.others = map[evidence.PersonID]evidence.Signer{}
	}
	d.others[id] = key
}

// PersonKeys implements clerk.Directory.
func (d *directory) PersonKeys(ctx context.Context, id evidence.PersonID) ([]evidence.PublicKey, error) {
	d.mu.Lock()
	key, ok := d.others[id]
	d.mu.Unlock()
	switch {
	case !ok:
		key = personKey(id)
	case key == nil:
		return nil, nil
	}
	return key.PublicKeys(ctx)
}

// lab is a registry and an object store of a test's own, and services on them.
type lab struct {
	t        testing.TB
	uri      string
	database string
	registry *registry.Registry
	objects  *object.Store
	s3       object.Config
	people   *directory
	keys     struct{ log, seal, worker *ledger.LocalKey } // the agency's
	mirror   *mirror.Mirror
	config   rooms.Config // what service makes services of
}

// newLab uses the servers of the package, with a fresh database and buckets.
func newLab(t testing.TB) *lab {
	t.Helper()
	uri, database := servertest.Mongo(t)
	l := newLabOn(t, uri, database)
	servertest.IndexEmbedded(t, database, registry.EqualityFields())
	return l
}

func newLabOn(t testing.TB, uri, database string) *lab {
	t.Helper()
	l := &lab{t: t, uri: uri, database: database, people: &directory{}}
	l.keys.log = ledger.NewLocalKey(origin+"/log", [32]byte{1})
	l.keys.seal = ledger.NewLocalKey(origin+"/seal", [32]byte{2})
	l.keys.worker = ledger.NewLocalKey(origin+"/worker", [32]byte{3})
	server := servertest.S3(t)
	l.s3 = object.Config{
		Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, TLS: server.TLS,
		Prefix: "t" + strings.ToLower(rand.Text()[:16]),
	}
	var err error
	l.registry, err = registry.Open(t.Context(), registry.Config{URI: uri, Database: database, Patience: 20 * time.Second})
	l.check(err)
	t.Cleanup(func() { _ = l.registry.Close(context.Background()) })
	l.check(l.registry.Bootstrap(t.Context()))
	l.check(object.Bootstrap(t.Context(), l.s3))
	l.objects, err = object.Open(t.Context(), l.s3)
	l.check(err)
	l.check(l.objects.Probe(t.Context()))
	l.mirror = mirror.New(l.objects, time.Hour, nil)
	l.config = rooms.Config{
		Mirror:   l.mirror,
		Registry: l.registry, Objects: l.objects, Origin: origin, PartSize: 5 << 20, Retention: time.Hour,
		Log: l.keys.log, SealKey: l.keys.seal, Worker: l.keys.worker, Directory: l.people,
		Logger: slog.New(slog.DiscardHandler),
	}
	return l
}

// process is the rooms of one process, which these tests use together.
type process struct {
	*custody.Service
	*theClerk
	*theExhibits
	*theAnalyses
	*theIntakes
	*theUploads
	*theSealing
	*theDisclosures
	*theRegister
	*theAlarms
	rooms *rooms.Rooms
	clock func() time.Time
}

// An embedded field of its own name would hide the method of that name.
type (
	theClerk       = clerk.Clerk
	theExhibits    = exhibit.Service
	theAnalyses    = exhibit.Analyses
	theIntakes     = intake.Intakes
	theUploads     = intake.Uploads
	theSealing     = intake.Sealing
	theDisclosures = disclose.Service
	theRegister    = register.Register
	theAlarms      = register.Alarms
)

func newProcess(c rooms.Config) (*process, error) {
	r, err := rooms.Open(c)
	if err != nil {
		return nil, err
	}
	clock := c.Clock
	if clock == nil {
		clock = time.Now
	}
	return &process{
		Service: r.Custody, theClerk: r.Clerk, theExhibits: r.Exhibits, theAnalyses: r.Analyses, theIntakes: r.Intakes, theUploads: r.Uploads, theSealing: r.Sealing,
		theDisclosures: r.Disclose, theRegister: r.Register, theAlarms: r.Alarms, rooms: r, clock: clock,
	}, nil
}

// Append appends entries of a test's own making, as the machine.
func (p *process) Append(ctx context.Context, list ...evidence.Entry) ([]evidence.LogEntry, error) {
	return p.PutOnRecord(ctx, worker, list...)
}

// Now returns an entry of the machine as of now, by the clock of the process.
func (p *process) Now(c evidence.CaseID, what evidence.Act) (evidence.Entry, error) {
	id, err := evidence.NewID[evidence.EntryID](rand.Reader)
	if err != nil {
		return evidence.Entry{}, err
	}
	return evidence.NewEntry(id, c, what, evidence.At(p.clock()), worker, rand.Reader)
}

// RecordSigned appends what somebody signed.
func (p *process) RecordSigned(ctx context.Context, raw []byte) ([]evidence.LogEntry, error) {
	var e evidence.Entry
	if err := canon.Unmarshal(raw, &e); err != nil {
		return nil, err
	}
	return p.rooms.Logs.Log(e.Case).Append(ctx, logbook.Signed(e, raw))
}

// Remembered returns how many logs the process remembers.
func (p *process) Remembered() int { return p.rooms.Logs.Remembered() }

// Ready asks all that is needed to take evidence.
func (p *process) Ready(ctx context.Context) error { return p.rooms.Ready(ctx) }

// Close closes the rooms.
func (p *process) Close(ctx context.Context) error { return p.rooms.Close(ctx) }

// MirrorStatus returns how far the mirror is behind.
func (p *process) MirrorStatus() logbook.MirrorStatus { return p.rooms.Logs.MirrorStatus() }

// with returns the lab for a subtest.
func (l *lab) with(t testing.TB) *lab {
	sub := *l
	sub.t = t
	return &sub
}

func (l *lab) check(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// service returns a new Service, as a process that just started has one.
func (l *lab) service() *process {
	l.t.Helper()
	s, err := newProcess(l.config)
	l.check(err)
	l.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Close(ctx) // a test may have taken its servers away
	})
	return s
}

// apiService returns a Service as the API has one: it cannot act as the machine,
// and asks w for what only that may record.
func (l *lab) apiService(w *process) *process {
	l.t.Helper()
	sub := *l
	sub.config.Worker, sub.config.WorkerKeys = nil, l.config.Worker
	sub.config.Steward = func(ctx context.Context, c evidence.CaseID, p evidence.PersonID) error {
		return w.RecordRoster(ctx, worker, c, p)
	}
	return sub.service()
}

// open opens a case as the API and the worker do together.
func open(ctx context.Context, s *process, actor evidence.Actor, o custody.Opening) (evidence.Case, error) {
	signed, err := s.SignOpening(ctx, actor, o)
	if err != nil {
		return evidence.Case{}, err
	}
	done, err := s.Record(ctx, worker, o.ID, signed)
	return done.Case, err
}

// perform does what a person wants as the API and the worker do together.
func perform(ctx context.Context, s *process, actor evidence.Actor, w custody.Wish) (evidence.Case, error) {
	signed, err := s.Sign(ctx, actor, w)
	if err != nil {
		return evidence.Case{}, err
	}
	done, err := s.Record(ctx, worker, w.Case, [][]byte{signed})
	return done.Case, err
}

// addMember makes p a member.
func addMember(ctx context.Context, s *process, actor evidence.Actor, c evidence.CaseID, p evidence.Person) error {
	_, err := perform(ctx, s, actor, custody.Wish{Case: c, Say: act.MemberAdded{Person: p.ID, Name: p.Name, Login: p.Login}})
	return err
}

// move is the wish to bring a case, as it is here, into another state.
func move(c evidence.Case, to evidence.CaseState, reason string) custody.Wish {
	return custody.Wish{Case: c.ID, Say: act.Transitioned{From: c.State, To: to, Version: c.Version + 1}, Purpose: reason}
}

// transition brings a case from one state to another.
func transition(ctx context.Context, s *process, actor evidence.Actor, c evidence.CaseID, from, to evidence.CaseState, reason string) (evidence.Case, error) {
	now, err := s.Case(ctx, actor, c)
	if err != nil {
		return evidence.Case{}, err
	}
	now.State = from
	return perform(ctx, s, actor, move(now, to, reason))
}

// traveled returns an actor as a workflow hands them on: without a signer.
func traveled(a evidence.Actor) evidence.Actor {
	a.Signer = nil
	return a
}

func newID[T evidence.ID](t testing.TB) T {
	t.Helper()
	id, err := evidence.NewID[T](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// openCase opens a case of investigator, examiner and prosecutor.
func (l *lab) openCase(s *process, more ...evidence.Actor) evidence.Case {
	l.t.Helper()
	o := custody.Opening{ID: newID[evidence.CaseID](l.t), Title: "A case", TimeZone: "Europe/Berlin", Members: []evidence.Person{examiner.Person, prosecutor.Person}}
	for _, a := range more {
		o.Members = append(o.Members, a.Person)
	}
	c, err := open(l.t.Context(), s, investigator, o)
	l.check(err)
	return c
}

func (l *lab) openIntake(s *process, c evidence.Case) evidence.Intake {
	l.t.Helper()
	in, err := s.OpenIntake(l.t.Context(), examiner, intake.Request{
		ID: newID[evidence.IntakeID](l.t), Case: c.ID, Source: "a laptop", Authority: "warrant 7 Gs 12/26",
	})
	l.check(err)
	return in
}

// bring uploads data as one item.
func (l *lab) bring(s *process, in evidence.Intake, name evidence.FileName, data []byte) evidence.Item {
	l.t.Helper()
	it, err := upload(l.t.Context(), s, in, name, data)
	l.check(err)
	return it
}

func upload(ctx context.Context, s *process, in evidence.Intake, name evidence.FileName, data []byte) (evidence.Item, error) {
	u, err := s.CreateUpload(ctx, examiner, intake.UploadRequest{
		Intake: in.ID, Name: name, Path: "home/user", Length: int64(len(data)), Declared: evidence.Sum(data),
	})
	if err != nil {
		return evidence.Item{}, err
	}
	if _, err := s.WriteUpload(ctx, examiner, u.ID, 0, bytes.NewReader(data)); err != nil {
		return evidence.Item{}, err
	}
	return s.CompleteUpload(ctx, examiner, u.ID, evidence.Digest{})
}

// sealAll reads back and seals what is pending in an intake, as the worker does.
func (l *lab) sealAll(s *process, in evidence.Intake) []evidence.Item {
	l.t.Helper()
	pending, _, err := s.PendingItems(l.t.Context(), worker, in.ID, 0, 1000)
	l.check(err)
	for _, it := range pending {
		digest, read, err := s.ReadBack(l.t.Context(), worker, it, nil)
		l.check(err)
		if digest != it.Digest || read != it.Length {
			l.t.Fatalf("read back %d bytes, %s; want %d, %s", read, digest, it.Length, it.Digest)
		}
	}
	sealed, err := s.SealItems(l.t.Context(), worker, pending)
	l.check(err)
	return sealed
}

// mirrored waits until everything that a service knows of is mirrored.
func (l *lab) mirrored(s *process) {
	l.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); s.MirrorStatus().Waiting > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatalf("not mirrored: %+v", s.MirrorStatus())
		}
	}
}

// openEvidence reads as people do: it puts the read on record, and opens what the
// ticket is for.
func openEvidence(ctx context.Context, s *process, a evidence.Actor, id evidence.ItemID, purpose string, offset, length int64) (io.ReadCloser, evidence.Item, error) {
	ticket, err := s.RequestEvidence(ctx, a, id, purpose, offset, length)
	if err != nil {
		return nil, evidence.Item{}, err
	}
	return s.OpenEvidence(ctx, a, id, ticket.Entry, ticket.Offset, ticket.Length)
}

// openBundle is openEvidence for a bundle.
func openBundle(ctx context.Context, s *process, a evidence.Actor, id evidence.DisclosureID, offset, length int64) (io.ReadCloser, evidence.Disclosure, error) {
	ticket, err := s.RequestBundle(ctx, a, id, offset, length)
	if err != nil {
		return nil, evidence.Disclosure{}, err
	}
	return s.OpenBundle(ctx, a, id, ticket.Entry, ticket.Offset, ticket.Length)
}

// content returns the bytes of an item as a person reads them.
func (l *lab) content(s *process, id evidence.ItemID) []byte {
	l.t.Helper()
	r, _, err := openEvidence(l.t.Context(), s, investigator, id, "test", 0, -1)
	l.check(err)
	defer r.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(r)
	l.check(err)
	return b.Bytes()
}

// logOf returns a log as the registry has it, whatever it is.
func (l *lab) logOf(c evidence.CaseID) []evidence.LogEntry {
	l.t.Helper()
	list, err := l.registry.Entries(l.t.Context(), c, 0)
	l.check(err)
	return list
}

// log returns the whole log of a case.
func (l *lab) log(s *process, c evidence.CaseID) []evidence.LogEntry {
	l.t.Helper()
	var all []evidence.LogEntry
	for {
		list, size, err := s.LogPage(l.t.Context(), worker, c, int64(len(all)), 256)
		l.check(err)
		all = append(all, list...)
		if int64(len(all)) >= size {
			return all
		}
	}
}

// acts returns how often each act is in the log of a case.
func (l *lab) acts(s *process, c evidence.CaseID) map[evidence.Act]int {
	l.t.Helper()
	n := map[evidence.Act]int{}
	for _, e := range l.log(s, c) {
		n[e.Entry.Act]++
	}
	return n
}

// admin reaches the object store around custody.
func (l *lab) admin() *minio.Client {
	l.t.Helper()
	c, err := minio.New(l.s3.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(l.s3.AccessKey, l.s3.SecretKey, ""), Secure: l.s3.TLS, Region: "us-east-1",
	})
	l.check(err)
	return c
}

// stored returns how many versions of objects a bucket has, and how many
// unfinished multiparts.
func (l *lab) stored(bucket, prefix string) (versions, unfinished int) {
	l.t.Helper()
	for o := range l.admin().ListObjectsIter(l.t.Context(), bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}) {
		l.check(o.Err)
		versions++
	}
	for o := range l.admin().ListIncompleteUploads(l.t.Context(), bucket, prefix, true) {
		l.check(o.Err)
		unfinished++
	}
	return versions, unfinished
}

func wantCode(t testing.TB, err error, want evidence.Code) {
	t.Helper()
	if got := evidence.CodeOf(err); got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}
