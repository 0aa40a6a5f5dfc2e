package object_test

import (
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
)

func admin(t *testing.T, c object.Config) *minio.Client {
	t.Helper()
	client, err := minio.New(c.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for v, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}

// TestList lists two versions of one object, one behind a delete marker, and
// one alone.
func TestList(t *testing.T) {
	config := configFor(servertest.S3(t))
	store := open(t, config)
	if err := store.Probe(t.Context()); err != nil {
		t.Fatal(err)
	}
	bucket := store.Buckets().Ledger
	put := func(key, body string) string {
		stored, err := store.Put(t.Context(), evidence.ObjectRef{Bucket: bucket, Key: key}, []byte(body), "", lockShortly())
		if err != nil {
			t.Fatal(err)
		}
		return stored.Ref.Version
	}
	first, second := put("l/a/1", "one"), put("l/a/1", "second")
	hidden, alone := put("l/b/1", "hidden"), put("l/c/1", "alone")
	if err := admin(t, config).RemoveObject(t.Context(), bucket, "l/b/1", minio.RemoveObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	type row struct {
		Key, Version    string
		Length          int64
		Newest, Deleted bool
	}
	rows := func(prefix, after string) (all []row) {
		for _, v := range collect(t, store.List(t.Context(), bucket, prefix, after)) {
			if v.At.IsZero() || v.Ref.Bucket != bucket {
				t.Errorf("version %+v", v)
			}
			r := row{v.Ref.Key, v.Ref.Version, v.Length, v.Newest, v.Deleted}
			if r.Deleted {
				r.Version = "" // the marker's own
			}
			all = append(all, r)
		}
		return all
	}
	want := []row{
		{"l/a/1", second, 6, true, false}, {"l/a/1", first, 3, false, false},
		{"l/b/1", "", 0, true, true}, {"l/b/1", hidden, 6, false, false},
		{"l/c/1", alone, 5, true, false},
	}
	if diff := cmp.Diff(want, rows("l/", "")); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want[4:], rows("l/", "l/b/1")); diff != "" {
		t.Errorf("after a key (-want +got):\n%s", diff)
	}
	for after, want := range map[string][]string{"": {"a", "b", "c"}, "a": {"b", "c"}, "bb": {"c"}, "c": nil} {
		if diff := cmp.Diff(want, collect(t, store.Folders(t.Context(), bucket, "l/", after))); diff != "" {
			t.Errorf("folders after %q (-want +got):\n%s", after, diff)
		}
	}
	put("l/loose", "between folders")
	put("l/loose", "twice")
	for prefix, want := range map[string][]string{"l/": {"a/", "b/", "c/", "loose"}, "": {"l/", evidence.ProbeFolder}, "nothing/": nil} {
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(collect(t, store.Names(t.Context(), bucket, prefix))))); diff != "" {
			t.Errorf("names under %q (-want +got):\n%s", prefix, diff)
		}
	}
}

// TestListLong lists more than the server gives at once.
func TestListLong(t *testing.T) {
	store := open(t, configFor(servertest.S3(t)))
	bucket := store.Buckets().Staging
	const n = 1100
	for i := range n {
		if _, err := store.Put(t.Context(), evidence.ObjectRef{Bucket: bucket, Key: fmt.Sprintf("many/%04d/x", i)}, nil, "", evidence.Lock{}); err != nil {
			t.Fatal(err)
		}
	}
	if all := collect(t, store.List(t.Context(), bucket, "many/", "")); len(all) != n || all[n-1].Ref.Key != "many/1099/x" {
		t.Errorf("%d objects", len(all))
	}
	if all := collect(t, store.Folders(t.Context(), bucket, "many/", "0004")); len(all) != n-5 || all[0] != "0005" {
		t.Errorf("%d folders", len(all))
	}
}

func TestBucketState(t *testing.T) {
	config := configFor(servertest.S3(t))
	store := open(t, config)
	client, b := admin(t, config), store.Buckets()
	state := func(bucket string) evidence.BucketState {
		s, err := store.BucketState(t.Context(), bucket)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, bucket := range []string{b.Evidence, b.Bundles, b.Ledger} {
		if diff := cmp.Diff(evidence.BucketState{Name: bucket, Versioned: true, Locked: true}, state(bucket)); diff != "" {
			t.Errorf("as made (-want +got):\n%s", diff)
		}
	}
	if s := state(b.Staging); s.Versioned || s.Locked || len(s.Expiry) != 1 {
		t.Errorf("staging: %+v", s)
	}
	rules, err := client.GetBucketLifecycle(t.Context(), b.Evidence)
	if err != nil {
		t.Fatal(err)
	}
	rules.Rules = append(rules.Rules,
		lifecycle.Rule{ID: "tidy", Status: "Enabled", Expiration: lifecycle.Expiration{Days: 3}, RuleFilter: lifecycle.Filter{Prefix: "cases/"}},
		lifecycle.Rule{ID: "old", Status: "Enabled", RuleFilter: lifecycle.Filter{Prefix: "old/"}, NoncurrentVersionExpiration: lifecycle.NoncurrentVersionExpiration{NoncurrentDays: 1}},
		lifecycle.Rule{ID: "off", Status: "Disabled", Expiration: lifecycle.Expiration{Days: 3}, RuleFilter: lifecycle.Filter{Prefix: "off/"}})
	if err := client.SetBucketLifecycle(t.Context(), b.Evidence, rules); err != nil {
		t.Fatal(err)
	}
	want := []string{`rule "tidy" lets objects go whose keys begin with "cases/"`, `rule "old" lets objects go whose keys begin with "old/"`}
	if diff := cmp.Diff(want, state(b.Evidence).Expiry); diff != "" {
		t.Errorf("with rules of others (-want +got):\n%s", diff)
	}
	_, err = store.BucketState(t.Context(), "no-such-bucket")
	if evidence.CodeOf(err) != evidence.Unavailable {
		t.Errorf("a bucket that is not there: %v", err)
	}
}
