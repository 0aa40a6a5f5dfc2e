package journey_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/analyze/fileid"
	"github.com/sealcase/sealcase/evidence/analyze/textscan"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/worker"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func TestMain(m *testing.M) {
	servertest.Main(m, servers.MinIO, servers.Mongo, servers.Temporal)
}

// room is custody on real servers as an installation has it twice: in the
// process that serves people, and in the workers, which alone sign the machine's
// acts.
type room struct {
	*workflowtest.Engine
	t            *testing.T
	*rooms.Rooms // of the API
	machine      *rooms.Rooms
	people       *directory
}

const origin = "test.example"

var (
	anna  = person("anna", evidence.Investigator)
	emil  = person("emil", evidence.Examiner)
	paula = person("paula", evidence.Prosecutor)
)

// person returns somebody with a key of their own.
func person(id string, roles ...evidence.Role) evidence.Actor {
	p := workflowtest.Person(id, roles...)
	p.Signer = personKey(p.ID)
	return p
}

func personKey(id evidence.PersonID) evidence.Signer {
	return ledger.NewLocalSigner(origin+"/person/"+string(id)+"/v1", sha256.Sum256([]byte(id)))
}

// directory knows the keys of everybody who has signed in: all but who is
// absent.
type directory struct{ absent sync.Map }

func (d *directory) leave(id evidence.PersonID) { d.absent.Store(id, true) }
func (d *directory) enter(id evidence.PersonID) { d.absent.Delete(id) }

// Person implements clerk.Directory.
func (d *directory) Person(_ context.Context, id evidence.PersonID) (evidence.Person, error) {
	for _, a := range []evidence.Actor{anna, emil, paula} {
		if a.ID == id {
			return a.Person, nil
		}
	}
	return evidence.Person{ID: id, Login: string(id), Name: string(id)}, nil
}

// PersonKeys implements clerk.Directory.
func (d *directory) PersonKeys(ctx context.Context, id evidence.PersonID) ([]evidence.PublicKey, error) {
	if _, absent := d.absent.Load(id); absent {
		return nil, nil
	}
	return personKey(id).PublicKeys(ctx)
}

func newRoom(t *testing.T) *room {
	t.Helper()
	uri, database := servertest.Mongo(t)
	reg, err := registry.Open(t.Context(), registry.Config{URI: uri, Database: database, Patience: 20 * time.Second})
	check(t, err)
	t.Cleanup(func() { _ = reg.Close(context.Background()) })
	check(t, reg.Bootstrap(t.Context()))
	servertest.IndexEmbedded(t, database, registry.EqualityFields())
	s3 := servertest.S3(t)
	config := object.Config{Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, TLS: s3.TLS,
		Prefix: "t" + strings.ToLower(rand.Text()[:16])}
	check(t, object.Bootstrap(t.Context(), config))
	store, err := object.Open(t.Context(), config)
	check(t, err)
	check(t, store.Probe(t.Context()))
	r := &room{Engine: workflowtest.NewEngine(t, servertest.Temporal(t)), t: t, people: &directory{}}
	machine := ledger.NewLocalSigner(origin+"/worker/v1", [32]byte{3})
	serving := rooms.Config{
		Registry: reg, Objects: store, Origin: origin, Retention: time.Hour, Logger: slog.New(slog.DiscardHandler),
		Log:        ledger.NewLocalSigner(origin+"/log/v1", [32]byte{1}),
		SealKey:    ledger.NewLocalSigner(origin+"/seal/v1", [32]byte{2}),
		WorkerKeys: machine, Directory: r.people, Steward: r.UpdateRoster,
	}
	working := serving
	working.Worker, working.Steward = machine, nil
	r.Rooms, r.machine = service(t, serving), service(t, working)
	return r
}

func service(t *testing.T, c rooms.Config) *rooms.Rooms {
	t.Helper()
	s, err := rooms.Open(c)
	check(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Close(ctx)
	})
	return s
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) work() (kill func()) {
	m := r.machine
	all := worker.Rooms{
		Casefile: m.Custody, Cases: m.Custody, Roster: m.Clerk, Intakes: m.Intakes, Sealing: m.Sealing, Exhibits: m.Exhibits,
		Analysis: m.Analyses, Disclosure: m.Disclose, Audit: m.Alarms, Register: m.Register, Mirroring: m.Register,
	}
	return r.Work(r.t, all, fileid.Analyzer{}, textscan.Analyzer{})
}

// begin opens a case and an intake of emil's.
func (r *room) begin() (evidence.Case, evidence.Intake) {
	r.t.Helper()
	o := custody.Opening{ID: workflowtest.NewID[evidence.CaseID](r.t), Title: "Payroll", TimeZone: "Europe/Berlin",
		Members: []evidence.Person{emil.Person}}
	signed, err := r.Custody.SignOpening(r.t.Context(), anna, o)
	check(r.t, err)
	opened, err := r.OpenCase(r.t.Context(), workflows.ActInput{Case: o.ID, Signed: signed})
	check(r.t, err)
	c := opened.Case
	w, err := r.Custody.WishMember(r.t.Context(), anna, c.ID, paula.Person, "")
	check(r.t, err)
	one, err := r.Custody.Sign(r.t.Context(), anna, w)
	check(r.t, err)
	_, err = r.Act(r.t.Context(), workflows.ActInput{Case: c.ID, Signed: [][]byte{one}})
	check(r.t, err)
	in, err := r.Intakes.OpenIntake(r.t.Context(), emil, intake.Request{
		ID: workflowtest.NewID[evidence.IntakeID](r.t), Case: c.ID, Source: "a server", Authority: "warrant 7"})
	check(r.t, err)
	check(r.t, r.StartIntake(r.t.Context(), in, emil))
	return c, in
}

// bring uploads an item.
func (r *room) bring(in evidence.Intake, name string, content []byte) evidence.Item {
	r.t.Helper()
	u, err := r.Uploads.CreateUpload(r.t.Context(), emil, intake.UploadRequest{
		Intake: in.ID, Name: evidence.FileName(name), Length: int64(len(content)), Declared: evidence.Sum(content)})
	check(r.t, err)
	_, err = r.Uploads.WriteUpload(r.t.Context(), emil, u.ID, 0, bytes.NewReader(content))
	check(r.t, err)
	it, err := r.Uploads.CompleteUpload(r.t.Context(), emil, u.ID, evidence.Digest{})
	check(r.t, err)
	return it
}

// done waits until the intake is.
func (r *room) done(in evidence.Intake) workflows.IntakeProgress {
	r.t.Helper()
	check(r.t, r.CompleteIntake(r.t.Context(), in.ID))
	var p workflows.IntakeProgress
	workflowtest.Eventually(r.t, "the intake is done", func() bool {
		var err error
		p, err = r.IntakeProgress(r.t.Context(), in.ID)
		return err == nil && p.State == workflows.IntakeDone
	})
	return p
}

// acts counts the acts in a case's log.
func (r *room) acts(c evidence.CaseID) map[evidence.Act]int {
	r.t.Helper()
	count := map[evidence.Act]int{}
	for from := int64(0); ; {
		page, size, err := r.Custody.LogPage(r.t.Context(), anna, c, from, 256)
		check(r.t, err)
		for _, e := range page {
			count[e.Entry.Act]++
		}
		if from += int64(len(page)); from >= size || len(page) == 0 {
			return count
		}
	}
}

func (r *room) expect(c evidence.CaseID, want map[evidence.Act]int) {
	r.t.Helper()
	got := r.acts(c)
	for act, n := range want {
		if got[act] != n {
			r.t.Errorf("%q is in the log %d times, want %d", act, got[act], n)
		}
	}
}

// The main job, without the network in front of it.
func TestFromOpeningToBundle(t *testing.T) {
	r := newRoom(t)
	r.work()
	c, in := r.begin()
	var items []evidence.Item
	for i := range 30 {
		items = append(items, r.bring(in, fmt.Sprintf("%d.log", i), fmt.Appendf(nil, "connect from 203.0.113.%d\n", i)))
	}
	items = append(items, r.bring(in, "empty", nil))
	if p := r.done(in); p.Sealed != 31 || p.Analysed != 31 || p.Quarantined != 0 {
		t.Errorf("progress %+v", p)
	}
	found, err := r.Analyses.Findings(t.Context(), emil, items[7].ID, "", "", 100)
	check(t, err)
	var values []string
	for _, f := range found.Items {
		values = append(values, f.Kind+" "+f.Value)
	}
	if got := strings.Join(values, "; "); got != "file-type text/plain; text-encoding us-ascii; ipv4 203.0.113.7" {
		t.Errorf("found %s", got)
	}
	v, done, err := r.VerifyItem(t.Context(), workflows.VerifyInput{Actor: paula, Case: c.ID, Item: items[0].ID, Request: "a"})
	if err != nil || !done || !v.OK {
		t.Errorf("verified %+v, %v, %v", v, done, err)
	}
	d, err := r.Disclose.RequestDisclosure(t.Context(), paula, disclose.Request{
		ID: workflowtest.NewID[evidence.DisclosureID](t), Case: c.ID, Title: "For the defence", Recipient: "Counsel", Purpose: "Discovery"})
	check(t, err)
	check(t, r.StartDisclosure(t.Context(), d, paula))
	workflowtest.Eventually(t, "the bundle is ready", func() bool {
		p, err := r.DisclosureProgress(t.Context(), d.ID)
		return err == nil && p.State == evidence.DisclosureReady && p.Items == 31
	})
	r.expect(c.ID, map[evidence.Act]int{
		evidence.ActOpened: 1, evidence.ActIntakeOpened: 1, evidence.ActReceived: 31, evidence.ActSealed: 31,
		evidence.ActAnalysed: 31, evidence.ActIntakeClosed: 1, evidence.ActVerified: 1, evidence.ActDisclosed: 1, evidence.ActRequested: 1,
	})
	r.refusesAStranger(c)
}

// refusesAStranger has somebody sign what they may not do, around the API.
func (r *room) refusesAStranger(c evidence.Case) {
	r.t.Helper()
	mallory := person("mallory", evidence.Supervisor)
	to := act.Transitioned{From: c.State, To: evidence.StateTrial, Version: c.Version + 1}
	e, err := act.New(c.ID, to, evidence.At(time.Now()), mallory, rand.Reader, func(e *evidence.Entry) { e.Purpose = "x" })
	check(r.t, err)
	raw, err := attest.Sign(r.t.Context(), mallory.Signer, &e)
	check(r.t, err)
	_, err = r.Act(r.t.Context(), workflows.ActInput{Case: c.ID, Signed: raw})
	if evidence.CodeOf(err) != evidence.NotFound {
		r.t.Errorf("a stranger's transition ended with %v", err)
	}
}

// An item that arrives when its intake has ended is sealed all the same.
func TestItemTooLate(t *testing.T) {
	r := newRoom(t)
	r.work()
	c, in := r.begin()
	late := []byte("late")
	u, err := r.Uploads.CreateUpload(t.Context(), emil, intake.UploadRequest{Intake: in.ID, Name: "late", Length: 4, Declared: evidence.Sum(late)})
	check(t, err)
	r.done(in)
	_, err = r.Uploads.WriteUpload(t.Context(), emil, u.ID, 0, bytes.NewReader(late))
	check(t, err)
	_, err = r.Uploads.CompleteUpload(t.Context(), emil, u.ID, evidence.Digest{})
	check(t, err)
	check(t, r.NotifyIntake(t.Context(), in.ID))
	workflowtest.Eventually(t, "the late item is analysed", func() bool { return r.acts(c.ID)[evidence.ActAnalysed] == 1 })
	r.done(in)
	r.expect(c.ID, map[evidence.Act]int{evidence.ActSealed: 1, evidence.ActIntakeClosed: 1})
}

// Workers die again and again while an intake is under way: nothing is lost,
// nothing is in the log twice.
func TestWorkersDieDuringIntake(t *testing.T) {
	r := newRoom(t)
	kill := r.work()
	c, in := r.begin()
	const items = 120
	for i := range items {
		r.bring(in, fmt.Sprintf("%d.log", i), bytes.Repeat([]byte{byte(i)}, 1000))
		if i%40 == 20 {
			check(t, r.NotifyIntake(t.Context(), in.ID))
			time.Sleep(30 * time.Millisecond)
			kill()
			kill = r.work()
		}
	}
	if p := r.done(in); p.Sealed != items || p.Analysed != items {
		t.Errorf("progress %+v", p)
	}
	r.expect(c.ID, map[evidence.Act]int{evidence.ActReceived: items, evidence.ActSealed: items, evidence.ActAnalysed: items, evidence.ActIntakeClosed: 1})
}

// A run over all items with the real custody: the ranges meet, and locks that
// end soon are moved on.
func TestFixityOfACase(t *testing.T) {
	r := newRoom(t)
	r.work()
	c, in := r.begin()
	for i := range 45 {
		r.bring(in, fmt.Sprintf("%d.log", i), fmt.Appendf(nil, "line %d", i))
	}
	r.done(in)
	workflowtest.Eventually(t, "fixity has run", func() bool {
		status, err := r.CaseStatus(t.Context(), c.ID)
		if err != nil || status.Fixity == nil {
			_ = r.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.FixitySchedule(c.ID)).Trigger(t.Context(), client.ScheduleTriggerOptions{})
			time.Sleep(time.Second)
			return false
		}
		f := status.Fixity
		if f.Items != 45 || f.Verified != 45 || f.Failed != 0 || f.Extended != 45 {
			t.Fatalf("result %+v", *f)
		}
		return true
	})
	if n := r.acts(c.ID)[evidence.ActVerified]; n < 45 {
		t.Errorf("%d verifications are in the log", n)
	}
	page, err := r.Exhibits.Items(t.Context(), anna, c.ID, "", 100)
	check(t, err)
	for _, it := range page.Items {
		if time.Until(it.Locked.Time()) < 29*24*time.Hour {
			t.Errorf("exhibit %d is locked until %s", it.Exhibit, it.Locked)
		}
	}
}

// Somebody is made a member before they have ever signed in, and so without a
// key. Their first act has a worker say in the log which key is theirs.
func TestMemberWhoHadNoKey(t *testing.T) {
	r := newRoom(t)
	r.people.leave(paula.ID)
	r.work()
	c, in := r.begin()
	it := r.bring(in, "a", []byte("a"))
	before := r.acts(c.ID)[evidence.ActRoster]
	r.people.enter(paula.ID)
	ticket, err := r.Exhibits.RequestEvidence(t.Context(), paula, it.ID, "reading", 0, -1)
	check(t, err)
	content, _, err := r.Exhibits.OpenEvidence(t.Context(), paula, it.ID, ticket.Entry, 0, -1)
	check(t, err)
	check(t, content.Close())
	r.expect(c.ID, map[evidence.Act]int{evidence.ActRoster: before + 1, evidence.ActDownloaded: 1})
}
