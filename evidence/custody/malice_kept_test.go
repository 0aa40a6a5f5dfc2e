package custody_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// itemOf returns how an item is shown: its state, or why it is not.
func itemOf(ctx context.Context, s *process, it evidence.Item) string {
	got, err := s.Item(ctx, examiner, it.ID)
	if err != nil {
		return said(err)
	}
	return string(got.State)
}

// listedItem returns how an item stands in the list; "" where it does not.
func listedItem(t *testing.T, s *process, it evidence.Item) string {
	t.Helper()
	page, err := s.Items(t.Context(), examiner, it.Case, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range page.Items {
		if o.ID == it.ID {
			return string(o.State)
		}
	}
	return ""
}

// TestMaliceHidesAnEntryOfAnItem: whoever keeps back the entry that seals an
// exhibit, or that says what it is, has it not shown, and not as it was before.
func TestMaliceHidesAnEntryOfAnItem(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Act == evidence.ActSealed && e.Entry.Item == it.ID {
			m.set("entries", fmt.Sprintf("%s/%012d", m.c.ID, e.Index), func(d map[string]any) { delete(d, "item") })
		}
	}
	newest := fmt.Sprintf("%s/%08d/%04d", it.Case, it.Exhibit, it.Version)
	m.drop("items", newest)
	sees(t, "Keep back the entry that seals an exhibit, with its record", map[string]detector{
		"whoever looks at it, in a running process": func() string { return itemOf(t.Context(), m.running, it) },
		"whoever looks at it, in a new process":     func() string { return itemOf(t.Context(), m.service(), it) },
		"whoever lists the exhibits":                func() string { return listedItem(t, m.running, it) },
		"an audit": func() string {
			found, _ := m.audit(m.service())
			return alarms(found)
		},
	})
}

// TestMaliceMisfilesWhatTellsOfAnItem: lists read the entries about exhibits by the
// tile that they are filed under. One that is taken from there is found by the exhibit,
// and an entry that was never recorded changes nothing.
func TestMaliceMisfilesWhatTellsOfAnItem(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	tells := fmt.Sprintf("%s/%06d", m.c.ID, 0)
	var planted evidence.Entry
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Act != evidence.ActSealed || e.Entry.Item != it.ID {
			continue
		}
		planted = e.Entry
		m.set("entries", fmt.Sprintf("%s/%012d", m.c.ID, e.Index), func(d map[string]any) {
			if d["tells"] != tells {
				t.Errorf("it is filed under %v", d["tells"])
			}
			delete(d, "tells")
		})
	}
	planted.ID, planted.Act = evidence.Derive[evidence.EntryID]("planted"), evidence.ActQuarantined
	m.plantEntry(1<<20, planted)
	m.set("entries", fmt.Sprintf("%s/%012d", m.c.ID, 1<<20), func(d map[string]any) { d["tells"] = tells })
	for name, s := range map[string]*process{"running": m.running, "new": m.service()} {
		if got := listedItem(t, s, it); got != string(evidence.ItemSealed) {
			t.Errorf("a %s process lists it as %q", name, got)
		}
	}
	m.finds("under keys that are not its own")
}

// TestMaliceHidesAVersionOfAnItem: an item that a process remembers is not shown as
// it was when the record of what came of it is taken away.
func TestMaliceHidesAVersionOfAnItem(t *testing.T) {
	l := newLab(t)
	s, other := l.service(), l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "a", []byte("a"))
	if got := listedItem(t, s, it); got != string(evidence.ItemReceived) {
		t.Fatalf("it is %q", got)
	}
	sealed := l.sealAll(other, in)[0]
	l.drop("items", fmt.Sprintf("%s/%08d/%04d", c.ID, it.Exhibit, sealed.Version))
	if got := listedItem(t, s, it); got != string(evidence.ItemSealed) {
		t.Errorf("it is shown as %q, and it is sealed", got)
	}
}

// finds runs an audit and wants an alarm with these words, and one with each of the
// others.
func (m *malice) finds(words ...string) {
	m.t.Helper()
	found, _ := m.audit(m.service())
	for _, w := range words {
		if !slices.ContainsFunc(found, func(a evidence.Alarm) bool { return strings.Contains(a.What, w) }) {
			m.t.Errorf("no alarm says %q: %s", w, alarms(found))
		}
	}
	if len(words) == 0 && len(found) > 0 {
		m.t.Errorf("found %s", alarms(found))
	}
}

// TestAuditComparesWhatIsKeptBesideALog: tiles, snapshots, heads and used tickets
// that say something else than the entries are alarms, and those that are right are
// none.
func TestAuditComparesWhatIsKeptBesideALog(t *testing.T) {
	m := newMalice(t)
	for range 17 {
		m.grow(256)
	}
	m.check(look(t.Context(), m.running, examiner, m.items[0].ID))
	_ = m.content(m.running, m.items[0].ID)
	_, err := m.running.Checkpoint(t.Context(), worker, m.c.ID)
	m.check(err)
	m.mirrored(m.running)
	_, err = m.running.PublishHeads(t.Context(), worker)
	m.check(err)
	m.finds()
	snapshot := m.documents("snapshots", string(m.c.ID))[0]
	kept := snapshot[0].Value.(string)
	body := valueOf(snapshot, "body").(string)
	tile := fmt.Sprintf("%s/%09d", m.c.ID, 3)
	heads := m.documents("checkpoints", string(m.c.ID))
	early, earlyText := heads[2][0].Value.(string), valueOf(heads[2], "body").(string)
	ticket := m.documents("redemptions", "")[0]
	admins := m.admins()
	for _, tc := range []struct {
		name string
		do   func()
		undo func()
		says []string
	}{
		{
			"a snapshot that nobody signed", func() {
				m.set("snapshots", kept, func(d map[string]any) { d["body"] = strings.Replace(body, `"sig":"`, `"sig":"AAAA`, 1) })
			},
			func() { m.setBody("snapshots", kept, body) }, []string{"the registry's snapshot of the log at", "is not signed by our key for this log"},
		},
		{
			"a snapshot that the stolen key signed", func() { m.setBody("snapshots", kept, m.lyingSnapshot(body)) },
			func() { m.setBody("snapshots", kept, body) }, []string{"is signed by our key, and says something else than the entries"},
		},
		{
			"a snapshot of more entries than there are", func() {
				m.insert("snapshots", bson.D{{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, 1<<40)}, {Key: "part", Value: fmt.Sprintf("%s/%09d", m.c.ID, (1<<40)>>12)}, {Key: "n", Value: int64(1 << 40)}, {Key: "body", Value: body}})
			},
			func() { m.drop("snapshots", fmt.Sprintf("%s/%012d", m.c.ID, 1<<40)) }, []string{"a snapshot of the log", "of 1099511627776 entries"},
		},
		{
			"another tile", func() {
				m.set("tiles", tile, func(d map[string]any) { d["body"] = fmt.Sprintf(`{"root":"%064x"}`, 7) })
			},
			func() {
				m.drop("tiles", tile)
				m.check(m.registry.AddTile(t.Context(), m.c.ID, 3, fmt.Appendf(nil, `{"root":%q}`, m.tileRoot(3))))
			}, []string{"the registry's tile of the entries 768 to 1023 is not that of the entries"},
		},
		{
			"an early head that is gone", func() { m.drop("checkpoints", early) },
			func() { m.insert("checkpoints", heads[2]) }, []string{"the registry lacks the head of"},
		},
		{
			"an early head that nobody signed", func() { m.setBody("checkpoints", early, strings.Replace(earlyText, "\n\n—", "\nx\n\n—", 1)) },
			func() { m.setBody("checkpoints", early, earlyText) }, []string{"is not signed by our key: it is not used"},
		},
		{
			"a head under keys that are not its own", func() { m.set("checkpoints", early, func(d map[string]any) { d["part"] = "elsewhere" }) },
			func() { m.drop("checkpoints", early); m.insert("checkpoints", heads[2]) }, []string{"a head of the log", "kept under keys that are not its own"},
		},
		{
			"a ticket that nobody got", func() {
				m.insert("redemptions", bson.D{{Key: "_id", Value: string(evidence.Derive[evidence.EntryID]("no read"))}, {Key: "body", Value: "x"}})
			},
			func() { m.drop("redemptions", string(evidence.Derive[evidence.EntryID]("no read"))) }, []string{"was used, and no read on record gave it"},
		},
		{
			"a ticket that is none", func() { m.insert("redemptions", bson.D{{Key: "_id", Value: "once"}, {Key: "body", Value: "x"}}) },
			func() { m.drop("redemptions", "once") }, []string{"which is no ticket"},
		},
		{
			"an entry under another identifier", func() {
				m.set("entries", fmt.Sprintf("%s/%012d", m.c.ID, 9), func(d map[string]any) { d["entry"] = string(evidence.Derive[evidence.EntryID]("another")) })
			},
			nil, []string{"the registry keeps entry 9 under keys that are not its own"},
		},
	} {
		t.Log(tc.name)
		tc.do()
		m.finds(tc.says...)
		if tc.undo != nil {
			tc.undo()
		}
	}
	if n, err := admins.Collection("redemptions").CountDocuments(t.Context(), bson.D{}); err != nil || n == 0 || ticket == nil {
		t.Errorf("%d tickets, %v", n, err)
	}
}

// insert writes a document.
func (m *malice) insert(collection string, d bson.D) {
	m.t.Helper()
	_, err := m.admins().Collection(collection).InsertOne(m.t.Context(), d)
	m.check(err)
}

// tileRoot returns the root of a full tile of the case's log.
func (m *malice) tileRoot(tile int64) string {
	m.t.Helper()
	list, err := m.registry.Entries(m.t.Context(), m.c.ID, tile)
	m.check(err)
	var leaves []ledger.Hash
	for _, e := range list {
		leaves = append(leaves, ledger.LeafHash(e.Raw))
	}
	root, err := ledger.TileRoot(leaves)
	m.check(err)
	return root.String()
}

// lyingSnapshot returns a snapshot in which a stranger is a member, signed with the
// key of heads.
func (m *malice) lyingSnapshot(genuine string) string {
	m.t.Helper()
	var s state.Kept
	m.check(json.Unmarshal([]byte(genuine), &s))
	var c state.Case
	m.check(json.Unmarshal(s.State, &c))
	c.Members = append(c.Members, evidence.Member{Case: m.c.ID, Person: stranger.ID, Login: "x", Name: "x", Version: 1, Grant: evidence.GrantManage, AddedAt: c.LastAt, AddedBy: investigator.ID})
	var err error
	s.State, err = json.Marshal(&c)
	m.check(err)
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, m.c.ID), Size: s.Size}
	var tree ledger.Tree
	for _, e := range m.log(m.running, m.c.ID)[:s.Size] {
		tree.Append(ledger.LeafHash(e.Raw))
	}
	cp.Root = tree.Root()
	signed, err := m.keys.log.Sign(m.t.Context(), state.KeptText(state.Version, cp, s.State))
	m.check(err)
	s.Signature = signed[0].Bytes
	text, err := json.Marshal(s)
	m.check(err)
	return string(text)
}

// TestAuditComparesEveryVersion: a record below the newest, one that is filed under
// another key, and a copy of one are alarms too.
func TestAuditComparesEveryVersion(t *testing.T) {
	a := newBothCases(t)
	it, d := a.here.items[0], string(a.here.disclosures[0])
	first := fmt.Sprintf("%s/%08d/%04d", it.Case, it.Exhibit, 1)
	alarm := a.documents("alarms", "")[0]
	copied := slices.Clone(alarm)
	copied[0].Value = strings.TrimSuffix(alarm[0].Value.(string), "1") + "2"
	a.rewriteBody("items", first, `"state":"received"`, `"state":"quarantined"`)
	a.set("disclosures", d+"/0002", func(row map[string]any) { row["disclosure"] = string(a.here.disclosures[1]) })
	a.rewriteBody("disclosures", string(a.here.disclosures[1])+"/0001", `"length":0`, `"length":1`)
	a.insert("alarms", copied)
	a.finds("the registry's record of version 1 of "+exhibitName(it), "the registry's record of the bundle "+d+", version 2, cannot be read, or is not its own",
		string(a.here.disclosures[1])+", version 1, has another bundle than one that is requested can have", copied[0].Value.(string)+", cannot be read")
}

// exhibitName names an exhibit as alarms do.
func exhibitName(it evidence.Item) string { return fmt.Sprintf("E-%05d", it.Exhibit) }
