package custody_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/rebuild"
	"github.com/sealcase/sealcase/evidence/registry"
)

// impossible is an exhibit number that canonical JSON can say and nobody can
// count to.
const impossible = 1<<53 - 1

// plantReceipts puts n unsigned receipts of an exhibit at the end of the log, as
// INSERTs of the database's role do.
func (m *malice) plantReceipts(n, exhibit int) {
	m.t.Helper()
	e := m.entry(3).Entry
	e.Act, e.Item, e.Exhibit, e.Signature, e.Details = evidence.ActReceived, newID[evidence.ItemID](m.t), exhibit, nil, nil
	end := int64(len(m.log(m.running, m.c.ID)))
	var docs []bson.D
	for index := end; index < end+int64(n); index++ {
		e.ID = newID[evidence.EntryID](m.t)
		raw, err := canon.Marshal(e)
		m.check(err)
		docs = append(docs, bson.D{
			{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, index)}, {Key: "part", Value: fmt.Sprintf("%s/%09d", m.c.ID, index/256)},
			{Key: "entry", Value: string(e.ID)}, {Key: "item", Value: string(e.Item)}, {Key: "tells", Value: fmt.Sprintf("%s/%06d", m.c.ID, (exhibit-1)/64)},
			{Key: "n", Value: index}, {Key: "raw", Value: raw},
		})
	}
	_, err := m.db.Collection("entries").InsertMany(m.t.Context(), docs)
	m.check(err)
}

// auditsInTime is an audit that must end soon.
func (m *malice) auditsInTime() string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 30*time.Second)
	defer cancel()
	var found []evidence.Alarm
	_, err := m.auditor(m.service()).Run(ctx, audit.Progress{}, func(_ context.Context, some []evidence.Alarm) error {
		found = append(found, some...)
		return nil
	}, nil)
	m.check(err)
	return alarms(found)
}

// rebuildsInTime is a rebuild that must end soon; it says what its problems are.
func (m *malice) rebuildsInTime() string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 30*time.Second)
	defer cancel()
	fresh, err := registry.Open(ctx, registry.Config{URI: m.uri, Database: m.database + "-again", Patience: time.Second})
	m.check(err)
	defer func() {
		m.check(m.admins().Client().Database(m.database + "-again").Drop(context.WithoutCancel(ctx)))
		m.check(fresh.Close(context.WithoutCancel(ctx)))
	}()
	m.check(fresh.Bootstrap(ctx))
	report, err := rebuild.Run(ctx, rebuild.Config{Registry: fresh, Objects: m.objects, Mirror: m.mirror, Keys: m.agencyKeys(), Origin: origin})
	m.check(err)
	said := ""
	for _, p := range report.Problems {
		said += p.What + "; "
	}
	return said
}

// TestMalicePlantsANumber: no number in an entry that nobody signed has an audit
// go on for ever, and the cases behind it are compared.
func TestMalicePlantsANumber(t *testing.T) {
	m := newMalice(t)
	for range 3 { // before and behind it
		c := m.openCase(m.running)
		m.mirrored(m.running)
		m.rewriteBody("cases", fmt.Sprintf("%s/%06d", c.ID, 1), `"title":"`, `"title":"Not `)
	}
	m.plantReceipts(1, impossible)
	sees(t, "Plant a receipt of an exhibit that cannot be", map[string]detector{"an audit": func() string {
		said := m.auditsInTime()
		if !saysIt(said, "version 1 of the case…version 1 of the case…version 1 of the case") {
			t.Errorf("not every case was compared: %s", said)
		}
		return m.inOrder(said)
	}, "a rebuild": m.rebuildsInTime})
}

// inOrder puts what is said of entries first: which case comes first is by chance.
func (m *malice) inOrder(said string) string {
	if i := strings.Index(said, "entry: "); i > 0 {
		return said[i:] + "; " + said[:i]
	}
	return said
}

// TestMaliceSignsANumber: neither does one that is signed.
func TestMaliceSignsANumber(t *testing.T) {
	m := newMalice(t)
	e, err := m.running.Now(m.c.ID, evidence.ActReceived)
	m.check(err)
	e.AboutItem(m.items[0])
	e.Item, e.Exhibit = newID[evidence.ItemID](t), impossible
	_, err = m.running.Append(t.Context(), e)
	m.check(err)
	_, err = m.running.Checkpoint(t.Context(), worker, m.c.ID)
	m.check(err)
	m.mirrored(m.running)
	sees(t, "Plant a receipt of an exhibit that cannot be, signed with the stolen worker key", map[string]detector{
		"an audit": m.auditsInTime, "a rebuild": m.rebuildsInTime,
	})
}

func TestMalicePlantsHundredsOfEntries(t *testing.T) {
	m := newMalice(t)
	m.plantReceipts(700, 4)
	sees(t, "Plant hundreds of entries", map[string]detector{"an audit": m.auditsInTime})
}

func TestMalicePlantsHundredsOfObjects(t *testing.T) {
	m := newMalice(t)
	for range 150 {
		m.putThere(m.objects.Buckets().Evidence, string(m.c.ID)+"/"+string(newID[evidence.ItemID](t))+"/data", "x")
	}
	sees(t, "Plant hundreds of objects", map[string]detector{"an audit": m.auditsInTime})
}

func TestMalicePlantsAnItemFarBehind(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	it.ID, it.Exhibit, it.Version = newID[evidence.ItemID](t), 900_000, 1
	_, err := m.registry.AddItem(t.Context(), it)
	m.check(err)
	sees(t, "Plant an item far behind the others", map[string]detector{"an audit": m.auditsInTime})
}

// TestMaliceMakesAnEntryUnreadable: one bad document costs its own finding.
func TestMaliceMakesAnEntryUnreadable(t *testing.T) {
	m := newMalice(t)
	m.put(2, []byte("{"))
	m.rewrite(5, func(e *evidence.Entry) { e.Purpose = "another" })
	sees(t, "Make an entry unreadable, and change another behind it", map[string]detector{"an audit": m.auditsInTime})
}

func TestMalicePlantsAKeyThatIsNoText(t *testing.T) {
	m := newMalice(t)
	for _, collection := range []string{"entries", "items"} {
		_, err := m.db.Collection(collection).InsertOne(t.Context(), bson.D{{Key: "_id", Value: 7}, {Key: "part", Value: 7}, {Key: "entry", Value: "7"}, {Key: "item", Value: "7"}})
		m.check(err)
	}
	sees(t, "Plant an entry whose key is no text", map[string]detector{"an audit": m.auditsInTime})
}
