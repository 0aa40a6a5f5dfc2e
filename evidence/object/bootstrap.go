package object

import (
	"context"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"github.com/sealcase/sealcase/evidence"
)

// The days after which things are dropped that are not evidence.
const (
	stagingDays = 7 // remainders of broken uploads
	probeDays   = 1 // probe objects, once their lock has run out
)

// The names of our expiry rules, by which bootstrap finds them again.
const (
	ruleStaging      = "sealcase-staging"
	ruleProbe        = "sealcase-probe"
	ruleProbeMarkers = "sealcase-probe-markers"
)

// enabled is how S3 says that a thing is switched on.
const enabled = "Enabled"

// Bootstrap makes the buckets that are missing: evidence, bundles and ledger
// with Object Lock and versioning, staging without; and sets the rules by which
// staging and probe objects expire, beside whatever rules others have set. It
// is idempotent and destroys nothing. It fails with StorageUnsafe when a bucket
// exists that should lock its objects and does not.
func Bootstrap(ctx context.Context, config Config) error {
	config = config.withDefaults()
	core, err := config.client()
	if err != nil {
		return err
	}
	buckets := config.Buckets()
	for _, bucket := range lockedBuckets(buckets) {
		if err := makeBucket(ctx, core, config.Region, bucket, true); err != nil {
			return err
		}
		if err := checkNewBucket(ctx, core, bucket); err != nil {
			return err
		}
		if err := setRules(ctx, core, bucket, lockedRules()); err != nil {
			return err
		}
	}
	if err := makeBucket(ctx, core, config.Region, buckets.Staging, false); err != nil {
		return err
	}
	return setRules(ctx, core, buckets.Staging, stagingRules())
}

func makeBucket(ctx context.Context, core minio.Core, region, bucket string, locking bool) error {
	there, err := core.BucketExists(ctx, bucket)
	if err != nil {
		return translate(err, "asking for bucket %s", bucket)
	}
	if there {
		return nil
	}
	err = core.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: region, ObjectLocking: locking})
	if code := minio.ToErrorResponse(err).Code; err != nil && code != minio.BucketAlreadyOwnedByYou && code != minio.BucketAlreadyExists {
		return translate(err, "making bucket %s", bucket)
	}
	return nil // a bucket that another process made meanwhile is checked like any other
}

// settleTime is how long a bucket may show before its lock does, while another
// process is making it.
const settleTime = 3 * time.Second

// checkNewBucket is checkBucket for a bucket that may be in the making.
func checkNewBucket(ctx context.Context, core minio.Core, bucket string) error {
	for deadline := time.Now().Add(settleTime); ; {
		err := checkBucket(ctx, core, bucket)
		if evidence.CodeOf(err) != evidence.StorageUnsafe || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// checkBucket returns StorageUnsafe when the bucket does not keep versions or
// has no Object Lock.
func checkBucket(ctx context.Context, core minio.Core, bucket string) error {
	lock, _, _, _, err := core.GetObjectLockConfig(ctx, bucket)
	if minio.ToErrorResponse(err).Code == "ObjectLockConfigurationNotFoundError" || (err == nil && lock != enabled) {
		return evidence.Errorf(evidence.StorageUnsafe, "The bucket %s has no Object Lock, which is chosen when a bucket is made. "+
			"Use another prefix, or move what it holds away and let bootstrap make it again.", bucket)
	}
	if err != nil {
		return translate(err, "reading the lock configuration of bucket %s", bucket)
	}
	versioning, err := core.GetBucketVersioning(ctx, bucket)
	if err != nil {
		return translate(err, "reading whether bucket %s keeps versions", bucket)
	}
	if !versioning.Enabled() {
		return evidence.Errorf(evidence.StorageUnsafe, "The bucket %s does not keep versions: an overwritten object would be lost. Switch versioning on.", bucket)
	}
	return nil
}

func stagingRules() []lifecycle.Rule {
	return []lifecycle.Rule{{
		ID: ruleStaging, Status: enabled,
		Expiration:                     lifecycle.Expiration{Days: stagingDays},
		AbortIncompleteMultipartUpload: lifecycle.AbortIncompleteMultipartUpload{DaysAfterInitiation: stagingDays},
	}}
}

// lockedRules let probe objects go once their lock has run out. Object Lock
// stands above such rules: they cannot touch anything that is still locked.
func lockedRules() []lifecycle.Rule {
	probes := lifecycle.Filter{Prefix: probePrefix}
	return []lifecycle.Rule{{
		ID: ruleProbe, Status: enabled, RuleFilter: probes,
		Expiration:                     lifecycle.Expiration{Days: probeDays},
		NoncurrentVersionExpiration:    lifecycle.NoncurrentVersionExpiration{NoncurrentDays: probeDays},
		AbortIncompleteMultipartUpload: lifecycle.AbortIncompleteMultipartUpload{DaysAfterInitiation: probeDays},
	}, {
		ID: ruleProbeMarkers, Status: enabled, RuleFilter: probes,
		Expiration: lifecycle.Expiration{DeleteMarker: true},
	}}
}

// setRules puts our rules into the bucket's configuration, in the place of
// those with the same names, and keeps the others. A store that knows no such
// rules keeps remainders until somebody removes them: untidy, not unsafe.
func setRules(ctx context.Context, core minio.Core, bucket string, ours []lifecycle.Rule) error {
	present, err := core.GetBucketLifecycle(ctx, bucket)
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotImplemented {
		return nil
	}
	if err != nil && minio.ToErrorResponse(err).Code != "NoSuchLifecycleConfiguration" {
		return translate(err, "reading the expiry rules of bucket %s", bucket)
	}
	wanted := lifecycle.NewConfiguration()
	names := map[string]bool{}
	for _, rule := range ours {
		names[rule.ID] = true
		wanted.Rules = append(wanted.Rules, rule)
	}
	if present != nil {
		for _, rule := range present.Rules {
			if !names[rule.ID] {
				wanted.Rules = append(wanted.Rules, rule)
			}
		}
	}
	if err := core.SetBucketLifecycle(ctx, bucket, wanted); err != nil {
		return translate(err, "setting the expiry rules of bucket %s", bucket)
	}
	return nil
}
