package custody_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// newDisclosed has a bundle that is ready, and in the mirror its disclosure, an
// alarm that somebody took note of and what a witness gave.
func newDisclosed(t *testing.T) (*malice, evidence.Disclosure) {
	t.Helper()
	m := newMalice(t, (*malice).watched)
	d := m.bundled(m.running, disclosureOf(t, m.c))
	raised, err := m.running.RaiseAlarms(t.Context(), worker, []evidence.Alarm{
		evidence.NewAlarm(evidence.AlarmClock, "", "x", "a clock is behind", evidence.At(time.Now())),
	})
	m.check(err)
	_, err = m.running.AcknowledgeAlarm(t.Context(), supervisor, raised[0].ID, "it was set")
	m.check(err)
	if refused := m.register(m.running); refused != "" {
		t.Fatal(refused)
	}
	m.mirrored(m.running)
	return m, d
}

// inMirror returns the objects of a folder of the mirror, of which there are some.
func (m *malice) inMirror(folder string) (list []evidence.ObjectRef) {
	m.t.Helper()
	for v, err := range m.objects.List(m.t.Context(), m.objects.Buckets().Ledger, folder, "") {
		m.check(err)
		list = append(list, v.Ref)
	}
	if len(list) == 0 {
		m.t.Fatalf("nothing was mirrored in %s", folder)
	}
	return list
}

// besidesItems returns one of each object that is locked and is no item: the
// bundle, its proof, and what is mirrored besides logs.
func (m *malice) besidesItems(d evidence.Disclosure) []evidence.ObjectRef {
	m.t.Helper()
	return []evidence.ObjectRef{
		d.Bundle, d.Proof, m.inMirror(mirror.AlarmFolder)[0], m.inMirror(mirror.DisclosureFolder)[0], m.inMirror(mirror.AnchorFolder)[0],
	}
}

func TestMaliceLiftsHoldsBesidesItems(t *testing.T) {
	m, d := newDisclosed(t)
	m.liftHold(d.Bundle)
	sees(t, "Remove the legal hold of a bundle", map[string]detector{"an audit": m.audits})
	m.liftHold(d.Proof)
	sees(t, "Remove the legal holds of a bundle and of its proof", map[string]detector{"an audit": m.audits})

	m, d = newDisclosed(t)
	for _, ref := range m.besidesItems(d)[2:] {
		m.liftHold(ref)
	}
	sees(t, "Remove the legal holds of what is mirrored besides logs", map[string]detector{"an audit": m.audits})
}

func TestMaliceShortensRetentionsBesidesItems(t *testing.T) {
	m, d := newDisclosed(t)
	for _, ref := range m.besidesItems(d) {
		detectors := m.shortens(ref)
		detectors["an audit"] = m.audits
		sees(t, "Shorten the retention of a bundle or of what is mirrored", detectors)
	}
}

// TestMaliceStoresABundleAgain: the same bytes in GOVERNANCE, which a permission
// bypasses, and the database says that these are the bundle.
func TestMaliceStoresABundleAgain(t *testing.T) {
	m, d := newDisclosed(t)
	again := func(ref evidence.ObjectRef) string {
		body, err := m.objects.Open(t.Context(), ref, 0, -1)
		data := readAll(t, body, err)
		info, err := m.s3.PutObject(t.Context(), ref.Bucket, ref.Key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
			Mode: minio.Governance, RetainUntilDate: time.Now().Add(time.Hour), LegalHold: minio.LegalHoldEnabled,
		})
		m.check(err)
		return info.VersionID
	}
	version := again(d.Bundle)
	m.redirect(d, func(d *evidence.Disclosure) { d.Bundle.Version = version })
	sees(t, "Store a bundle again under a lock that can be bypassed", map[string]detector{"an audit": m.audits, "an audit an hour later": m.auditsLater})

	m, d = newDisclosed(t)
	version = again(d.Proof)
	m.redirect(d, func(d *evidence.Disclosure) { d.Proof.Version = version })
	sees(t, "Store a proof again under a lock that can be bypassed", map[string]detector{"an audit": m.audits, "an audit an hour later": m.auditsLater})

	m, _ = newDisclosed(t)
	again(m.inMirror(mirror.AlarmFolder)[0])
	sees(t, "Mirror an alarm again under a lock that can be bypassed", map[string]detector{"an audit": m.audits})
}

// TestAuditMovesLocksOn: what is locked for less than half of the retention is
// locked for all of it again, and what is not locked any more is an alarm.
func TestAuditMovesLocksOn(t *testing.T) {
	m, d := newDisclosed(t)
	refs := m.besidesItems(d)
	for _, tc := range []struct {
		ahead, retention, want time.Duration // from now on
		says                   string
	}{
		{0, time.Hour, time.Hour, ""},
		{0, 4 * time.Hour, 4 * time.Hour, ""},
		{5 * time.Hour, time.Hour, 6 * time.Hour, "is not locked any more"},
	} {
		said := m.auditsWith(func(c *audit.Config) {
			c.Retention, c.Clock = tc.retention, func() time.Time { return time.Now().Add(tc.ahead) }
		})
		for _, ref := range refs {
			stored, err := m.objects.Stat(t.Context(), ref)
			m.check(err)
			if left := time.Until(stored.Lock.Until.Time()); left > tc.want+time.Second || left < tc.want-2*time.Minute || !stored.Lock.Hold {
				t.Errorf("%s, with a retention of %s, is locked for %s, want %s", ref.Key, tc.retention, left, tc.want)
			}
			name := "the mirror's " + ref.Key
			switch ref {
			case d.Bundle:
				name = "the bundle " + string(d.ID)
			case d.Proof:
				name = "the proof of " + string(d.ID)
			}
			if tc.says != "" && !strings.Contains(said, "lock: "+name+" "+tc.says) {
				t.Errorf("nothing of %s in %q", name, said)
			}
		}
		if tc.says == "" && said != "" {
			t.Errorf("with a retention of %s: %q", tc.retention, said)
		}
	}
}
