package custody_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/disclose"
)

func disclosureOf(t testing.TB, c evidence.Case) disclose.Request {
	return disclose.Request{
		ID: newID[evidence.DisclosureID](t), Case: c.ID, Title: "For the defence", Recipient: "Kanzlei Muster", Purpose: "StPO 147",
	}
}

func readAll(t testing.TB, r io.ReadCloser, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestDisclosure(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	var items []evidence.Item
	for i := range 6 {
		items = append(items, l.bring(s, in, evidence.FileName(fmt.Sprintf("../file %d\xff", i)), randomBytes(1000*i, byte8(i))))
	}
	r := disclosureOf(t, c)
	_, err := s.RequestDisclosure(t.Context(), prosecutor, r)
	wantCode(t, err, evidence.Conflict)
	if !strings.Contains(evidence.MessageOf(err), "E-00003") {
		t.Errorf("the message does not name what is not sealed: %v", err)
	}
	_, err = s.Quarantine(t.Context(), worker, items[4], evidence.Sum(nil), 0)
	l.check(err)
	l.sealAll(s, in)
	r.Withheld = []evidence.Withheld{{Item: items[1].ID, Reason: "privileged"}}
	d, err := s.RequestDisclosure(t.Context(), prosecutor, r)
	l.check(err)
	if d.Items != 4 || len(d.Withheld) != 2 {
		t.Errorf("disclosure %+v", d)
	}
	l.bring(s, in, "late", []byte("what comes later is not in it"))
	_, _, err = openBundle(t.Context(), s, prosecutor, d.ID, 0, -1)
	wantCode(t, err, evidence.Conflict)

	var last disclose.Progress
	for range 2 { // retried activities, in new processes
		d, err = l.service().WriteBundle(t.Context(), worker, d.ID, func(p disclose.Progress) { last = p })
		l.check(err)
	}
	if last.Items != 4 || last.OfItems != 4 || last.Bytes != last.OfBytes {
		t.Errorf("progress ended at %+v", last)
	}
	for range 2 {
		d, err = l.service().FinishDisclosure(t.Context(), worker, d.ID)
		l.check(err)
	}
	if d.State != evidence.DisclosureReady {
		t.Errorf("state %s", d.State)
	}
	l.check(s.FailDisclosure(t.Context(), worker, d.ID, "too late to fail"))

	body, fetched, err := openBundle(t.Context(), s, prosecutor, d.ID, 0, -1)
	data := readAll(t, body, err)
	proof, err := s.DisclosureProof(t.Context(), prosecutor, d.ID)
	l.check(err)
	keys, err := s.Keys(t.Context())
	l.check(err)
	report, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), keys, bundle.Options{Proof: proof})
	l.check(err)
	if report.Outcome != bundle.OK || !report.Disclosure.Logged || report.Counts.Items != 4 || report.Counts.Withheld != 2 {
		t.Errorf("report %+v", report)
	}
	if fetched.State != evidence.DisclosureReady || report.Digest != d.Digest || report.Length != d.Length {
		t.Errorf("the bundle is not what the disclosure says: %+v", d)
	}
	acts := l.acts(s, c.ID)
	if acts[evidence.ActDisclosed] != 1 || acts[evidence.ActFetched] != 1 {
		t.Errorf("acts %v", acts)
	}
	body, _, err = openBundle(t.Context(), s, prosecutor, d.ID, 1, -1)
	if rest := readAll(t, body, err); !bytes.Equal(rest, data[1:]) {
		t.Errorf("got %d bytes of a part", len(rest))
	}
	log := l.log(s, c.ID)
	if e := log[len(log)-1].Entry; e.Act != evidence.ActFetched || e.Details["offset"] != "1" {
		t.Errorf("who takes all but the first byte leaves %+v", e)
	}
	if versions, unfinished := l.stored(l.objects.Buckets().Bundles, "cases/"); versions != 2 || unfinished != 0 {
		t.Errorf("%d versions, %d multiparts; want bundle and proof", versions, unfinished)
	}
	list, err := s.Disclosures(t.Context(), examiner, c.ID)
	if err != nil || len(list) != 1 || list[0].State != evidence.DisclosureReady {
		t.Errorf("%+v, %v", list, err)
	}
}

func byte8(i int) uint64 { return uint64(i + 1) }

func TestDisclosureIsRefused(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	for _, tc := range []struct {
		name   string
		change func(*disclose.Request)
	}{
		{"no recipient", func(r *disclose.Request) { r.Recipient = "" }},
		{"no purpose", func(r *disclose.Request) { r.Purpose = " " }},
		{"an exhibit of another case", func(r *disclose.Request) {
			r.Withheld = []evidence.Withheld{{Item: newID[evidence.ItemID](t), Reason: "x"}}
		}},
		{"withheld without a reason", func(r *disclose.Request) { r.Withheld = []evidence.Withheld{{Item: it.ID}} }},
		{"withheld twice", func(r *disclose.Request) {
			r.Withheld = []evidence.Withheld{{Item: it.ID, Reason: "a"}, {Item: it.ID, Reason: "b"}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := disclosureOf(t, c)
			tc.change(&r)
			_, err := s.RequestDisclosure(t.Context(), prosecutor, r)
			wantCode(t, err, evidence.Invalid)
		})
	}
	long := disclosureOf(t, c)
	for range 100_000 {
		long.Withheld = append(long.Withheld, evidence.Withheld{Item: newID[evidence.ItemID](t), Reason: strings.Repeat("x", 40)})
	}
	begun := time.Now()
	_, err := s.RequestDisclosure(t.Context(), prosecutor, long)
	wantCode(t, err, evidence.Invalid) // they are not of this case
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("refusing a long list took %s", took)
	}
	for i := range long.Withheld {
		long.Withheld[i].Reason = strings.Repeat("x", 100)
	}
	_, err = s.RequestDisclosure(t.Context(), prosecutor, long)
	wantCode(t, err, evidence.TooLarge)

	d, err := s.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	l.check(err)
	it, err = s.Item(t.Context(), prosecutor, it.ID)
	l.check(err)
	l.rewriteItem(it, it.Data.Version, l.overwrite(it, []byte("y")))
	_, err = s.WriteBundle(t.Context(), worker, d.ID, nil)
	wantCode(t, err, evidence.Tampered)
	if versions, unfinished := l.stored(l.objects.Buckets().Bundles, "cases/"); versions != 0 || unfinished != 0 {
		t.Errorf("%d versions, %d multiparts of a bundle that must not be", versions, unfinished)
	}
	l.check(s.FailDisclosure(t.Context(), worker, d.ID, "evidence is not what was sealed"))
	d, err = s.Disclosure(t.Context(), prosecutor, d.ID)
	if err != nil || d.State != evidence.DisclosureFailed || d.Failure == "" {
		t.Errorf("%+v, %v", d, err)
	}
}
