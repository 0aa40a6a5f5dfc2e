package object

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7/pkg/signer"

	"github.com/sealcase/sealcase/evidence"
)

// Key is what a process signs in to the object store with. Secret is a secret.
type Key struct {
	Access string `json:"access_key"`
	Secret string `json:"secret_key"`
}

// BootstrapUser makes a user of MinIO for a process of ours, with config's
// credentials, which are an administrator's: it may write and read objects and
// make their locks longer, and neither bypass a lock, delete a version, nor
// change a bucket (see policyOf). known is what an earlier call returned, or
// zero; it is kept. Other stores have users of their own kinds: there it fails.
func BootstrapUser(ctx context.Context, config Config, name string, known Key) (Key, error) {
	config = config.withDefaults()
	user := known
	if user.Access == "" {
		user = Key{Access: config.Prefix + "-" + name + "-" + rand.Text()[:8], Secret: rand.Text() + rand.Text()}
	}
	policy, err := json.Marshal(policyOf(config.Buckets()))
	if err != nil {
		return Key{}, evidence.WrapError(evidence.Internal, err, "writing the policy of our processes")
	}
	admin := minioAdmin{config}
	named := config.Prefix + "-process"
	if err := admin.put(ctx, "add-canned-policy", url.Values{"name": {named}}, policy); err != nil {
		return Key{}, err
	}
	account, err := json.Marshal(map[string]string{"secretKey": user.Secret, "status": "enabled"})
	if err == nil {
		account, err = encryptForAdmin(config.SecretKey, account)
	}
	if err != nil {
		return Key{}, evidence.WrapError(evidence.Internal, err, "making a user of the object store")
	}
	if err := admin.put(ctx, "add-user", url.Values{"accessKey": {user.Access}}, account); err != nil {
		return Key{}, err
	}
	err = admin.put(ctx, "set-user-or-group-policy", url.Values{"policyName": {named}, "userOrGroup": {user.Access}, "isGroup": {"false"}}, nil)
	return user, err
}

// statement is one rule of a policy of S3.
type statement struct {
	Effect, Action, Resource any
	Condition                any `json:",omitempty"`
}

// policyOf is what a process of ours may do. On probe objects it may try what it
// may do nowhere else: a store whose refusals came from its policies alone would
// let others through.
func policyOf(b evidence.Buckets) map[string]any {
	var all, objects, probes []string
	for _, bucket := range append(lockedBuckets(b), b.Staging) {
		all = append(all, "arn:aws:s3:::"+bucket)
		objects = append(objects, "arn:aws:s3:::"+bucket+"/*")
	}
	for _, bucket := range lockedBuckets(b) {
		probes = append(probes, "arn:aws:s3:::"+bucket+"/"+probePrefix+"*")
	}
	allow := func(resource any, actions ...string) statement {
		for i := range actions {
			actions[i] = "s3:" + actions[i]
		}
		return statement{Effect: "Allow", Action: actions, Resource: resource}
	}
	lock := allow(objects, "PutObjectRetention")
	lock.Condition = map[string]any{"StringEquals": map[string]any{"s3:object-lock-mode": "COMPLIANCE"}}
	return map[string]any{"Version": "2012-10-17", "Statement": []statement{
		allow(all, "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "GetBucketLocation",
			"GetBucketVersioning", "GetBucketObjectLockConfiguration", "GetLifecycleConfiguration"),
		allow(objects, "GetObject", "GetObjectVersion", "GetObjectRetention", "GetObjectLegalHold", "PutObject",
			"PutObjectLegalHold", "AbortMultipartUpload", "ListMultipartUploadParts"),
		allow("arn:aws:s3:::"+b.Staging+"/*", "DeleteObject", "DeleteObjectVersion"),
		lock,
		allow(probes, "PutObjectRetention", "DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention"),
	}}
}

// minioAdmin speaks to the part of MinIO that is not S3.
type minioAdmin struct{ config Config }

func (a minioAdmin) put(ctx context.Context, what string, query url.Values, body []byte) error {
	scheme := "http"
	if a.config.TLS {
		scheme = "https"
	}
	address := url.URL{Scheme: scheme, Host: a.config.Endpoint, Path: "/minio/admin/v3/" + what, RawQuery: query.Encode()}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, address.String(), bytes.NewReader(body))
	if err != nil {
		return evidence.WrapError(evidence.Invalid, err, "the address of the object store is not host:port")
	}
	request.Header.Set("X-Amz-Content-Sha256", sumHex(body))
	request = signer.SignV4(*request, a.config.AccessKey, a.config.SecretKey, "", a.config.Region)
	client := &http.Client{Transport: a.config.Transport, Timeout: adminLimit}
	response, err := client.Do(request)
	if err != nil {
		return translate(err, "asking the object store for %s", what)
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	said, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
	return evidence.Errorf(evidence.Forbidden,
		"The object store made no user for our processes (%s, %d: %s). Give bootstrap an administrator of MinIO, or make users by hand as the README says and leave this out.",
		what, response.StatusCode, said)
}

const (
	adminRounds  = 8192 // as MinIO wants them
	adminPBKDF2  = 2    // says that the key is derived by PBKDF2 and the cipher is AES-256-GCM
	adminLimit   = 30 * time.Second
	adminMaximum = 1 << 14
)

// encryptForAdmin encrypts what MinIO wants to be told under the administrator's
// secret: salt, how, nonce, and one chunk, which is also the last.
func encryptForAdmin(secret string, plain []byte) ([]byte, error) {
	if len(plain) > adminMaximum {
		return nil, evidence.Errorf(evidence.TooLarge, "too much for one chunk")
	}
	salt, nonce := make([]byte, 32), make([]byte, 12)
	_, _ = rand.Read(salt) // never fails
	_, _ = rand.Read(nonce[:8])
	key, err := pbkdf2.Key(sha256.New, secret, salt, adminRounds, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	header := append(append(salt, adminPBKDF2), nonce[:8]...)
	about := gcm.Seal([]byte{0x80}, nonce, nil, nil) // 0x80: the last chunk
	binary.LittleEndian.PutUint32(nonce[8:], 1)
	return gcm.Seal(header, nonce, plain, about), nil
}
