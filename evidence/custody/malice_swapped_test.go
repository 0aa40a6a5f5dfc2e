package custody_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
)

// enters is somebody who wants to see a case that is not theirs, and its evidence.
func (a *bothCases) enters(s *process, p evidence.Actor, d side) detector {
	return func() string {
		list, err := s.Cases(a.t.Context(), p, "", 100)
		a.check(err)
		if slices.ContainsFunc(list.Items, func(c evidence.Case) bool { return c.ID == d.c.ID }) {
			return "the case is in the list"
		}
		if _, _, err := openEvidence(a.t.Context(), s, p, d.items[0].ID, "test", 0, -1); evidence.CodeOf(err) != evidence.NotFound {
			return said(err)
		}
		_, err = s.Case(a.t.Context(), p, d.c.ID)
		return said(err)
	}
}

// audits is an audit by a new process.
func (a *bothCases) audits() string {
	found, _ := a.audit(a.service())
	return alarms(found)
}

// TestMalicePlantsAMember: a row makes nobody a member, neither while it is there
// nor after somebody looked and it is gone.
func TestMalicePlantsAMember(t *testing.T) {
	a := newBothCases(t)
	c := a.here.c.ID
	member := placeOf(evidence.Member{
		Case: c, Person: farInvestigator.ID, Name: farInvestigator.Name, Login: farInvestigator.Login, Version: 1,
		AddedBy: investigator.ID, AddedAt: evidence.At(time.Now()),
	})
	a.check(a.registry.AddRecords(t.Context(), member))
	fresh := a.service()
	sees(t, "Plant a member", map[string]detector{
		"who is made a member, in a running process": a.enters(a.running, farInvestigator, a.here),
		"who is made a member, in a new process":     a.enters(fresh, farInvestigator, a.here),
		"an audit":                                   a.audits,
		"who was made a member, when the row is gone again": func() string {
			a.drop("members", string(c)+"/"+string(farInvestigator.ID))
			return a.enters(fresh, farInvestigator, a.here)()
		},
	})
}

// higher plants a version above the newest row of something: what its body says
// with parts of another's.
func (a *bothCases) higher(collection, field, id, other string, parts ...string) rowChange {
	a.t.Helper()
	newest := func(id string) bson.D {
		var list []bson.D
		for _, d := range a.documents(collection, "") {
			if valueOf(d, field) == id {
				list = append(list, d)
			}
		}
		return list[len(list)-1]
	}
	own := newest(id)
	body, _ := parsed(valueOf(own, "body").(string))
	another, _ := parsed(valueOf(newest(other), "body").(string))
	version := valueOf(own, "version").(int64) + 1
	body = set(body, []string{"version"}, version)
	for _, part := range parts {
		body = set(body, []string{part}, at(another, []string{part}))
	}
	g := generator{was: own}
	g.was = g.with("version", version)
	g.was = g.with("body", textOf(body))
	c := rowChange{collection: collection, is: g.with("_id", nextKey(own[0].Value.(string)))}
	if !a.apply(c) {
		a.t.Fatalf("the row is taken: %v", c)
	}
	return c
}

// same is somebody who reads something, and says how it differs from before.
func (a *bothCases) same(get func(ctx context.Context, s *process) answer) detector {
	a.t.Helper()
	was := get(a.t.Context(), a.running)
	if was.failed != "" {
		a.t.Fatal(was.failed)
	}
	return func() string {
		for _, s := range []*process{a.running, a.service()} {
			if is := get(a.t.Context(), s); is.failed != "" || is.text != was.text {
				return strings.TrimSpace(is.String())
			}
		}
		return ""
	}
}

// TestMaliceSwapsASeal: the seal that a member is given is the one that the log
// names.
func TestMaliceSwapsASeal(t *testing.T) {
	a := newBothCases(t)
	it := a.here.items[0].ID
	seal := a.same(func(ctx context.Context, s *process) answer { return read(s.ItemSeal(ctx, examiner, it)) })
	c := a.higher("items", "item", string(it), string(a.there.items[0].ID), "seal")
	sees(t, "Put the seal of another case in the place of one's own", map[string]detector{
		"whoever reads the seal": seal, "an audit": a.audits,
		"whoever reads the seal, when the row is gone again": func() string { a.undo(c); return seal() },
	})
}

// TestMaliceSwapsABundle: so is the bundle.
func TestMaliceSwapsABundle(t *testing.T) {
	a := newBothCases(t)
	id, other := a.here.disclosures[0], a.there.disclosures[0]
	bundle := a.same(func(ctx context.Context, s *process) answer {
		body, _, err := openBundle(ctx, s, prosecutor, id, 0, -1)
		return opened(body, err)
	})
	proof := func() string {
		_, err := a.service().DisclosureProof(t.Context(), prosecutor, id)
		return said(err)
	}
	c := a.higher("disclosures", "disclosure", string(id), string(other), "bundle", "length", "sha256", "proof")
	sees(t, "Put the bundle of another case in the place of one's own", map[string]detector{
		"whoever fetches the bundle": bundle, "whoever fetches its proof": proof, "an audit": a.audits,
		"whoever fetches the bundle, when the row is gone again": func() string { a.undo(c); return bundle() },
	})
}

// TestMaliceSwapsFindings: findings are shown as those of an item when its entry
// names their digest.
func TestMaliceSwapsFindings(t *testing.T) {
	a := newBothCases(t)
	own, other := a.here.items[0].ID, a.there.items[0].ID
	findings := func() string {
		page, err := a.service().Findings(t.Context(), examiner, own, "", "", 10)
		if len(page.Items) > 0 {
			return fmt.Sprint(page.Items)
		}
		return said(err)
	}
	swap := func(collection string) {
		theirs := a.documents(collection, string(other))[0]
		for _, d := range a.documents(collection, string(own)) {
			a.set(collection, d[0].Value.(string), func(d map[string]any) { d["body"] = valueOf(theirs, "body") })
		}
	}
	swap("findings")
	sees(t, "Put the findings of another case in the place of one's own", map[string]detector{"whoever reads them": findings, "an audit": a.audits})
	swap("analyses")
	sees(t, "Put the findings of another case, with the record of the analysis, in the place of one's own", map[string]detector{"whoever reads them": findings, "an audit": a.audits})
}
