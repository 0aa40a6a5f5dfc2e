package object_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
)

func lockShortly() evidence.Lock {
	return evidence.Lock{Until: evidence.At(time.Now().Add(30 * time.Second))}
}

// refuses fails the test unless the store found reason, and writes no evidence.
func refuses(t *testing.T, store *object.Store, reason string) {
	t.Helper()
	ctx := t.Context()
	err := store.Probe(ctx)
	if evidence.CodeOf(err) != evidence.StorageUnsafe || !strings.Contains(evidence.MessageOf(err), reason) {
		t.Fatalf("the probe said %v; want a refusal because of %q", err, reason)
	}
	if code := evidence.CodeOf(store.Writable(ctx)); code != evidence.StorageUnsafe {
		t.Errorf("Writable says %q", code)
	}
	for _, bucket := range []string{store.Buckets().Evidence, store.Buckets().Bundles, store.Buckets().Ledger} {
		to := evidence.ObjectRef{Bucket: bucket, Key: "test/refused"}
		if _, err := store.Put(ctx, to, []byte("x"), "", lockShortly()); evidence.CodeOf(err) != evidence.StorageUnsafe {
			t.Errorf("Put into %s: %v", bucket, err)
		}
		if _, err := store.Begin(ctx, to, "", lockShortly()); evidence.CodeOf(err) != evidence.StorageUnsafe {
			t.Errorf("Begin in %s: %v", bucket, err)
		}
		if _, err := store.Stat(ctx, to); evidence.CodeOf(err) != evidence.NotFound {
			t.Errorf("refused, and yet: %v", err)
		}
	}
}

func TestProbeTakesMinIO(t *testing.T) {
	store := open(t, configFor(servertest.S3(t)))
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := store.Writable(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestProbeRefusesVersitygw names every reason, in order: a version of versitygw
// that mends one of them fails this test, and README.md is to be read again.
func TestProbeRefusesVersitygw(t *testing.T) {
	store := open(t, configFor(servertest.Versitygw(t)))
	refuses(t, store, "is not written there: it reports the retention of an object in a form that is not S3's; "+
		"it does not show the lock of a version that was overwritten.")
}

// TestVersitygwHidesALockThatItKeeps shows what the refusal is about: the lock of
// an overwritten version holds, and Sealcase, which asks before it relies on a
// lock, is told that there is none.
func TestVersitygwHidesALockThatItKeeps(t *testing.T) {
	ctx, config := t.Context(), configFor(servertest.Versitygw(t))
	open(t, config)
	core, bucket := raw(t, config), config.Buckets().Evidence
	until := lockShortly().Until.Time().UTC().Truncate(time.Second)
	write := func(lock minio.PutObjectOptions) string {
		info, err := core.Client.PutObject(ctx, bucket, "test/overwritten", strings.NewReader("x"), 1, lock)
		if err != nil {
			t.Fatal(err)
		}
		return info.VersionID
	}
	shown := func(version string) string {
		info, err := core.StatObject(ctx, bucket, "test/overwritten", minio.StatObjectOptions{VersionID: version})
		if err != nil {
			t.Fatal(err)
		}
		return info.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date")
	}
	locked := write(minio.PutObjectOptions{Mode: minio.Compliance, RetainUntilDate: until, DisableContentSha256: true})
	if got, want := shown(locked), until.Format(time.RFC3339); got != want {
		t.Errorf("locked until %q, shown %q", want, got)
	}
	if _, _, err := core.GetObjectRetention(ctx, bucket, "test/overwritten", locked); err == nil || !strings.Contains(err.Error(), "<ObjectLockRetention>") {
		t.Errorf("its retention: %v", err)
	}
	write(minio.PutObjectOptions{DisableContentSha256: true})
	if got := shown(locked); got != "" {
		t.Errorf("overwritten, and shown as locked until %q", got)
	}
	err := core.RemoveObject(ctx, bucket, "test/overwritten", minio.RemoveObjectOptions{VersionID: locked, GovernanceBypass: true})
	if code := minio.ToErrorResponse(err).Code; code != "AccessDenied" {
		t.Errorf("deleting the overwritten version: %v", err)
	}
}

func TestUnlockedBucket(t *testing.T) {
	at := servertest.S3(t)
	config := configFor(at)
	client, err := minio.New(at.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(at.AccessKey, at.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	buckets := config.Buckets()
	for _, bucket := range []string{buckets.Evidence, buckets.Bundles, buckets.Ledger, buckets.Staging} {
		if err := client.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	err = object.Bootstrap(t.Context(), config)
	if evidence.CodeOf(err) != evidence.StorageUnsafe || !strings.Contains(evidence.MessageOf(err), buckets.Evidence+" has no Object Lock") {
		t.Fatalf("Bootstrap said %v", err)
	}
	store, err := object.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	refuses(t, store, "has no Object Lock")
}

// TestProbeNoticesEachLie gives the probe a server that claims to have done one
// forbidden thing, or that does not do one that is needed.
func TestProbeNoticesEachLie(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)

	versionDelete := func(r *http.Request) bool {
		return r.Method == http.MethodDelete && r.URL.Query().Has("versionId") && !strings.Contains(r.URL.Path, "-parts") && !strings.Contains(r.URL.Path, "-hold")
	}
	bypass := func(r *http.Request) bool { return r.Header.Get("X-Amz-Bypass-Governance-Retention") == "true" }
	retention := func(r *http.Request) bool { return r.Method == http.MethodPut && r.URL.Query().Has("retention") }
	for _, lie := range []struct {
		reason string
		when   func(*http.Request) bool
		status int
		body   string
	}{
		{"can be deleted", func(r *http.Request) bool { return versionDelete(r) && !bypass(r) }, http.StatusNoContent, ""},
		{"can be deleted by bypassing", func(r *http.Request) bool { return versionDelete(r) && bypass(r) }, http.StatusNoContent, ""},
		{"can be deleted in a batch", func(r *http.Request) bool { return r.URL.Query().Has("delete") }, http.StatusOK, "<DeleteResult></DeleteResult>"},
		{"can be made shorter", func(r *http.Request) bool { return retention(r) && !bypass(r) }, http.StatusOK, ""},
		{"can be made shorter by bypassing", func(r *http.Request) bool {
			return retention(r) && bypass(r) && strings.Contains(bodyOf(r), "COMPLIANCE")
		}, http.StatusOK, ""},
		{"turned into GOVERNANCE", func(r *http.Request) bool { return retention(r) && strings.Contains(bodyOf(r), "GOVERNANCE") }, http.StatusOK, ""},
		{"can be taken off", func(r *http.Request) bool { return retention(r) && !strings.Contains(bodyOf(r), "Mode") }, http.StatusOK, ""},
		{"does not make a lock longer", func(r *http.Request) bool { return retention(r) && !bypass(r) }, http.StatusOK, ""},
		{"in parts can be deleted", func(r *http.Request) bool {
			return r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "-parts")
		}, http.StatusNoContent, ""},
		{"under legal hold can be deleted", func(r *http.Request) bool {
			return r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "-hold")
		}, http.StatusNoContent, ""},
	} {
		t.Run(lie.reason, func(t *testing.T) {
			network.set(func(r *http.Request) (*http.Response, error) {
				if lie.when(r) {
					return answer(r, lie.status, lie.body), nil
				}
				return nil, nil
			})
			defer network.heal()
			refuses(t, store, lie.reason)
		})
	}
	for _, lie := range []struct {
		reason string
		alter  func(*http.Response)
	}{
		{"gives objects no version", func(resp *http.Response) { resp.Header.Del("X-Amz-Version-Id") }},
		{"does not show the lock", func(resp *http.Response) { resp.Header.Del("X-Amz-Object-Lock-Mode") }},
		{"does not show a legal hold", func(resp *http.Response) { resp.Header.Del("X-Amz-Object-Lock-Legal-Hold") }},
	} {
		t.Run(lie.reason, func(t *testing.T) {
			network.set(altered(lie.alter))
			defer network.heal()
			refuses(t, store, lie.reason)
		})
	}
	if err := store.Probe(t.Context()); err != nil { // mended: a new probe says so
		t.Fatal(err)
	}
	if err := store.Writable(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestProbeWaitsForTheServer starts while the server is away: that is no reason
// to refuse it for ever, nor to trust it.
func TestProbeWaitsForTheServer(t *testing.T) {
	network := &faulty{}
	config := configFor(servertest.S3(t))
	config.Transport = network
	store := open(t, config)
	network.set(down)
	if code := evidence.CodeOf(store.Probe(t.Context())); code != evidence.Unavailable {
		t.Fatalf("the probe of a server that is away says %q", code)
	}
	if code := evidence.CodeOf(store.Writable(t.Context())); code != evidence.Unavailable {
		t.Fatalf("Writable says %q", code)
	}
	network.heal()
	if err := store.Writable(t.Context()); err != nil {
		t.Fatal(err)
	}
	network.set(down)
	if err := store.Writable(t.Context()); err != nil {
		t.Fatal("a verdict was forgotten:", err)
	}
}

// TestProbeThatTakesTooLong must not mistake a lock that ran out for a broken
// one, nor trust what it saw.
func TestProbeThatTakesTooLong(t *testing.T) {
	config := configFor(servertest.S3(t))
	calls := 0
	config.Now = func() time.Time { // the third call is the probe's last
		if calls++; calls > 2 {
			return time.Now().Add(74 * time.Second)
		}
		return time.Now()
	}
	store := open(t, config)
	if code := evidence.CodeOf(store.Probe(t.Context())); code != evidence.Unavailable {
		t.Fatalf("the probe says %q", code)
	}
}
