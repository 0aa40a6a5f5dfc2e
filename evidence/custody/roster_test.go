package custody_test

import (
	"context"
	"slices"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/custody"
)

// look has somebody read a byte of an item, which is an act.
func look(ctx context.Context, s *custody.Service, actor evidence.Actor, id evidence.ItemID) error {
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
	for name, steward := range map[string]custody.Steward{
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

// TestAFalseTileOnlyRefuses: who can write to the registry can falsify what is
// kept of a full tile. That somebody has a key, where Vault says otherwise, gets
// no act of theirs on record; that nobody has one costs a roster.
func TestAFalseTileOnlyRefuses(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string
		want           evidence.Code
	}{
		{"a thief's key", "", "", evidence.UntrustedKey},
		{"nobody's keys", `"people":`, `"people_":`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			s := l.service()
			c := l.openCase(s)
			in := l.openIntake(s, c)
			it := l.bring(s, in, "x", []byte("x"))
			_, err := s.Record(t.Context(), entriesOf(c.ID, 300)...)
			l.check(err)
			actor := investigator
			if tc.old == "" {
				thief := personKey("p-investigator-of-another-house")
				keys, err := investigator.Signer.PublicKeys(t.Context())
				l.check(err)
				actor.Signer = renamed{thief, keys[0].Name}
				stolen, err := actor.Signer.PublicKeys(t.Context())
				l.check(err)
				tc.old, tc.new = keys[0].ID(), stolen[0].ID()
			}
			l.rewriteTile(c.ID, tc.old, tc.new)
			wantCode(t, look(t.Context(), l.service(), actor, it.ID), tc.want)
			l.checkSigned(l.service(), c.ID, l.firstKeys()...)
		})
	}
}

// renamed is a key under another name.
type renamed struct {
	evidence.Signer
	name string
}

// Sign implements evidence.Signer.
func (r renamed) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	signed, err := r.Signer.Sign(ctx, messages...)
	for i := range signed {
		signed[i].Key.Name = r.name
	}
	return signed, err
}

// PublicKeys implements evidence.Signer.
func (r renamed) PublicKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	keys, err := r.Signer.PublicKeys(ctx)
	for i := range keys {
		keys[i].Name = r.name
	}
	return keys, err
}

// rewriteTile changes what the registry keeps of the first tile of a log.
func (l *lab) rewriteTile(c evidence.CaseID, old, replacement string) {
	l.t.Helper()
	l.rewrite("tiles", string(c)+"/000000000", old, replacement)
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
