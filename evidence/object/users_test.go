package object_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/object/objecttest"
)

// userOf makes buckets and a user for them.
func userOf(t *testing.T) (root, user object.Config) {
	t.Helper()
	root = configFor(servertest.S3(t))
	open(t, root)
	key, err := object.BootstrapUser(t.Context(), root, "worker", object.Key{})
	if err != nil {
		t.Fatal(err)
	}
	again, err := object.BootstrapUser(t.Context(), root, "worker", key)
	if diff := cmp.Diff(key, again); err != nil || diff != "" {
		t.Fatalf("a second run changed the user: %v\n%s", err, diff)
	}
	user = root
	user.AccessKey, user.SecretKey = key.Access, key.Secret
	return root, user
}

// TestAProcessNeedsNoMore runs the whole contract, and the probe, as the user
// that bootstrap makes for a process.
func TestAProcessNeedsNoMore(t *testing.T) {
	t.Parallel()
	_, user := userOf(t)
	store, err := object.Open(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	objecttest.Run(t, store)
}

func raw(t *testing.T, c object.Config) *minio.Core {
	t.Helper()
	core, err := minio.NewCore(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Secure: c.TLS, Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return core
}

// TestAProcessMayDoNoMore tries with a process's key what would lose evidence. An
// administrator of the store can do some of it, which shows that it is the user
// who may not.
func TestAProcessMayDoNoMore(t *testing.T) {
	t.Parallel()
	root, user := userOf(t)
	admin, process := raw(t, root), raw(t, user)
	b := root.Buckets()
	store, err := object.Open(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	locked, err := store.Put(t.Context(), evidence.ObjectRef{Bucket: b.Evidence, Key: "test/locked"}, []byte("x"), "", lockShortly())
	if err != nil {
		t.Fatal(err)
	}
	put := func(key string, o minio.PutObjectOptions) string {
		t.Helper()
		info, err := admin.Client.PutObject(t.Context(), b.Evidence, key, bytes.NewReader([]byte("x")), 1, o)
		if err != nil {
			t.Fatal(err)
		}
		return info.VersionID
	}
	free := put("test/free", minio.PutObjectOptions{})
	governed := put("test/governed", minio.PutObjectOptions{Mode: minio.Governance, RetainUntilDate: time.Now().Add(time.Hour)})
	sooner, compliance := time.Now().Add(5*time.Second), minio.Compliance
	remove := func(key, version string, bypass bool) func(context.Context, *minio.Core) error {
		return func(ctx context.Context, c *minio.Core) error {
			return c.RemoveObject(ctx, b.Evidence, key, minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: bypass})
		}
	}
	for name, try := range map[string]func(context.Context, *minio.Core) error{
		"delete a locked version":      remove("test/locked", locked.Ref.Version, false),
		"bypass its lock":              remove("test/locked", locked.Ref.Version, true),
		"delete a version that is not": remove("test/free", free, false),
		"hide an object":               remove("test/locked", "", false),
		"bypass GOVERNANCE":            remove("test/governed", governed, true),
		"delete a bucket":              func(ctx context.Context, c *minio.Core) error { return c.RemoveBucket(ctx, b.Staging) },
		"make a bucket": func(ctx context.Context, c *minio.Core) error {
			return c.MakeBucket(ctx, b.Staging+"2", minio.MakeBucketOptions{})
		},
		"suspend versioning": func(ctx context.Context, c *minio.Core) error { return c.SuspendVersioning(ctx, b.Evidence) },
		"change the bucket's lock": func(ctx context.Context, c *minio.Core) error {
			return c.SetObjectLockConfig(ctx, b.Evidence, nil, nil, nil)
		},
		"have everything expire": func(ctx context.Context, c *minio.Core) error {
			rules := lifecycle.NewConfiguration()
			rules.Rules = []lifecycle.Rule{{ID: "all", Status: "Enabled", NoncurrentVersionExpiration: lifecycle.NoncurrentVersionExpiration{NoncurrentDays: 1}}}
			return c.SetBucketLifecycle(ctx, b.Evidence, rules)
		},
		"open the bucket to everybody": func(ctx context.Context, c *minio.Core) error {
			return c.SetBucketPolicy(ctx, b.Evidence, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::`+b.Evidence+`/*"}]}`)
		},
		"shorten a lock": func(ctx context.Context, c *minio.Core) error {
			return c.PutObjectRetention(ctx, b.Evidence, "test/locked", minio.PutObjectRetentionOptions{VersionID: locked.Ref.Version, Mode: &compliance, RetainUntilDate: &sooner, GovernanceBypass: true})
		},
		"shorten a lock of GOVERNANCE": func(ctx context.Context, c *minio.Core) error {
			mode := minio.Governance
			return c.PutObjectRetention(ctx, b.Evidence, "test/governed", minio.PutObjectRetentionOptions{VersionID: governed, Mode: &mode, RetainUntilDate: &sooner, GovernanceBypass: true})
		},
		"make itself a user": func(ctx context.Context, _ *minio.Core) error {
			_, err := object.BootstrapUser(ctx, user, "another", object.Key{})
			return err
		},
	} {
		if err := try(t.Context(), process); err == nil {
			t.Errorf("a process can %s", name)
		} else if answer := minio.ToErrorResponse(err); answer.StatusCode >= http.StatusInternalServerError {
			t.Errorf("%s: not refused but failed: %v", name, err)
		}
	}
	for _, mine := range []func(context.Context, *minio.Core) error{remove("test/free", free, false), remove("test/governed", governed, true)} {
		if err := mine(t.Context(), admin); err != nil {
			t.Errorf("not even the administrator: %v", err)
		}
	}
	if _, err := store.Stat(t.Context(), locked.Ref); err != nil {
		t.Error(err)
	}
	other := raw(t, object.Config{Endpoint: user.Endpoint, AccessKey: user.AccessKey, SecretKey: user.SecretKey, TLS: user.TLS})
	foreign, _ := userOf(t)
	if _, err := other.StatObject(t.Context(), foreign.Buckets().Evidence, "x", minio.StatObjectOptions{}); minio.ToErrorResponse(err).Code != "AccessDenied" {
		t.Errorf("another installation's bucket: %v", err)
	}
}

// TestBootstrapUserElsewhere: a store without MinIO's users says so.
func TestBootstrapUserElsewhere(t *testing.T) {
	t.Parallel()
	_, err := object.BootstrapUser(t.Context(), configFor(servertest.Versitygw(t)), "worker", object.Key{})
	if evidence.CodeOf(err) != evidence.Forbidden {
		t.Errorf("got %v", err)
	}
}
