package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// rclone copies to the same object store, with its own defaults and without
// our program in between.
type rclone struct {
	path   string
	env    []string
	store  *minio.Client
	bucket string
}

// findRclone returns rclone, or nil and a note in the report when there is
// none.
func (b *bench) findRclone(ctx context.Context) (*rclone, error) {
	name := os.Getenv("SEALCASE_RCLONE")
	if name == "" {
		name = "rclone"
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		b.report.note("rclone is not on PATH (nor named by SEALCASE_RCLONE): the comparison with it is left out. Install it, on Debian with: apt-get install -y rclone")
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("looking for rclone: %w", err)
	}
	s3 := b.station.Servers.S3
	scheme := "http://"
	if s3.TLS {
		scheme = "https://"
	}
	// Nothing else of our environment: settings of the caller's own storage there
	// would be rclone's too.
	r := &rclone{path: path, bucket: "bench-rclone", env: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir, "RCLONE_CONFIG=" + b.file("rclone.conf"), "RCLONE_CONFIG_STORE_TYPE=s3", "RCLONE_CONFIG_STORE_PROVIDER=Minio",
		"RCLONE_CONFIG_STORE_ACCESS_KEY_ID=" + s3.AccessKey, "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY=" + s3.SecretKey,
		"RCLONE_CONFIG_STORE_ENDPOINT=" + scheme + s3.Endpoint, "RCLONE_CONFIG_STORE_REGION=us-east-1",
	}}
	if err := os.WriteFile(b.file("rclone.conf"), nil, 0o600); err != nil {
		return nil, fmt.Errorf("preparing rclone: %w", err)
	}
	r.store, err = minio.New(s3.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(s3.AccessKey, s3.SecretKey, ""), Secure: s3.TLS, Region: "us-east-1",
	})
	if err != nil {
		return nil, fmt.Errorf("preparing rclone: %w", err)
	}
	version, _, _ := strings.Cut(r.version(ctx), "\n")
	b.report.note("rclone: %s, default settings", version)
	return r, r.fresh(ctx)
}

func (r *rclone) version(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, r.path, "version").Output()
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// fresh makes rclone's bucket, empty: without versions and without locks.
func (r *rclone) fresh(ctx context.Context) error {
	found, err := r.store.BucketExists(ctx, r.bucket)
	if err != nil {
		return fmt.Errorf("looking for rclone's bucket: %w", err)
	}
	if !found {
		if err := r.store.MakeBucket(ctx, r.bucket, minio.MakeBucketOptions{}); err != nil {
			return fmt.Errorf("making rclone's bucket: %w", err)
		}
	}
	objects := r.store.ListObjects(ctx, r.bucket, minio.ListObjectsOptions{Recursive: true})
	for failed := range r.store.RemoveObjects(ctx, r.bucket, objects, minio.RemoveObjectsOptions{}) {
		return fmt.Errorf("emptying rclone's bucket: %w", failed.Err)
	}
	return nil
}

// at returns the name of a place in the bucket as rclone knows it.
func (r *rclone) at(key string) string { return "store:" + r.bucket + "/" + key }

// run runs one command of rclone.
func (r *rclone) run(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, r.path, append(args, "--s3-no-check-bucket")...)
	cmd.Env = r.env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rclone %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
