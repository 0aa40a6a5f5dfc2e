package state_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// request asks for a bundle of a case with an exhibit.
func (s *story) request(id evidence.DisclosureID, withhold ...act.Withholding) evidence.Entry {
	s.t.Helper()
	p, err := act.Request{
		Disclosure: id, Title: "For the defence", Recipient: "Counsel", Exhibits: []act.Withholding{{Numbers: evidence.RunsOf([]int64{1}), Reason: "privileged"}},
		Entries: withhold, With: evidence.RunsOf([]int64{2, 3}), LogSize: 4, Highest: 1,
	}.Payload()
	if err != nil {
		s.t.Fatal(err)
	}
	e := s.entry(paula, p, func(e *evidence.Entry) { e.Purpose = "discovery" })
	s.take(e)
	return e
}

// TestDisclosure: a bundle stands on a head that has its request, and no exhibit
// that came in after it.
func TestDisclosure(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.receive("intake-one", 1)
	asked := s.request("d1", act.Withholding{Numbers: evidence.RunsOf([]int64{7}), Reason: "informant"}, act.Withholding{Numbers: evidence.RunsOf([]int64{5}), Reason: "raid"})
	want := state.Disclosure{
		Disclosure: evidence.Disclosure{
			ID: "d1", Case: aCase, Version: 1, Title: "For the defence", Recipient: "Counsel", Purpose: "discovery", State: evidence.DisclosureRequested,
			Entries: []evidence.WithheldEntry{{Index: 5, Reason: "raid"}, {Index: 7, Reason: "informant"}}, By: "paula", RequestedAt: minute(2), At: minute(2),
		},
		Asked: asked.ID, Withhold: []act.Withholding{{Numbers: evidence.Runs{{First: 1, Last: 1}}, Reason: "privileged"}},
		With: evidence.Runs{{First: 2, Last: 3}}, Known: 4, Exhibits: 1, Index: 2,
	}
	got, ok := s.said.Disclosure("d1")
	same(t, "as it was asked for", want, got)
	if !ok || got.Covers(2) || !got.Covers(3) || !got.Covers(1000) {
		t.Errorf("a bundle can stand on 2: %t, 3: %t, 1000: %t", got.Covers(2), got.Covers(3), got.Covers(1000))
	}
	s.add(machine, act.Sealed{Intake: "intake-one"}, about(1)) // ends nothing
	s.request("d2")
	s.receive("intake-one", 2) // entry 5 ends both
	s.receive("intake-one", 3) // and this neither
	s.request("d3")
	for id, end := range map[evidence.DisclosureID]int64{"d1": 5, "d2": 5, "d3": 0} {
		d, _ := s.said.Disclosure(id)
		if d.End != end || !d.Covers(d.Index+1) || end > 0 && (!d.Covers(end) || d.Covers(end+1)) {
			t.Errorf("%s, asked for at %d, ends at %d, want %d", id, d.Index, d.End, end)
		}
	}
	made := act.Disclosed{
		Disclosure: "d1", Title: "For the defence", Recipient: "Counsel", TagDigest: evidence.Sum([]byte{1}), Digest: evidence.Sum([]byte{2}), Length: 99,
		LogSize: 5, Items: 1, Withheld: 1, Request: asked.ID, RequestedBy: "paula", Bucket: "bundles", Object: "o", Version: "v",
	}
	s.add(machine, made, nil)
	want.State, want.Version, want.At, want.End = evidence.DisclosureReady, 3, minute(8), 5
	want.Items, want.LogSize, want.Length, want.TagDigest, want.Digest, want.Bundle = 1, 5, 99, made.TagDigest, made.Digest, made.Bundle()
	got, _ = s.said.Disclosure("d1")
	same(t, "as it was made", want, got)
	if _, ok := s.said.Disclosure("d4"); ok || len(s.said.Disclosures) != 3 {
		t.Errorf("%d disclosures", len(s.said.Disclosures))
	}
}

// TestRequestOfMillions: a request that names more entries than anybody may is
// taken in as far as memory allows.
func TestRequestOfMillions(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.request("d1", act.Withholding{Numbers: evidence.Runs{{First: 0, Last: 99_999_999_999}}, Reason: "all"})
	if d, _ := s.said.Disclosure("d1"); len(d.Entries) != 10_000 || d.Entries[9_999].Index != 9_999 {
		t.Errorf("%d entries are withheld", len(d.Entries))
	}
}
