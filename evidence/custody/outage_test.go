package custody_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/vault"
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
	u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "x", Length: int64(len(data))})
	l.check(err)
	_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data[:100]))
	l.check(err)

	l.check(stack.Kill(servers.Mongo))
	impatient, err := registry.Open(t.Context(), registry.Config{URI: l.uri, Database: l.database, Patience: time.Millisecond})
	wantCode(t, err, evidence.Unavailable)
	if impatient != nil {
		t.Error("opened a registry that is gone")
	}
	entry := verifiedEntry(c.ID)
	waiting := make(chan error, 1)
	go func() {
		_, err := s.Append(t.Context(), entry)
		waiting <- err
	}()
	time.Sleep(500 * time.Millisecond)
	l.check(stack.Restart(t.Context(), servers.Mongo))
	l.check(<-waiting)

	_, err = s.Append(t.Context(), entry)
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

// TestVaultSealed seals Vault while evidence comes in: nothing can be signed,
// everything goes on record all the same, and is signed when Vault is open.
func TestVaultSealed(t *testing.T) {
	stack := servertest.Own(t, servers.Vault)
	l := newLab(t)
	admin, err := api.NewClient(&api.Config{Address: stack.VaultAddr})
	l.check(err)
	admin.SetToken(stack.VaultRootToken)
	made, err := vault.Bootstrap(t.Context(), admin, vault.Spec{Origin: origin})
	l.check(err)
	client, err := vault.New(vault.Config{Address: stack.VaultAddr, Origin: origin, Service: made.Worker})
	l.check(err)
	l.config.Log, l.config.SealKey = client.Signer(vault.KeyLog), client.Signer(vault.KeySeal)
	l.config.CheckpointDelay = 100 * time.Millisecond
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	first := l.bring(s, in, "first", []byte("first"))
	l.sealAll(s, in)
	l.check(s.Ready(t.Context()))

	l.check(stack.Seal(t.Context()))
	_, err = s.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	wantCode(t, err, evidence.Sealed)
	second := l.bring(s, in, "second", []byte("second"))
	_, err = s.SealItems(t.Context(), worker, []evidence.Item{second})
	wantCode(t, err, evidence.Sealed)
	_, err = s.Checkpoint(t.Context(), worker, c.ID)
	wantCode(t, err, evidence.Sealed)
	wantCode(t, s.Ready(t.Context()), evidence.Sealed)
	if v, err := s.VerifyItem(t.Context(), examiner, first.ID, nil); err != nil || !v.OK || !v.SealOK {
		t.Errorf("what was sealed before cannot be verified: %+v, %v", v, err)
	}
	size := int64(len(l.log(s, c.ID)))

	l.check(stack.Unseal(t.Context()))
	deadline := time.Now().Add(20 * time.Second)
	for note := []byte(nil); note == nil; time.Sleep(50 * time.Millisecond) { // signed in the background
		note, err = l.registry.Checkpoint(t.Context(), c.ID, size)
		l.check(err)
		if time.Now().After(deadline) {
			t.Fatalf("no checkpoint of %d entries", size)
		}
	}
	l.sealAll(s, in)
	if got := l.checkLog(s, c.ID); got != size+1 {
		t.Errorf("%d entries, want %d", got, size+1)
	}
}
