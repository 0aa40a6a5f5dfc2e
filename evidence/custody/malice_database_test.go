package custody_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/registry"
)

// rewrite puts other bytes in the place of an entry.
func (m *malice) rewrite(index int64, change func(e *evidence.Entry)) {
	m.t.Helper()
	e := m.entry(index).Entry
	change(&e)
	raw, err := canon.Marshal(e)
	m.check(err)
	m.put(index, raw)
}

func (m *malice) put(index int64, raw []byte) {
	m.t.Helper()
	done, err := m.db.Collection("entries").UpdateOne(m.t.Context(),
		bson.D{{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, index)}}, bson.D{{Key: "$set", Value: bson.D{{Key: "raw", Value: raw}}}})
	m.check(err)
	if done.ModifiedCount != 1 {
		m.t.Fatalf("%d entries were changed", done.ModifiedCount)
	}
}

// forget deletes documents.
func (m *malice) forget(collection string, list []bson.D) {
	m.t.Helper()
	for _, d := range list {
		_, err := m.db.Collection(collection).DeleteOne(m.t.Context(), bson.D{d[0]})
		m.check(err)
	}
}

// dump returns every document of the database.
func (m *malice) dump() map[string][]bson.D {
	m.t.Helper()
	all := map[string][]bson.D{}
	for name := range registry.EqualityFields() {
		all[name] = m.documents(name, "")
	}
	return all
}

// restore makes the database what a dump says.
func (m *malice) restore(dump map[string][]bson.D) {
	m.t.Helper()
	for name, was := range dump {
		now := m.documents(name, "")
		m.forget(name, slices.DeleteFunc(slices.Clone(now), func(d bson.D) bool { return holds(was, d) }))
		for _, d := range was {
			if !holds(now, d) {
				_, err := m.db.Collection(name).InsertOne(m.t.Context(), d)
				m.check(err)
			}
		}
	}
}

// holds reports whether a list has a document with the "_id" of d.
func holds(list []bson.D, d bson.D) bool {
	return slices.ContainsFunc(list, func(o bson.D) bool { return o[0].Value == d[0].Value })
}

// deleteCase deletes whatever names the case.
func (m *malice) deleteCase() {
	m.t.Helper()
	for name := range registry.EqualityFields() {
		m.forget(name, slices.DeleteFunc(m.documents(name, ""), func(d bson.D) bool {
			raw, err := bson.MarshalExtJSON(d, true, false)
			m.check(err)
			return !strings.Contains(string(raw), string(m.c.ID))
		}))
	}
}

// resign throws the tiles and the heads of the case's log away, and signs the
// head that its entries now have with the stolen key.
func (m *malice) resign() {
	m.t.Helper()
	m.forget("tiles", m.documents("tiles", string(m.c.ID)))
	m.forget("checkpoints", m.documents("checkpoints", string(m.c.ID)))
	var tree ledger.Tree
	for range m.documents("entries", string(m.c.ID)) {
		tree.Append(ledger.LeafHash(m.entry(tree.Size()).Raw))
	}
	note, err := ledger.SignCheckpoint(m.t.Context(),
		ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, m.c.ID), Size: tree.Size(), Root: tree.Root()}, m.config.Log)
	m.check(err)
	m.check(m.registry.AddCheckpoint(m.t.Context(), m.c.ID, tree.Size(), note))
}

// theProcesses are those that serve people: one that has read the log before
// the attack, and others that have not.
func (m *malice) theProcesses() map[string]detector {
	return map[string]detector{
		"a running process": m.looks(m.running), "a new process": m.looksAfresh, "a new process without the mirror": m.looksAlone,
		"an audit": m.audits,
	}
}

func TestMaliceEditsAnEntry(t *testing.T) {
	m := newMalice(t)
	m.rewrite(3, func(e *evidence.Entry) { e.Actor.Name = "Somebody else" })
	sees(t, "Edit an entry", m.theProcesses())
}

func TestMaliceDeletesTheLastTen(t *testing.T) {
	m := newMalice(t)
	list := m.documents("entries", string(m.c.ID))
	m.forget("entries", list[len(list)-10:])
	sees(t, "Delete the last ten entries", m.theProcesses())
}

func TestMaliceDeletesTheLastTenAndTheirHeads(t *testing.T) {
	m := newMalice(t)
	list := m.documents("entries", string(m.c.ID))
	m.forget("entries", list[len(list)-10:])
	m.forget("checkpoints", m.documents("checkpoints", string(m.c.ID)))
	sees(t, "Delete the last ten entries and every signed head", m.theProcesses())
}

func TestMaliceDeletesACase(t *testing.T) {
	m := newMalice(t)
	m.deleteCase()
	sees(t, "Delete a case", m.theProcesses())
}

func TestMaliceRollsBack(t *testing.T) {
	m := newMalice(t)
	yesterday := m.dump()
	m.grow(5)
	m.restore(yesterday)
	sees(t, "Roll the database back", m.theProcesses())
}

func TestMaliceSignsAgain(t *testing.T) {
	m := newMalice(t)
	m.rewrite(3, func(e *evidence.Entry) { e.Actor.Name = "Somebody else" })
	m.resign()
	sees(t, "Rebuild the tree and sign it with the stolen log key", m.theProcesses())
}
