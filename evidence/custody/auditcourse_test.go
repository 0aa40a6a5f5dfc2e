package custody_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/state"
)

// stuck is a registry that gives nothing of the records of one case: it waits, or
// fails.
type stuck struct {
	*registry.Registry
	c    evidence.CaseID
	fail error // nil: it waits until ctx ends
}

func (s *stuck) RecordsOf(ctx context.Context, kind state.Kind, c evidence.CaseID) ([]state.Record, error) {
	if c != s.c {
		return s.Registry.RecordsOf(ctx, kind, c)
	}
	if s.fail != nil {
		return nil, s.fail
	}
	<-ctx.Done()
	return nil, evidence.WrapError(evidence.Unavailable, ctx.Err(), "it took too long")
}

// twoCases has a second case, and a title changed in either. It returns the one
// that an audit comes to first.
func twoCases(t *testing.T) (m *malice, first, second evidence.CaseID) {
	m = newMalice(t)
	other := m.openCase(m.running)
	m.mirrored(m.running)
	for _, c := range []evidence.CaseID{m.c.ID, other.ID} {
		m.rewriteBody("cases", fmt.Sprintf("%s/%06d", c, 1), `"title":"`, `"title":"Not `)
	}
	return m, min(m.c.ID, other.ID), max(m.c.ID, other.ID)
}

// auditOn runs an audit on a registry, and returns what it found of a case, and
// of which cases it raised something, in that order.
func (m *malice) auditOn(r audit.Registry, about evidence.CaseID) (said string, order []evidence.CaseID, err error) {
	config := m.auditConfig(m.service())
	config.Registry, config.CaseLimit = r, 2*time.Second
	var found []evidence.Alarm
	_, err = audit.New(config).Run(m.t.Context(), audit.Progress{}, func(_ context.Context, some []evidence.Alarm) error {
		for _, a := range some {
			if order = append(order, a.Case); a.Case == about {
				found = append(found, a)
			}
		}
		return nil
	}, nil)
	return alarms(found), order, err
}

// TestAuditOfACaseThatTakesTooLong: it is told, and the next one is compared.
func TestAuditOfACaseThatTakesTooLong(t *testing.T) {
	m, first, second := twoCases(t)
	for _, tc := range []struct{ stuck, other evidence.CaseID }{{first, second}, {second, first}} {
		said, _, err := m.auditOn(&stuck{Registry: m.registry, c: tc.stuck}, tc.stuck)
		if err != nil || !strings.Contains(said, "case: the case was not compared to the end") {
			t.Errorf("of the case: %q, %v", said, err)
		}
		if said, _, err = m.auditOn(&stuck{Registry: m.registry, c: tc.stuck}, tc.other); err != nil || !strings.Contains(said, "than the log: title") {
			t.Errorf("of the other: %q, %v", said, err)
		}
	}
}

// TestAuditOfACaseThatCannotBeRead: it waits until the others are compared, and is
// told when it cannot be read then either; where nothing can be read nothing is
// said, and the audit fails.
func TestAuditOfACaseThatCannotBeRead(t *testing.T) {
	m, first, second := twoCases(t)
	away := evidence.Errorf(evidence.Unavailable, "the registry does not answer")
	said, order, err := m.auditOn(&stuck{Registry: m.registry, c: first, fail: away}, first)
	if err != nil || said != "case: the case could not be compared, and others could: the registry does not answer" {
		t.Errorf("of the case: %q, %v", said, err)
	}
	if len(order) < 2 || order[0] != second || order[len(order)-1] != first {
		t.Errorf("raised of %v, want of %s and then of %s", order, second, first)
	}
	if _, _, err = m.auditOn(&stuck{Registry: m.registry, c: first, fail: evidence.Errorf(evidence.Internal, "it cannot be read")}, first); err != nil {
		t.Errorf("what will not be read later either ends the audit: %v", err)
	}
	one := newMalice(t)
	if said, _, err := one.auditOn(&stuck{Registry: one.registry, c: one.c.ID, fail: away}, one.c.ID); evidence.CodeOf(err) != evidence.Unavailable || said != "" {
		t.Errorf("of the only case: %q, %v", said, err)
	}
}

// TestAlarmsTellNoNames: whoever is not a member of a case learns by its alarms no
// title, no name of a person or of a file, no recipient and no number.
func TestAlarmsTellNoNames(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.full(s)
	list, err := l.registry.Disclosures(t.Context(), c.ID)
	l.check(err)
	secrets := []string{c.Title, c.Number, "Name of", "p-mallory-name", "Somebody Else"}
	for _, d := range list {
		secrets = append(secrets, d.Recipient, d.Title, d.Purpose)
		l.rewriteBody("disclosures", fmt.Sprintf("%s/%04d", d.ID, d.Version), d.Recipient, "Somebody Else")
	}
	for n := 1; n <= 3; n++ {
		secrets = append(secrets, string(l.exhibit(c, n).Name))
	}
	it := l.exhibit(c, 1)
	name, err := it.Name.MarshalText()
	l.check(err)
	l.rewriteItem(it, string(name), "statement of a witness.pdf")
	l.overwrite(l.exhibit(c, 2), []byte("other"))
	l.rewriteBody("cases", string(c.ID)+"/000001", c.Title, "Somebody Else")
	l.set("entries", fmt.Sprintf("%s/%012d", c.ID, 3), func(d map[string]any) { d["raw"] = edited(d["raw"]) })
	l.check(l.registry.AddRecords(t.Context(), placeOf(evidence.Member{Case: c.ID, Person: "Mallory himself", Name: "p-mallory-name", Version: 1})))
	_, err = l.admin().PutObject(t.Context(), l.objects.Buckets().Evidence, string(c.ID)+"/statement of a witness.pdf", strings.NewReader("x"), 1, minio.PutObjectOptions{})
	l.check(err)
	secrets = append(secrets, "statement", "Mallory")
	found, _ := l.audit(l.service())
	if len(found) < 7 {
		t.Errorf("found only %s", alarms(found))
	}
	for _, a := range found {
		for _, secret := range secrets {
			if secret != "" && (strings.Contains(a.What, secret) || strings.Contains(a.Where, secret)) {
				t.Errorf("an alarm tells %q: %s, at %s", secret, a.What, a.Where)
			}
		}
	}
}
