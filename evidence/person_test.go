package evidence_test

import (
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

func TestPersonHas(t *testing.T) {
	p := evidence.Person{Roles: []evidence.Role{evidence.Examiner, evidence.Auditor}}
	for name, tc := range map[string]struct {
		roles []evidence.Role
		want  bool
	}{
		"one of hers":     {[]evidence.Role{evidence.Auditor}, true},
		"one of several":  {[]evidence.Role{evidence.Prosecutor, evidence.Examiner}, true},
		"none of hers":    {[]evidence.Role{evidence.Prosecutor}, false},
		"nothing asked":   {nil, false},
		"not even a role": {[]evidence.Role{""}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := p.Has(tc.roles...); got != tc.want {
				t.Errorf("got %t, want %t", got, tc.want)
			}
		})
	}
	if (evidence.Actor{}).Has(evidence.Roles()...) {
		t.Error("the zero actor holds a role")
	}
}

func TestServiceActor(t *testing.T) {
	a := evidence.ServiceActor("worker")
	if a.ID != "service:worker" || !a.Service || a.Name == "" || a.Has(evidence.Roles()...) {
		t.Errorf("got %+v", a)
	}
}

func TestZeroValues(t *testing.T) {
	if !(evidence.Lock{}).IsZero() || (evidence.Lock{Hold: true}).IsZero() || (evidence.Lock{Until: evidence.At(time.Unix(1, 0))}).IsZero() {
		t.Error("a lock is zero exactly when it locks nothing")
	}
	if !(evidence.ObjectRef{}).IsZero() || (evidence.ObjectRef{Key: "k"}).IsZero() {
		t.Error("a reference is zero exactly when it names nothing")
	}
	for _, s := range []evidence.ItemState{evidence.ItemReceived, evidence.ItemSealed, evidence.ItemQuarantined} {
		if !s.Valid() {
			t.Errorf("%q is not valid", s)
		}
	}
	if evidence.ItemState("").Valid() || evidence.Role("root").Valid() {
		t.Error("what is no state or role is valid")
	}
}

func TestExhibitNumber(t *testing.T) {
	if got, want := evidence.ExhibitNumber("2026-0007", 12), "2026-0007/E-00012"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := evidence.ExhibitNumber("2026-0007", 123456), "2026-0007/E-123456"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
