package custody_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/intake"
)

// handOver makes a bundle as the worker does, and returns it and its proof as
// the prosecutor gets them.
func (l *lab) handOver(s *process, r disclose.Request) (d evidence.Disclosure, data, proof []byte) {
	l.t.Helper()
	d, err := s.RequestDisclosure(l.t.Context(), prosecutor, r)
	l.check(err)
	d, err = s.WriteBundle(l.t.Context(), worker, d.ID, nil)
	l.check(err)
	d, err = s.FinishDisclosure(l.t.Context(), worker, d.ID)
	l.check(err)
	body, _, err := openBundle(l.t.Context(), s, prosecutor, d.ID, 0, -1)
	data = readAll(l.t, body, err)
	proof, err = s.DisclosureProof(l.t.Context(), prosecutor, d.ID)
	l.check(err)
	return d, data, proof
}

func input(data []byte) bundle.Input {
	return bundle.Input{Reader: bytes.NewReader(data), Size: int64(len(data))}
}

// TestTwoBundlesOfOneCase discloses a case twice, with every key of the agency
// rotated in between. A reader who has the keys from before, and the witness's,
// verifies both and sees that the second continues the first, and what is new.
func TestTwoBundlesOfOneCase(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	l.watch(o)
	l.config.VerifyPage = []byte("<!doctype html><title>verify</title>\n")
	s := l.service()
	keys, err := s.Keys(t.Context())
	l.check(err)
	c := l.openCase(s)
	in := l.openIntake(s, c)
	shown, secret := l.bring(s, in, "shown", []byte("shown")), l.bring(s, in, "secret", []byte("secret"))
	l.sealAll(s, in)
	_, err = s.OpenIntake(t.Context(), examiner, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "a phone", Authority: "warrant 7 Gs 12/26"})
	l.check(err)
	var intakes []evidence.LogEntry
	for _, e := range l.log(s, c.ID) {
		if e.Entry.Act == evidence.ActIntakeOpened {
			intakes = append(intakes, e)
		}
	}
	intake, other := intakes[0], intakes[1]
	r := disclosureOf(t, c)
	r.Withheld = []evidence.Withheld{{Item: secret.ID, Reason: "privileged"}}
	r.Entries = []disclose.WithholdEntry{{Index: &intake.Index, Reason: "an informant"}}
	first, firstData, firstProof := l.handOver(s, r)
	if diff := cmp.Diff([]evidence.WithheldEntry{{Index: intake.Index, Reason: "an informant"}}, first.Entries); diff != "" {
		t.Errorf("the disclosure withholds other entries: %s", diff)
	}
	if bytes.Contains(firstData, []byte(secret.Digest.String())) || bytes.Contains(firstData, []byte("a laptop")) {
		t.Error("the bundle says something of what is withheld")
	}

	l.keys.log.Rotate()
	l.keys.seal.Rotate()
	l.keys.worker.Rotate()
	s = l.service()
	l.bring(s, in, "late", []byte("late"))
	l.sealAll(s, in)
	r = disclosureOf(t, c)
	r.Entries = []disclose.WithholdEntry{{Entry: other.Entry.ID, Reason: "work product"}}
	_, secondData, secondProof := l.handOver(s, r)

	opts := bundle.Options{Witnesses: []evidence.WitnessKey{o.witness.Key()}}
	got, err := bundle.Compare(t.Context(), input(firstData), input(secondData), keys, [][]byte{secondProof, firstProof}, opts)
	l.check(err)
	if got.Outcome != bundle.OK || !got.Extends {
		t.Fatalf("%s: %v\n%v\n%v", got.Outcome, got.Problems, got.First.Problems, got.Second.Problems)
	}
	for name, report := range map[string]bundle.Report{"first": got.First, "second": got.Second} {
		if !report.Disclosure.Logged || report.Register == nil || len(report.Register.Witnesses) != 1 || len(report.Register.Timestamps) != 1 {
			t.Errorf("the %s bundle: %+v, %+v", name, report.Disclosure, report.Register)
		}
	}
	if n := len(got.First.WithheldEntries); n != 2 || got.First.Counts.WithheldEntries != 3 || got.First.Exhibits[1].Result != bundle.ExhibitWithheld {
		t.Errorf("the first bundle withholds %+v and %+v", got.First.WithheldEntries, got.First.Exhibits)
	}
	want := []bundle.EarlierFacts{{Disclosure: first.ID, Size: first.LogSize, Continued: true, Entry: got.Second.Earlier[0].Entry}}
	if diff := cmp.Diff(want, got.Second.Earlier); diff != "" || got.Second.Earlier[0].Entry == nil {
		t.Errorf("earlier disclosures: %s", diff)
	}
	if len(got.NewExhibits) != 1 || len(got.NowDisclosed) != 1 || len(got.NowWithheld) != 1 || got.NowDisclosed[0].Item != secret.ID {
		t.Errorf("new: %+v, now disclosed: %+v, now withheld: %+v", got.NewExhibits, got.NowDisclosed, got.NowWithheld)
	}
	if timeline := got.Second.Exhibits[0].Timeline; len(timeline) < 2 || timeline[0].Act != evidence.ActReceived || timeline[0].Who != examiner.Name || !timeline[0].Verified {
		t.Errorf("the timeline of %s is %+v", shown.Name, timeline)
	}
}

// TestProofIsCaughtUp: a disclosure while no outsider answers has a proof; what
// they give later is in the proof that is fetched then.
func TestProofIsCaughtUp(t *testing.T) {
	l, o := newLab(t), newOutside(t)
	s := l.service() // which knows of no outsider
	c := l.openCase(s)
	in := l.openIntake(s, c)
	l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	d, data, proof := l.handOver(s, disclosureOf(t, c))
	keys, err := s.Keys(t.Context())
	l.check(err)
	verify := func(proof []byte, want bundle.Outcome) bundle.Report {
		t.Helper()
		report, err := bundle.Verify(t.Context(), bytes.NewReader(data), d.Length, keys, bundle.Options{Proof: proof, Witnesses: []evidence.WitnessKey{o.witness.Key()}})
		l.check(err)
		if report.Outcome != want || report.Register == nil {
			t.Errorf("%s: %v", report.Outcome, report.Problems)
		}
		return report
	}
	verify(proof, bundle.Incomplete)

	l.watch(o)
	s = l.service()
	l.anchor(s)
	proof, err = s.DisclosureProof(t.Context(), prosecutor, d.ID)
	l.check(err)
	if report := verify(proof, bundle.OK); len(report.Register.Witnesses) != 1 {
		t.Errorf("register %+v", report.Register)
	}
}

// TestWithholdingEntriesIsRefused names entries that must be shown, or are none.
func TestWithholdingEntriesIsRefused(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c, other := l.openCase(s), l.openCase(s)
	in := l.openIntake(s, c)
	l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	byIndex := func(index int64) disclose.WithholdEntry { return disclose.WithholdEntry{Index: &index, Reason: "x"} }
	find := func(act evidence.Act) disclose.WithholdEntry {
		for _, e := range l.log(s, c.ID) {
			if e.Entry.Act == act {
				return byIndex(e.Index)
			}
		}
		t.Fatalf("no entry %s", act)
		return disclose.WithholdEntry{}
	}
	free := find(evidence.ActIntakeOpened)
	elsewhere := l.log(s, other.ID)[0].Entry.ID
	for _, tc := range []struct {
		name    string
		entries []disclose.WithholdEntry
		words   string
	}{
		{"the roster", []disclose.WithholdEntry{byIndex(0)}, "who signed the others"},
		{"the opening", []disclose.WithholdEntry{find(evidence.ActOpened)}, "who signed the others"},
		{"a member", []disclose.WithholdEntry{find(evidence.ActMemberAdded)}, "whether they were allowed to"},
		{"a receipt", []disclose.WithholdEntry{find(evidence.ActReceived)}, "withhold the exhibit"},
		{"a sealing", []disclose.WithholdEntry{find(evidence.ActSealed)}, "withhold the exhibit"},
		{"an index too high", []disclose.WithholdEntry{byIndex(1000)}, "has no entry 1000"},
		{"an index too low", []disclose.WithholdEntry{byIndex(-1)}, "has no entry -1"},
		{"an entry of another case", []disclose.WithholdEntry{{Entry: elsewhere, Reason: "x"}}, "not an entry of this case"},
		{"an entry that is none", []disclose.WithholdEntry{{Entry: newID[evidence.EntryID](t), Reason: "x"}}, "not an entry of this case"},
		{"nothing named", []disclose.WithholdEntry{{Reason: "x"}}, "give one of them"},
		{"no reason", []disclose.WithholdEntry{{Index: free.Index}}, "reason"},
		{"twice", []disclose.WithholdEntry{free, free}, "withheld twice"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := disclosureOf(t, c)
			r.Entries = tc.entries
			_, err := s.RequestDisclosure(t.Context(), prosecutor, r)
			wantCode(t, err, evidence.Invalid)
			if !strings.Contains(evidence.MessageOf(err), tc.words) {
				t.Errorf("the message is %q, want %q", evidence.MessageOf(err), tc.words)
			}
		})
	}
	r := disclosureOf(t, c)
	r.Entries = make([]disclose.WithholdEntry, 1001)
	for i := range r.Entries {
		r.Entries[i] = byIndex(int64(i))
	}
	_, err := s.RequestDisclosure(t.Context(), prosecutor, r)
	wantCode(t, err, evidence.TooLarge)
}
