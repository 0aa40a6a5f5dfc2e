package custody_test

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/clerk"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// look has somebody read a byte of an item, which is an act.
func look(ctx context.Context, s *process, actor evidence.Actor, id evidence.ItemID) error {
	r, _, err := openEvidence(ctx, s, actor, id, "a look", 0, 1)
	if err == nil {
		r.Close()
	}
	return err
}

// TestFirstActOfSomebodyNew: who had no key when they became a member gets a
// roster with the first act, which the API has the worker put on record.
func TestFirstActOfSomebodyNew(t *testing.T) {
	l := newLab(t)
	w := l.service()
	api := l.apiService(w)
	newcomer := person("p-newcomer", evidence.Investigator)
	l.people.set(newcomer.ID, nil)
	c := l.openCase(w, newcomer)
	in := l.openIntake(api, c)
	it := l.bring(api, in, "x", []byte("x"))
	wantCode(t, look(t.Context(), api, newcomer, it.ID), evidence.UntrustedKey) // Vault knows of no such key
	l.people.set(newcomer.ID, newcomer.Signer)
	before := l.acts(w, c.ID)[evidence.ActRoster]
	group, ctx := errgroup.WithContext(t.Context())
	for range 4 { // at once
		group.Go(func() error { return look(ctx, api, newcomer, it.ID) })
	}
	l.check(group.Wait())
	l.check(look(t.Context(), l.apiService(w), newcomer, it.ID)) // another process
	log := l.checkSigned(w, c.ID, l.firstKeys()...)
	after := l.acts(w, c.ID)[evidence.ActRoster]
	if after <= before || after > before+4 {
		t.Errorf("%d rosters, %d before", after, before)
	}
	for _, e := range slices.Backward(log) {
		if e.Entry.Act == evidence.ActRoster {
			people, _, err := attest.ReadRoster(e.Entry.Details)
			if err != nil || len(people) != 1 || people[0].Name != newcomer.Name || len(people[0].Keys) != 1 {
				t.Errorf("the roster says %+v, %v", people, err)
			}
			break
		}
	}
}

// TestNoStewardNoAct: where no worker can be asked, somebody new cannot act, and
// those whom the log knows can.
func TestNoStewardNoAct(t *testing.T) {
	l := newLab(t)
	w := l.service()
	newcomer := person("p-newcomer", evidence.Investigator)
	l.people.set(newcomer.ID, nil)
	c := l.openCase(w, newcomer)
	in := l.openIntake(w, c)
	it := l.bring(w, in, "x", []byte("x"))
	l.people.set(newcomer.ID, newcomer.Signer)
	sub := *l
	sub.config.Worker, sub.config.WorkerKeys = nil, l.keys.worker
	for name, steward := range map[string]clerk.Steward{
		"none": nil,
		"away": func(context.Context, evidence.CaseID, evidence.PersonID) error {
			return evidence.Errorf(evidence.Unavailable, "nobody answers")
		},
		"lying": func(context.Context, evidence.CaseID, evidence.PersonID) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			sub := sub.with(t)
			sub.config.Steward = steward
			api := sub.service()
			want := evidence.Unavailable
			if name == "lying" {
				want = evidence.UntrustedKey
			}
			wantCode(t, look(t.Context(), api, newcomer, it.ID), want)
			l.check(look(t.Context(), api, investigator, it.ID))
		})
	}
	for _, e := range l.log(w, c.ID) {
		if e.Entry.Actor.ID == newcomer.ID {
			t.Errorf("entry %d is an act of somebody whom the log does not know", e.Index)
		}
	}
}

// TestAFalseSnapshotIsNotUsed: who can write to the registry can put a snapshot
// there in which anybody is a member. A process that begins with it does not
// believe it, nor a genuine one of another log or another size, and reads all
// entries instead.
func TestAFalseSnapshotIsNotUsed(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c, other := l.openCase(s), l.openCase(s, stranger)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	for _, id := range []evidence.CaseID{c.ID, other.ID} {
		_, err := s.Append(t.Context(), entriesOf(id, 17*ledger.TileSize)...)
		l.check(err)
		_, err = s.Checkpoint(t.Context(), worker, id)
		l.check(err)
	}
	snapshots := l.admins().Collection("snapshots")
	var genuine, foreign map[string]any
	l.check(snapshots.FindOne(t.Context(), bson.D{{Key: "_id", Value: bson.D{{Key: "$regex", Value: "^" + string(c.ID)}}}}).Decode(&genuine))
	l.check(snapshots.FindOne(t.Context(), bson.D{{Key: "_id", Value: bson.D{{Key: "$regex", Value: "^" + string(other.ID)}}}}).Decode(&foreign))
	var kept struct {
		Size  int64  `json:"size"`
		State []byte `json:"state"`
		Key   string `json:"key"`
		Sig   []byte `json:"sig"`
	}
	l.check(json.Unmarshal([]byte(genuine["body"].(string)), &kept))
	forged := kept
	forged.State = bytes.ReplaceAll(kept.State, []byte(prosecutor.ID), []byte(stranger.ID))
	body, err := json.Marshal(forged)
	l.check(err)
	wider := kept
	wider.Size++
	longer, err := json.Marshal(wider)
	l.check(err)
	for name, body := range map[string]string{
		"a member made up": string(body), "of another log": foreign["body"].(string), "of another size": string(longer), "no JSON": "{",
	} {
		t.Run(name, func(t *testing.T) {
			l := l.with(t)
			l.set("snapshots", genuine["_id"].(string), func(d map[string]any) { d["body"] = body })
			fresh := l.service()
			_, err := fresh.Item(t.Context(), stranger, it.ID)
			wantCode(t, err, evidence.NotFound)
			_, err = fresh.Item(t.Context(), prosecutor, it.ID)
			l.check(err)
		})
	}
}

// rewrite changes the body of a document.
func (l *lab) rewrite(collection, id, old, replacement string) {
	l.t.Helper()
	var doc struct {
		Body string `bson:"body"`
	}
	documents := l.admins().Collection(collection)
	l.check(documents.FindOne(l.t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&doc))
	body := replaced(l.t, doc.Body, old, replacement)
	_, err := documents.UpdateOne(l.t.Context(), bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "body", Value: body}}}})
	l.check(err)
}
