package servers_test

import (
	"io"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

func s3Client(t *testing.T, at servers.S3) *minio.Client {
	t.Helper()
	client, err := minio.New(at.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(at.AccessKey, at.SecretKey, ""), Secure: at.TLS})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestMinIOKeepsItsObjects(t *testing.T) {
	t.Parallel()
	throughFaults(t, servers.MinIO,
		func(t *testing.T, stack *servers.Stack) { putObject(t, stack.S3) },
		func(t *testing.T, stack *servers.Stack) { getObject(t, stack.S3) })
}

func TestVersitygwKeepsItsObjects(t *testing.T) {
	t.Parallel()
	throughFaults(t, servers.Versitygw,
		func(t *testing.T, stack *servers.Stack) { putObject(t, stack.Versitygw) },
		func(t *testing.T, stack *servers.Stack) { getObject(t, stack.Versitygw) })
}

func putObject(t *testing.T, at servers.S3) {
	t.Helper()
	client := s3Client(t, at)
	if err := client.MakeBucket(t.Context(), "evidence", minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Fatal(err)
	}
	_, err := client.PutObject(t.Context(), "evidence", "a", strings.NewReader("bytes"), 5, minio.PutObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
}

func getObject(t *testing.T, at servers.S3) {
	t.Helper()
	object, err := s3Client(t, at).GetObject(t.Context(), "evidence", "a", minio.GetObjectOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer object.Close()
	if data, err := io.ReadAll(object); err != nil || string(data) != "bytes" {
		t.Fatalf("read %q, %v", data, err)
	}
}
