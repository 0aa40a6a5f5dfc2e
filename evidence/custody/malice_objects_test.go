package custody_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"github.com/sealcase/sealcase/evidence"
)

// verifies is somebody who has the stored bytes of an item hashed again.
func (m *malice) verifies(id evidence.ItemID) detector {
	return func() string {
		v, err := m.running.VerifyItem(m.t.Context(), examiner, id, nil)
		m.check(err)
		if v.OK != (len(v.Differs) == 0) {
			m.t.Errorf("verification %+v", v)
		}
		return strings.Join(v.Differs, "; ")
	}
}

// reads is somebody who reads the bytes of an item, and returns how they differ
// from those that were seized.
func (m *malice) reads(it evidence.Item) detector {
	return func() string {
		r, _, err := openEvidence(m.t.Context(), m.running, investigator, it.ID, "test", 0, -1)
		if err != nil {
			return said(err)
		}
		defer r.Close()
		var got bytes.Buffer
		if _, err := got.ReadFrom(r); err != nil {
			return said(err)
		}
		if evidence.Sum(got.Bytes()) != it.Digest {
			m.t.Errorf("other bytes were handed out: %q", got.Bytes())
		}
		return ""
	}
}

// answers returns what the object store says of a request that it must refuse.
func answers(err error) detector {
	return func() string {
		if err == nil {
			return ""
		}
		return minio.ToErrorResponse(err).Message
	}
}

func (m *malice) retain(ref evidence.ObjectRef, mode minio.RetentionMode, until time.Time) error {
	return m.s3.PutObjectRetention(m.t.Context(), ref.Bucket, ref.Key, minio.PutObjectRetentionOptions{
		VersionID: ref.Version, Mode: &mode, RetainUntilDate: &until, GovernanceBypass: true,
	})
}

// shortens is the object store, asked for a weaker lock in each way that there is.
func (m *malice) shortens(ref evidence.ObjectRef) map[string]detector {
	return map[string]detector{
		"the object store":                   answers(m.retain(ref, minio.Compliance, time.Now().Add(time.Minute))),
		"the object store, for another mode": answers(m.retain(ref, minio.Governance, time.Now().Add(time.Minute))),
		"the object store, for deleting it": answers(m.s3.RemoveObject(m.t.Context(), ref.Bucket, ref.Key,
			minio.RemoveObjectOptions{VersionID: ref.Version, GovernanceBypass: true})),
	}
}

func TestMaliceSwapsAVersion(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	m.rewriteItem(it, it.Data.Version, m.overwrite(it, []byte("The bytes of a.log")))
	sees(t, "Swap the stored version of an item", map[string]detector{"a verification": m.verifies(it.ID), "an audit": m.audits})
}

func TestMaliceCoversAVersion(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	m.overwrite(it, []byte("The bytes of a.log"))
	sees(t, "Put another version above an item", map[string]detector{
		"whoever reads it": m.reads(it), "a verification": m.verifies(it.ID), "an audit": m.audits,
	})
}

func TestMalicePutsADeleteMarker(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	m.check(m.s3.RemoveObject(t.Context(), it.Data.Bucket, it.Data.Key, minio.RemoveObjectOptions{}))
	sees(t, "Put a delete marker on an item", map[string]detector{
		"whoever reads it": m.reads(it), "a verification": m.verifies(it.ID), "an audit": m.audits,
	})
}

func TestMaliceLiftsAHold(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	m.liftHold(it.Data)
	sees(t, "Remove a legal hold", map[string]detector{"a verification": m.verifies(it.ID), "an audit": m.audits})
}

// TestMaliceShortensARetention: what is locked cannot be; what the administrator
// locks less well from the start, with a bucket's default or by hand, shows.
func TestMaliceShortensARetention(t *testing.T) {
	m := newMalice(t)
	it := m.items[0]
	detectors := m.shortens(it.Data)
	detectors["a verification"], detectors["an audit"] = m.verifies(it.ID), m.audits
	sees(t, "Shorten a retention", detectors)

	// The same bytes again in GOVERNANCE, which a permission bypasses.
	it = m.items[1]
	data := []byte("the bytes of b.log")
	info, err := m.s3.PutObject(t.Context(), it.Data.Bucket, it.Data.Key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{
		Mode: minio.Governance, RetainUntilDate: it.Locked.Time(), LegalHold: minio.LegalHoldEnabled,
	})
	m.check(err)
	m.rewriteItem(it, it.Data.Version, info.VersionID)
	moved := it
	moved.Data.Version = info.VersionID
	m.liftHold(moved.Data)
	m.check(m.retain(moved.Data, minio.Governance, time.Now().Add(time.Minute)))
	sees(t, "Store an item again under a lock that can be bypassed", map[string]detector{"a verification": m.verifies(it.ID), "an audit": m.audits})
}

// TestMaliceWeakensABucket: the configuration is not what keeps evidence, whose
// locks are its own; but what it lets go is seen.
func TestMaliceWeakensABucket(t *testing.T) {
	m := newMalice(t)
	bucket := m.objects.Buckets().Evidence
	rules := lifecycle.NewConfiguration()
	rules.Rules = []lifecycle.Rule{{ID: "tidy", Status: "Enabled", Expiration: lifecycle.Expiration{Days: 1}}}
	m.check(m.s3.SetBucketLifecycle(t.Context(), bucket, rules))
	sees(t, "Weaken a bucket", map[string]detector{
		"the object store, for versioning":       answers(m.s3.SuspendVersioning(t.Context(), bucket)),
		"the object store, for the whole bucket": answers(m.s3.RemoveBucket(t.Context(), bucket)),
		"a verification":                         m.verifies(m.items[0].ID), "an audit": m.audits,
	})
}
