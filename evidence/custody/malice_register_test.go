package custody_test

import (
	"strconv"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/register"
)

// TestMaliceHidesACase: the register finds new heads by what the database says of
// them besides the heads themselves.
func TestMaliceHidesACase(t *testing.T) {
	var registered int64
	for _, hide := range []func(d map[string]any){
		func(d map[string]any) { delete(d, "minute") },
		func(d map[string]any) { d["case"] = "case-x" },
		func(d map[string]any) { d["n"] = registered },
		func(d map[string]any) { d["part"], d["minute"] = "x", "x" },
	} {
		m := newMalice(t)
		m.register(m.running)
		registered = m.registeredSize()
		m.grow(1)
		size := int64(len(m.log(m.running, m.c.ID)))
		for _, d := range m.documents("checkpoints", string(m.c.ID)) {
			m.set("checkpoints", d[0].Value.(string), hide)
		}
		sees(t, "Keep a case out of the register", map[string]detector{
			"the register's next run": func() string {
				n, err := m.service().PublishHeads(t.Context(), worker)
				m.check(err)
				if n > 0 {
					return strconv.Itoa(n) + " heads were taken"
				}
				return ""
			},
			"an audit at once": m.audits, "a new process": m.looksAfresh,
		})
		if got := m.registeredSize(); got != size {
			t.Errorf("after the audit the register has the head of %d entries, want %d", got, size)
		}
	}
}

// TestMaliceHidesACaseForLong: what the first audit after the grace says.
func TestMaliceHidesACaseForLong(t *testing.T) {
	m := newMalice(t)
	m.register(m.running)
	was := m.registeredSize()
	m.grow(1)
	for _, d := range m.documents("checkpoints", string(m.c.ID)) {
		m.set("checkpoints", d[0].Value.(string), func(d map[string]any) { d["minute"] = "2020-01-01T00:00" })
	}
	if now := m.registeredSize(); now != was {
		t.Fatalf("the register has %d entries, want %d", now, was)
	}
	sees(t, "Keep a case out of the register for an hour", map[string]detector{"an audit": m.auditsLater})
	if said := m.auditsLater(); said != "" {
		t.Errorf("the audit put it into the register, and the next one says %q", said)
	}
}

// registeredSize returns the size of the case's log that the register has last.
func (m *malice) registeredSize() (size int64) {
	m.t.Helper()
	for _, e := range m.log(m.service(), evidence.RegisterID()) {
		if e.Entry.Act == evidence.ActHead && e.Entry.Details[register.DetailHeadCase] == string(m.c.ID) {
			var err error
			size, err = strconv.ParseInt(e.Entry.Details[register.DetailHeadSize], 10, 64)
			m.check(err)
		}
	}
	return size
}
