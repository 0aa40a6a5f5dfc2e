package custody_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/registry"
)

// TestRegistryGoneAndBack kills the registry in the middle of an upload and of
// an append: what waits long enough succeeds, the rest says so, and nothing is
// there twice.
func TestRegistryGoneAndBack(t *testing.T) {
	stack := servertest.Own(t, servers.Mongo)
	l := newLabOn(t, stack.MongoURI, "outage")
	l.check(stack.IndexEmbedded(t.Context(), "outage", registry.EqualityFields()))
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	data := randomBytes(6<<20, 9)
	u, err := s.CreateUpload(t.Context(), examiner, custody.UploadRequest{Intake: in.ID, Name: "x", Length: int64(len(data))})
	l.check(err)
	_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data[:100]))
	l.check(err)

	l.check(stack.Kill(servers.Mongo))
	impatient, err := registry.Open(t.Context(), registry.Config{URI: l.uri, Database: l.database, Patience: time.Millisecond})
	wantCode(t, err, evidence.Unavailable)
	if impatient != nil {
		t.Error("opened a registry that is gone")
	}
	entry := viewed(c.ID)
	waiting := make(chan error, 1)
	go func() {
		_, err := s.Record(t.Context(), entry)
		waiting <- err
	}()
	time.Sleep(500 * time.Millisecond)
	l.check(stack.Restart(t.Context(), servers.Mongo))
	l.check(<-waiting)

	_, err = s.Record(t.Context(), entry)
	l.check(err)
	s = l.service()
	u, err = s.Upload(t.Context(), examiner, u.ID)
	l.check(err)
	_, err = s.WriteUpload(t.Context(), examiner, u.ID, u.Offset, bytes.NewReader(data[u.Offset:]))
	l.check(err)
	it, err := s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Sum(data))
	l.check(err)
	if !bytes.Equal(l.content(s, it.ID), data) {
		t.Error("the stored bytes differ")
	}
	l.checkLog(s, c.ID)
}
