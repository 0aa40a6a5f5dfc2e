package servers

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
)

// versitygw is a second S3, to test that a store which does not keep its word
// about locked objects is refused.
type versitygw struct {
	host   *host
	binary string
	at     S3
	proc   *process
}

func (v *versitygw) fetch(ctx context.Context) (err error) {
	v.binary, err = v.host.binary(ctx, versitygwArtifact())
	return err
}

func (v *versitygw) start(ctx context.Context) error {
	home, err := v.host.home("versitygw")
	if err != nil {
		return err
	}
	secrets, err := remember(filepath.Join(home, "credentials.json"), freshS3Secrets)
	if err != nil {
		return err
	}
	data, versions := filepath.Join(home, "data"), filepath.Join(home, "versions")
	for _, dir := range []string{data, versions} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return failure("versitygw", "", "", err)
		}
	}
	if v.at.Endpoint == "" {
		if v.at.Endpoint, err = v.host.ports.address("versitygw", v.host.wish[Versitygw]); err != nil {
			return err
		}
	}
	v.at.AccessKey, v.at.SecretKey = secrets.AccessKey, secrets.SecretKey
	v.proc = &process{name: "versitygw", path: v.binary, dir: home, log: v.host.log("versitygw"), stop: syscall.SIGTERM,
		args: []string{"--port", v.at.Endpoint, "--quiet", "posix", "--versioning-dir", versions, data},
		env:  []string{"ROOT_ACCESS_KEY=" + secrets.AccessKey, "ROOT_SECRET_KEY=" + secrets.SecretKey}}
	return v.host.run(ctx, v.proc, "put the data on a file system with extended attributes; now in "+home, v.at.ping)
}

func (v *versitygw) processes() []*process { return started(v.proc) }

func (v *versitygw) describe(s *Stack) { s.Versitygw = v.at }
