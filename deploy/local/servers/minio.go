package servers

import (
	"context"
	"path/filepath"
	"syscall"

	s3 "github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 is how to reach an object store.
type S3 struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
	TLS       bool
}

// client returns a client of the store.
func (s S3) client() (*s3.Client, error) {
	return s3.New(s.Endpoint, &s3.Options{
		Creds: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""), Secure: s.TLS, Region: "us-east-1"})
}

// ping asks the store whether it works and knows us.
func (s S3) ping(ctx context.Context) error {
	client, err := s.client()
	if err != nil {
		return err
	}
	_, err = client.ListBuckets(ctx)
	return err
}

// s3Secrets are the generated credentials of a store.
type s3Secrets struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	SealKey   string `json:"seal_key"` // encrypts objects at rest
}

func freshS3Secrets() s3Secrets {
	return s3Secrets{AccessKey: secretText()[:20], SecretKey: secretText(), SealKey: secretKey()}
}

// minio is the object store.
type minio struct {
	host   *host
	binary string
	at     S3
	proc   *process
}

func (m *minio) fetch(ctx context.Context) (err error) {
	m.binary, err = m.host.binary(ctx, minioArtifact())
	return err
}

func (m *minio) start(ctx context.Context) error {
	home, err := m.host.home("minio")
	if err != nil {
		return err
	}
	secrets, err := remember(filepath.Join(home, "credentials.json"), freshS3Secrets)
	if err != nil {
		return err
	}
	if m.at.Endpoint == "" {
		if m.at.Endpoint, err = m.host.ports.address("minio", m.host.wish[MinIO]); err != nil {
			return err
		}
	}
	m.at.AccessKey, m.at.SecretKey = secrets.AccessKey, secrets.SecretKey
	m.proc = &process{name: "minio", path: m.binary, dir: home, log: m.host.log("minio"), stop: syscall.SIGTERM,
		args: []string{"server", "--quiet", "--address", m.at.Endpoint, "--certs-dir", filepath.Join(home, "certs"),
			filepath.Join(home, "data")},
		env: []string{
			"MINIO_ROOT_USER=" + secrets.AccessKey,
			"MINIO_ROOT_PASSWORD=" + secrets.SecretKey,
			"MINIO_KMS_SECRET_KEY=sealcase-local:" + secrets.SealKey,
			"MINIO_BROWSER=off", "MINIO_UPDATE=off",
			// By default MinIO drops an upload that pauses for a day, parts and all.
			"MINIO_API_STALE_UPLOADS_EXPIRY=720h",
		}}
	return m.host.run(ctx, m.proc, "read the log; the data is in "+home, m.at.ping)
}

func (m *minio) processes() []*process { return started(m.proc) }

func (m *minio) describe(s *Stack) { s.S3 = m.at }
