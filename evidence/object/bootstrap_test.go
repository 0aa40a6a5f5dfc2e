package object_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
)

func TestBootstrap(t *testing.T) {
	at := servertest.S3(t)
	config := configFor(at)
	client, err := minio.New(at.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(at.AccessKey, at.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := object.Open(t.Context(), config); evidence.CodeOf(err) != evidence.Unavailable {
		t.Fatalf("opened without buckets: %v", err)
	}
	var several errgroup.Group // as replicas that start at once
	for range 4 {
		several.Go(func() error { return object.Bootstrap(t.Context(), config) })
	}
	if err := several.Wait(); err != nil {
		t.Fatal(err)
	}
	buckets := config.Buckets()
	for _, bucket := range []string{buckets.Evidence, buckets.Bundles, buckets.Ledger} {
		if lock, _, _, _, err := client.GetObjectLockConfig(t.Context(), bucket); err != nil || lock != "Enabled" {
			t.Errorf("%s: lock %q, %v", bucket, lock, err)
		}
		if versioning, err := client.GetBucketVersioning(t.Context(), bucket); err != nil || !versioning.Enabled() {
			t.Errorf("%s: versioning %v, %v", bucket, versioning, err)
		}
		if diff := cmp.Diff([]string{"sealcase-probe", "sealcase-probe-markers"}, rules(t, client, bucket)); diff != "" {
			t.Errorf("rules of %s (-want +got):\n%s", bucket, diff)
		}
	}

	theirs := lifecycle.NewConfiguration()
	theirs.Rules = []lifecycle.Rule{{ID: "theirs", Status: "Enabled", RuleFilter: lifecycle.Filter{Prefix: "x/"}, Expiration: lifecycle.Expiration{Days: 3}}}
	if err := client.SetBucketLifecycle(t.Context(), buckets.Staging, theirs); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := object.Bootstrap(t.Context(), config); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"sealcase-staging", "theirs"}, rules(t, client, buckets.Staging)); diff != "" {
			t.Errorf("rules of staging (-want +got):\n%s", diff)
		}
	}
}

// rules returns the names of the expiry rules, sorted.
func rules(t *testing.T, client *minio.Client, bucket string) []string {
	t.Helper()
	config, err := client.GetBucketLifecycle(t.Context(), bucket)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, rule := range config.Rules {
		names = append(names, rule.ID)
	}
	slices.Sort(names)
	return names
}
