package servers

import (
	"context"
	"os/exec"
	"path/filepath"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// newMongo returns the real MongoDB where there is one, otherwise FerretDB.
func newMongo(h *host) service {
	if found, err := exec.LookPath("mongod"); err == nil {
		return &mongod{host: h, binary: found}
	}
	return &ferretdb{host: h, db: &postgres{host: h}}
}

// ferretdb speaks the MongoDB protocol over PostgreSQL: the embedded default.
type ferretdb struct {
	host   *host
	db     *postgres
	binary string
	addr   string
	proc   *process
}

func (f *ferretdb) fetch(ctx context.Context) error {
	if err := f.db.fetch(ctx); err != nil {
		return err
	}
	dir, err := f.host.folder(ctx, ferretdbArtifact())
	f.binary = filepath.Join(dir, "ferretdb")
	return err
}

func (f *ferretdb) start(ctx context.Context) error {
	if f.db.proc == nil || f.db.proc.ended() != nil {
		if err := f.db.start(ctx); err != nil {
			return err
		}
	}
	home, err := f.host.home("ferretdb")
	if err != nil {
		return err
	}
	if f.addr == "" {
		if f.addr, err = f.host.ports.address("mongo", f.host.wish[Mongo]); err != nil {
			return err
		}
	}
	f.proc = &process{name: "ferretdb", path: f.binary, dir: home, log: f.host.log("ferretdb"), stop: syscall.SIGTERM,
		env: []string{
			"FERRETDB_LISTEN=" + f.addr,
			"FERRETDB_POSTGRESQL_URL=" + f.db.dsn() + "?pool_max_conns=40",
		}}
	return f.host.run(ctx, f.proc, "read the log; PostgreSQL's is "+f.db.proc.log, func(ctx context.Context) error {
		return pingMongo(ctx, f.uri())
	})
}

func (f *ferretdb) uri() string { return "mongodb://" + f.addr + "/" }

func (f *ferretdb) processes() []*process { return started(f.db.proc, f.proc) }

func (f *ferretdb) describe(s *Stack) {
	s.MongoURI, s.Embedded, s.EmbeddedDSN = f.uri(), true, f.db.dsn()
}

// started leaves out the processes that were never started.
func started(all ...*process) (list []*process) {
	for _, p := range all {
		if p != nil {
			list = append(list, p)
		}
	}
	return list
}

// pingMongo asks a server of the MongoDB protocol whether it works.
func pingMongo(ctx context.Context, uri string) error {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	return client.Ping(ctx, nil)
}
