package custody_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

// neighbour returns a key of another agency, which is trusted too.
func neighbour(role string) evidence.Signer {
	return ledger.NewLocalSigner("other.example/"+role+"/v1", sha256.Sum256([]byte(role)))
}

// both is a signer among whose public keys somebody put those of another.
type both struct{ evidence.Signer }

// PublicKeys implements evidence.Signer.
func (b both) PublicKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	own, err := b.Signer.PublicKeys(ctx)
	if err != nil {
		return nil, err
	}
	_, role, _ := strings.Cut(own[0].Name, "/")
	role, _, _ = strings.Cut(role, "/v")
	more, err := neighbour(role).PublicKeys(ctx)
	return append(slices.Clip(own), more...), err
}

// trustsBoth has the keys of another agency stand beside ours wherever keys are
// asked for: of the agency and of the prosecutor.
func (m *malice) trustsBoth() {
	m.config.Log, m.config.SealKey, m.config.Worker = both{m.config.Log}, both{m.config.SealKey}, both{m.config.Worker}
	m.people.set(prosecutor.ID, both{personKey(prosecutor.ID)})
}

// add appends an entry to the case's log around custody, and returns its index.
func (m *malice) add(signer evidence.Signer, act evidence.Act, actor evidence.Actor) int64 {
	m.t.Helper()
	index := int64(len(m.documents("entries", string(m.c.ID))))
	e, err := m.running.Now(m.c.ID, act)
	m.check(err)
	e.Actor = evidence.EntryActor{ID: actor.ID, Name: actor.Name, Service: actor.Service}
	raw, err := attest.Sign(m.t.Context(), signer, &e)
	m.check(err)
	_, err = m.db.Collection("entries").InsertOne(m.t.Context(), bson.D{
		{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, index)}, {Key: "part", Value: fmt.Sprintf("%s/%09d", m.c.ID, index/256)},
		{Key: "entry", Value: string(e.ID)}, {Key: "n", Value: index}, {Key: "raw", Value: raw[0]},
	})
	m.check(err)
	return index
}

// rebuilds is somebody who makes the database anew with the keys of both.
func (m *malice) rebuilds() string {
	_, report := m.rebuilt(m.agencyKeys())
	var all []string
	for _, p := range report.Problems {
		all = append(all, p.What)
	}
	return strings.Join(all, "; ")
}

// TestMaliceOfAnotherAgency: an agency whose keys are trusted besides ours acts,
// signs heads and seals in our logs.
func TestMaliceOfAnotherAgency(t *testing.T) {
	for _, tc := range []struct {
		name   string
		signer evidence.Signer
		act    evidence.Act
		actor  evidence.Actor
	}{
		{"an act of the machine", neighbour("worker"), evidence.ActVerified, worker},
		{"an act of a person", neighbour("person/" + string(prosecutor.ID)), evidence.ActViewed, prosecutor},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMalice(t)
			m.trustsBoth()
			m.add(tc.signer, tc.act, tc.actor)
			detectors := map[string]detector{"a new process": m.looksAfresh, "an audit": m.audits}
			detectors["a rebuild"] = func() string { // our log key was stolen besides
				m.resign()
				m.mirrorAgain()
				return m.rebuilds()
			}
			sees(t, "Sign with the key of another agency that is trusted, and "+tc.name, detectors)
		})
	}
}

// TestMaliceOfAnotherAgencySignsAHead: its log key signs no head of ours.
func TestMaliceOfAnotherAgencySignsAHead(t *testing.T) {
	m := newMalice(t)
	m.add(m.config.Worker, evidence.ActVerified, worker)
	ours := m.config.Log
	m.config.Log = neighbour("log")
	m.resign()
	m.mirrorAgain()
	m.config.Log = ours
	m.trustsBoth()
	sees(t, "Sign a head with the key of another agency that is trusted", map[string]detector{
		"a new process": func() string {
			_, err := m.service().Checkpoint(t.Context(), worker, m.c.ID)
			return said(err)
		},
		"an audit": m.audits, "a rebuild": m.rebuilds,
	})
}

// TestMaliceOfAnotherAgencySeals: its seal is no seal of ours, even where our log
// says, with the stolen keys of log and worker, that it is.
func TestMaliceOfAnotherAgencySeals(t *testing.T) {
	m := newMalice(t, func(m *malice) { m.config.Mirror = nil }) // what is mirrored cannot be changed
	it := m.items[0]
	index := m.actOf(evidence.ActSealed)
	envelopes, err := seal.Sign(t.Context(), neighbour("seal"), seal.NewStatement(m.c, it, "warrant 7 Gs 12/26", it.SealedAt))
	m.check(err)
	info, err := m.s3.PutObject(t.Context(), it.Seal.Bucket, it.Seal.Key, bytes.NewReader(envelopes[0]), int64(len(envelopes[0])), minio.PutObjectOptions{
		Mode: minio.Compliance, RetainUntilDate: it.Locked.Time(), LegalHold: minio.LegalHoldEnabled,
	})
	m.check(err)
	m.rewriteItem(it, it.Seal.Version, info.VersionID)
	m.forge(index, m.config.Worker, func(e *evidence.Entry) {
		e.Details["seal_version"], e.Details["seal_sha256"] = info.VersionID, evidence.Sum(envelopes[0]).String()
	})
	m.resign()
	m.mirrorAgain()
	m.trustsBoth()
	m.running = m.service()
	sees(t, "Seal with the key of another agency that is trusted", map[string]detector{
		"a verification": m.verifies(it.ID), "an audit": m.audits, "a rebuild": m.rebuilds,
	})
}
