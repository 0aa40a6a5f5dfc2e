package object

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"

	"github.com/sealcase/sealcase/evidence"
)

// BucketState returns how a bucket is configured now. It fails with Unavailable
// when the server does not answer, or has no such bucket.
func (s *Store) BucketState(ctx context.Context, bucket string) (evidence.BucketState, error) {
	state := evidence.BucketState{Name: bucket}
	lock, _, _, _, err := s.core.GetObjectLockConfig(ctx, bucket)
	if code := minio.ToErrorResponse(err).Code; err != nil && code != "ObjectLockConfigurationNotFoundError" {
		return state, translate(err, "reading the lock configuration of bucket %s", bucket)
	}
	state.Locked = err == nil && lock == enabled
	versioning, err := s.core.GetBucketVersioning(ctx, bucket)
	if err != nil {
		return state, translate(err, "reading whether bucket %s keeps versions", bucket)
	}
	state.Versioned = versioning.Enabled()
	rules, err := s.core.GetBucketLifecycle(ctx, bucket)
	answer := minio.ToErrorResponse(err)
	if answer.Code == "NoSuchLifecycleConfiguration" || answer.StatusCode == http.StatusNotImplemented {
		return state, nil
	}
	if err != nil {
		return state, translate(err, "reading the expiry rules of bucket %s", bucket)
	}
	for _, rule := range rules.Rules {
		if words := expires(rule); words != "" {
			state.Expiry = append(state.Expiry, words)
		}
	}
	return state, nil
}

// expires returns what a rule of somebody else's lets go, "" when that is
// nothing. Ours name probe objects only, and what calls itself ours must too.
func expires(rule lifecycle.Rule) string {
	if rule.Status != enabled {
		return ""
	}
	ours := slices.ContainsFunc(lockedRules(), func(o lifecycle.Rule) bool {
		return o.ID == rule.ID && o.RuleFilter.Prefix == rule.RuleFilter.Prefix && rule.Prefix == ""
	})
	old := !rule.NoncurrentVersionExpiration.IsDaysNull() || rule.NoncurrentVersionExpiration.NewerNoncurrentVersions > 0
	if ours || rule.Expiration.IsNull() && !old && rule.AllVersionsExpiration.IsNull() {
		return ""
	}
	prefix := rule.RuleFilter.Prefix + rule.Prefix + rule.RuleFilter.And.Prefix
	return fmt.Sprintf("rule %q lets objects go whose keys begin with %q", rule.ID, prefix)
}
