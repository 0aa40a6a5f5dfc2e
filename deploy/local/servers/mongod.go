package servers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const replicaSet = "sealcase"

// errElecting says that the replica set has its configuration but no primary.
var errElecting = errors.New("waiting for the replica set to elect its only member")

// mongod is the real MongoDB, as a replica set of one, so that majority writes
// mean what they mean in production.
type mongod struct {
	host   *host
	binary string
	addr   string
	proc   *process
}

func (m *mongod) fetch(context.Context) error { return nil }

func (m *mongod) start(ctx context.Context) error {
	home, err := m.host.home("mongo")
	if err != nil {
		return err
	}
	if m.addr == "" {
		if m.addr, err = m.host.ports.address("mongo", m.host.wish[Mongo]); err != nil {
			return err
		}
	}
	_, port, _ := strings.Cut(m.addr, ":")
	m.proc = &process{name: "mongod", path: m.binary, dir: home, log: m.host.log("mongod"), stop: syscall.SIGTERM,
		args: []string{"--replSet", replicaSet, "--dbpath", home, "--bind_ip", "127.0.0.1", "--port", port,
			"--wiredTigerCacheSizeGB", "0.25"}}
	return m.host.run(ctx, m.proc, "read the log; the data is in "+home, m.elect)
}

// elect makes the server a replica set of one if it is not yet, and returns
// when it accepts writes.
func (m *mongod) elect(ctx context.Context) error {
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + m.addr + "/?directConnection=true"))
	if err != nil {
		return err
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	admin := client.Database("admin")
	var hello struct {
		Writable bool   `bson:"isWritablePrimary"`
		Me       string `bson:"me"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return err
	}
	if hello.Writable && hello.Me == m.addr {
		return nil
	}
	return m.configure(ctx, admin)
}

// configure initiates the replica set, or gives it the address of this start.
func (m *mongod) configure(ctx context.Context, admin *mongo.Database) error {
	members := bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: m.addr}}}
	var current struct {
		Config struct {
			Version int64 `bson:"version"`
			Members []struct {
				Host string `bson:"host"`
			} `bson:"members"`
		} `bson:"config"`
	}
	err := admin.RunCommand(ctx, bson.D{{Key: "replSetGetConfig", Value: 1}}).Decode(&current)
	if err == nil && len(current.Config.Members) == 1 && current.Config.Members[0].Host == m.addr {
		return errElecting
	}
	set := bson.D{{Key: "_id", Value: replicaSet}, {Key: "version", Value: current.Config.Version + 1}, {Key: "members", Value: members}}
	command := bson.D{{Key: "replSetInitiate", Value: set}}
	if err == nil {
		command = bson.D{{Key: "replSetReconfig", Value: set}, {Key: "force", Value: true}}
	}
	if err := admin.RunCommand(ctx, command).Err(); err != nil {
		return fmt.Errorf("configuring the replica set: %w", err)
	}
	return errElecting
}

func (m *mongod) processes() []*process { return started(m.proc) }

func (m *mongod) describe(s *Stack) {
	s.MongoURI, s.Embedded, s.EmbeddedDSN = "mongodb://"+m.addr+"/?replicaSet="+replicaSet, false, ""
}
