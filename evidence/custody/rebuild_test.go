package custody_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/rebuild"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/state"
)

var supervisor = person("p-supervisor", evidence.Supervisor)

// full has a case in which everything happened that a registry keeps a record
// of: two intakes, odd names, a quarantined item, findings, locks moved on,
// members, transitions, a bundle that is ready and one that was asked for, and
// an alarm that somebody took note of.
func (l *lab) full(s *process) evidence.Case {
	l.t.Helper()
	ctx := l.t.Context()
	o := custody.Opening{ID: newID[evidence.CaseID](l.t), Title: "Payroll", Summary: "Who was it?", TimeZone: "Europe/Berlin", Members: []evidence.Person{examiner.Person, prosecutor.Person}}
	c, err := open(ctx, s, investigator, o)
	l.check(err)
	_, err = transition(ctx, s, investigator, c.ID, evidence.StateIntake, evidence.StateOpen, "it is one")
	l.check(err)
	first, second := l.openIntake(s, c), l.openIntake(s, c)
	a := l.bringOld(s, first, "a\xff\u202etxt.exe", []byte("first"))
	bad := l.bring(s, first, "b.bin", []byte("will be spoiled"))
	l.bring(s, second, "c.log", nil)
	_, err = s.Quarantine(ctx, worker, bad, evidence.Sum([]byte("spoiled")), 7)
	l.check(err)
	for _, in := range []evidence.Intake{first, second} {
		l.sealAll(s, in)
		counts, err := s.IntakeStatus(ctx, examiner, in.ID)
		l.check(err)
		l.check(s.CloseIntake(ctx, worker, in.ID, counts))
	}
	l.check(s.RecordAnalysis(ctx, worker, []exhibit.Analysis{{
		Item: a, Tools: []evidence.Tool{{Name: "file", Version: "1"}}, MediaType: "text/plain", Findings: []evidence.Finding{{Kind: "email"}},
	}}))
	page, err := s.Items(ctx, examiner, c.ID, "", 10)
	l.check(err)
	l.check(s.ExtendLocks(ctx, worker, page.Items[:1], evidence.At(time.Now().Add(2*time.Hour))))
	err = addMember(ctx, s, investigator, c.ID, stranger.Person)
	l.check(err)
	r := disclosureOf(l.t, c)
	r.Withheld = []evidence.Withheld{{Item: page.Items[2].ID, Reason: "privileged"}}
	l.bundled(s, r)
	pending := disclosureOf(l.t, c)
	for _, e := range l.log(s, c.ID) {
		if e.Entry.Act == evidence.ActIntakeOpened || e.Entry.Act == evidence.ActExtended {
			pending.Entries = append(pending.Entries, disclose.WithholdEntry{Index: &e.Index, Reason: "names of " + string(e.Entry.Act)})
		}
	}
	_, err = s.RequestDisclosure(ctx, prosecutor, pending)
	l.check(err)
	alarm := evidence.NewAlarm(evidence.AlarmLock, c.ID, "somewhere", "a hold was lifted", evidence.At(time.Now()))
	_, err = s.RaiseAlarms(ctx, worker, []evidence.Alarm{alarm, evidence.NewAlarm(evidence.AlarmClock, "", "x", "a clock is behind", evidence.At(time.Now()))})
	l.check(err)
	_, err = s.AcknowledgeAlarm(ctx, supervisor, alarm.ID, "it was put back")
	l.check(err)
	for _, id := range []evidence.CaseID{c.ID, evidence.RegisterID()} {
		_, err = s.Checkpoint(ctx, worker, id)
		l.check(err)
	}
	l.mirrored(s)
	return c
}

// bringOld uploads data with the date that its source gave it.
func (l *lab) bringOld(s *process, in evidence.Intake, name evidence.FileName, data []byte) evidence.Item {
	l.t.Helper()
	ctx := l.t.Context()
	u, err := s.CreateUpload(ctx, examiner, intake.UploadRequest{
		Intake: in.ID, Name: name, Path: "\xfe/b", Length: int64(len(data)), Declared: evidence.Sum(data), ModifiedAt: evidence.At(time.Unix(1_500_000_000, 0)),
	})
	l.check(err)
	_, err = s.WriteUpload(ctx, examiner, u.ID, 0, bytes.NewReader(data))
	l.check(err)
	it, err := s.CompleteUpload(ctx, examiner, u.ID, evidence.Digest{})
	l.check(err)
	return it
}

// bundled has a bundle made and returns it.
func (l *lab) bundled(s *process, r disclose.Request) evidence.Disclosure {
	l.t.Helper()
	ctx := l.t.Context()
	d, err := s.RequestDisclosure(ctx, prosecutor, r)
	l.check(err)
	_, err = s.WriteBundle(ctx, worker, d.ID, nil)
	l.check(err)
	d, err = s.FinishDisclosure(ctx, worker, d.ID)
	l.check(err)
	return d
}

// records is all that the registry's reads give of some cases, and of the
// installation.
type records struct {
	IDs         []evidence.CaseID
	Numbers     []string
	Records     []state.Record // of cases, members and intakes
	Items       [][]evidence.Item
	Disclosures [][]evidence.Disclosure
	Entries     [][]evidence.LogEntry
	Heads       [][]string
	Alarms      []evidence.Alarm
	Anchors     []evidence.Anchor
}

func (l *lab) records(r *registry.Registry) (all records) {
	l.t.Helper()
	ctx := l.t.Context()
	var err error
	all.IDs, err = r.CaseIDs(ctx)
	l.check(err)
	for _, c := range append(all.IDs, evidence.RegisterID()) {
		list, err := r.Entries(ctx, c, 0)
		l.check(err)
		all.Entries = append(all.Entries, list)
		last, err := r.LastCheckpoint(ctx, c, 0)
		l.check(err)
		all.Heads = append(all.Heads, []string{string(last)})
		if c == evidence.RegisterID() {
			continue
		}
		number, err := r.CaseNumber(ctx, c)
		l.check(err)
		for _, kind := range state.Kinds() {
			list, err := r.RecordsOf(ctx, kind, c)
			l.check(err)
			all.Records = append(all.Records, list...)
		}
		items, err := r.ItemTile(ctx, c, 0)
		l.check(err)
		disclosures, err := r.Disclosures(ctx, c)
		l.check(err)
		all.Numbers = append(all.Numbers, number)
		all.Items, all.Disclosures = append(all.Items, items), append(all.Disclosures, disclosures)
	}
	all.Alarms, err = r.Alarms(ctx)
	l.check(err)
	all.Anchors, err = r.Anchors(ctx, 0)
	l.check(err)
	return all
}

// rebuilt makes the registry anew in a fresh database, from the buckets.
func (l *lab) rebuilt(keys []evidence.PublicKey) (*registry.Registry, rebuild.Report) {
	l.t.Helper()
	uri, database := servertest.Mongo(l.t)
	r, err := registry.Open(l.t.Context(), registry.Config{URI: uri, Database: database})
	l.check(err)
	l.t.Cleanup(func() { _ = r.Close(context.Background()) })
	l.check(r.Bootstrap(l.t.Context()))
	servertest.IndexEmbedded(l.t, database, registry.EqualityFields())
	report, err := rebuild.Run(l.t.Context(), rebuild.Config{Registry: r, Objects: l.objects, Mirror: l.mirror, Keys: keys, Origin: origin})
	l.check(err)
	return r, report
}

// TestRebuild loses the database and makes it anew from the buckets: what is read
// from it is what was there, and work goes on.
func TestRebuild(t *testing.T) {
	l := newLab(t)
	l.watch(newOutside(t))
	s := l.service()
	cases := []evidence.Case{l.full(s), l.full(s)}
	_, err := s.PublishHeads(t.Context(), worker)
	l.check(err)
	l.anchor(s)
	l.mirrored(s)
	keys, err := s.Keys(t.Context())
	l.check(err)
	want := l.records(l.registry)

	fresh, report := l.rebuilt(keys)
	if diff := cmp.Diff(want, l.records(fresh)); diff != "" {
		t.Errorf("what the registry says (-before +rebuilt):\n%s", diff)
	}
	if report.Cases != 2 || report.Items != 6 || report.Disclosures != 4 || report.Alarms != len(want.Alarms) || report.Intakes != 4 || report.Anchors != len(want.Anchors) || len(report.Problems) != 0 {
		t.Errorf("report %+v", report)
	}
	if len(report.Lost) != 1+2*2 { // uploads; in each case findings and a bundle that was asked for
		t.Errorf("lost %+v", report.Lost)
	}
	l.goesOn(fresh, cases[0], keys)

	_, err = rebuild.Run(t.Context(), rebuild.Config{Registry: fresh, Objects: l.objects, Mirror: l.mirror, Keys: keys, Origin: origin})
	wantCode(t, err, evidence.Conflict)
}

// goesOn works with a registry that was made anew: evidence comes in, what was
// disclosed can be fetched and verified, and something else is disclosed.
func (l *lab) goesOn(r *registry.Registry, c evidence.Case, keys []evidence.PublicKey) {
	l.t.Helper()
	l.config.Registry, l.registry = r, r
	s := l.service()
	ctx := l.t.Context()
	in := l.openIntake(s, c)
	it := l.bring(s, in, "later.log", []byte("brought in afterwards"))
	l.sealAll(s, in)
	if it.Exhibit != 4 {
		l.t.Errorf("the next exhibit has the number %d, want 4", it.Exhibit)
	}
	if next := l.openCase(s); next.Number == c.Number {
		l.t.Errorf("the number %s was given twice", next.Number)
	}
	list, err := s.Disclosures(ctx, prosecutor, c.ID)
	l.check(err)
	fetched := append([]evidence.Disclosure{l.bundled(s, disclosureOf(l.t, c))}, list...)
	for _, d := range fetched {
		if d.State == evidence.DisclosureRequested { // it was asked for before
			_, err := s.WriteBundle(ctx, worker, d.ID, nil)
			l.check(err)
			d, err = s.FinishDisclosure(ctx, worker, d.ID)
			l.check(err)
		}
		body, _, err := openBundle(ctx, s, prosecutor, d.ID, 0, -1)
		data := readAll(l.t, body, err)
		proof, err := s.DisclosureProof(ctx, prosecutor, d.ID)
		l.check(err)
		report, err := bundle.Verify(ctx, bytes.NewReader(data), int64(len(data)), keys, bundle.Options{Proof: proof})
		l.check(err)
		if report.Outcome != bundle.OK {
			l.t.Errorf("%s: %+v", d.ID, report)
		}
	}
}

// TestRebuildBelievesNobody: what is not signed is not made, and told.
func TestRebuildBelievesNobody(t *testing.T) {
	l := newLab(t)
	l.config.CheckpointDelay = time.Hour // nothing is signed but what this test wants signed
	s := l.service()
	c := l.openCase(s)
	_, err := s.Append(t.Context(), entriesOf(c.ID, 3)...)
	l.check(err)
	_, err = s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	l.mirrored(s)
	good := len(l.log(s, c.ID))
	_, err = s.Append(t.Context(), entriesOf(c.ID, 3)...)
	l.check(err)
	forger := ledger.NewLocalSigner(origin+"/log/v1", [32]byte{99})
	list := l.log(s, c.ID)
	var tree ledger.Tree
	var raw [][]byte
	for _, e := range list {
		tree.Append(ledger.LeafHash(e.Raw))
		raw = append(raw, e.Raw)
	}
	note, err := ledger.SignCheckpoint(t.Context(), ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, c.ID), Size: tree.Size(), Root: tree.Root()}, forger)
	l.check(err)
	l.check(l.mirror.AddEntries(t.Context(), c.ID, int64(good), raw[good:]))
	l.check(l.mirror.AddCheckpoint(t.Context(), c.ID, tree.Size(), note))
	forged := evidence.Derive[evidence.CaseID]("forged")
	l.check(l.mirror.AddEntries(t.Context(), forged, 0, raw))
	l.check(l.mirror.AddCheckpoint(t.Context(), forged, tree.Size(), note))

	keys, err := s.Keys(t.Context())
	l.check(err)
	fresh, report := l.rebuilt(keys)
	got, err := fresh.Entries(t.Context(), c.ID, 0)
	l.check(err)
	if len(got) != good || report.Cases != 1 || len(report.Problems) == 0 {
		t.Errorf("%d entries were made, want %d; report %+v", len(got), good, report)
	}
	if list, err := fresh.RecordsOf(t.Context(), state.KindCase, forged); err != nil || len(list) > 0 {
		t.Errorf("a forged case was made: %+v, %v", list, err)
	}
	if _, report := l.rebuilt(keys[:1]); report.Cases != 0 { // no key of the worker
		t.Errorf("made without its key: %+v", report)
	}
}

// TestRebuildOfWhatIsToBeMade: a bundle that was asked for has what the case had
// then, whatever came in or was quarantined afterwards.
func TestRebuildOfWhatIsToBeMade(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	for _, data := range []string{"a", "b"} {
		l.bring(s, in, "x", []byte(data))
	}
	l.sealAll(s, in)
	want, err := s.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	l.check(err)
	later := l.openIntake(s, c)
	bad := l.bring(s, later, "y", []byte("will be spoiled"))
	l.bring(s, later, "z", []byte("z"))
	_, err = s.Quarantine(t.Context(), worker, bad, evidence.Sum(nil), 0)
	l.check(err)
	l.sealAll(s, later)
	_, err = s.Checkpoint(t.Context(), worker, c.ID)
	l.check(err)
	l.mirrored(s)
	keys, err := s.Keys(t.Context())
	l.check(err)

	fresh, _ := l.rebuilt(keys)
	got, err := fresh.Disclosure(t.Context(), want.ID)
	l.check(err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is to be made (-before +rebuilt):\n%s", diff)
	}
	l.config.Registry, l.registry = fresh, fresh
	made, err := l.service().WriteBundle(t.Context(), worker, want.ID, nil)
	if err != nil || made.Items != 2 {
		t.Errorf("%+v, %v", made, err)
	}
}
