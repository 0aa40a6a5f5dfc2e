package payload_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"google.golang.org/protobuf/proto"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/payload"
)

// keys is a store of data keys in memory.
type keys struct {
	mu     sync.Mutex
	known  map[string][]byte
	made   int
	opened int
	away   error
}

// NewDataKey implements payload.Keys.
func (k *keys) NewDataKey(context.Context) ([]byte, string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.away != nil {
		return nil, "", k.away
	}
	key, wrapped := make([]byte, 32), "vault:v1:"+rand.Text()
	_, _ = rand.Read(key)
	if k.known == nil {
		k.known = map[string][]byte{}
	}
	k.known[wrapped] = key
	k.made++
	return key, wrapped, nil
}

// OpenDataKey implements payload.Keys.
func (k *keys) OpenDataKey(_ context.Context, wrapped string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.opened++
	if key := k.known[wrapped]; key != nil {
		return key, k.away
	}
	return nil, evidence.Errorf(evidence.Tampered, "no key of ours")
}

func plain(t *testing.T, v any) *commonpb.Payload {
	t.Helper()
	p, err := converter.GetDefaultDataConverter().ToPayload(v)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCodec(t *testing.T) {
	t.Parallel()
	k := &keys{}
	clock := time.Unix(1_800_000_000, 0)
	c := payload.NewCodec(k, func() time.Time { return clock })
	values := []*commonpb.Payload{plain(t, "Payroll intrusion"), plain(t, nil), plain(t, []byte{}), plain(t, map[string]int{"a": 1})}
	first, err := c.Encode(values)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Encode(values)
	if err != nil || bytes.Equal(first[0].Data, again[0].Data) {
		t.Errorf("the same value is encrypted to the same bytes, %v", err)
	}
	clock = clock.Add(2 * time.Hour)
	later, err := c.Encode(values)
	if err != nil || k.made != 2 || bytes.Equal(first[0].Metadata["sealcase-key"], later[0].Metadata["sealcase-key"]) {
		t.Errorf("after two hours %d keys were made, %v", k.made, err)
	}
	other := payload.NewCodec(k, nil) // another process
	for _, batch := range [][]*commonpb.Payload{first, again, later, first} {
		for i, p := range batch {
			if raw, _ := proto.Marshal(p); bytes.Contains(raw, []byte("Payroll")) {
				t.Errorf("value %d can be read", i)
			}
		}
		got, err := other.Decode(batch)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if !proto.Equal(got[i], values[i]) {
				t.Errorf("value %d came back as %v", i, got[i])
			}
		}
	}
	if k.opened != 2 {
		t.Errorf("two keys were opened %d times", k.opened)
	}
}

// TestCodecRefusesWhatWasNotEncryptedHere: whoever administers the engine can
// write any payload.
func TestCodecRefusesWhatWasNotEncryptedHere(t *testing.T) {
	t.Parallel()
	k := &keys{}
	c := payload.NewCodec(k, nil)
	encrypted, err := c.Encode([]*commonpb.Payload{plain(t, "one"), plain(t, "two")})
	if err != nil {
		t.Fatal(err)
	}
	_, second, err := k.NewDataKey(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	altered := func(change func(*commonpb.Payload)) *commonpb.Payload {
		p := proto.Clone(encrypted[0]).(*commonpb.Payload)
		change(p)
		return p
	}
	for name, p := range map[string]*commonpb.Payload{
		"plain":       plain(t, "forged"),
		"none":        nil,
		"empty":       {},
		"no data":     altered(func(p *commonpb.Payload) { p.Data = nil }),
		"short":       altered(func(p *commonpb.Payload) { p.Data = p.Data[:12] }),
		"a bit":       altered(func(p *commonpb.Payload) { p.Data[20] ^= 1 }),
		"nonce":       altered(func(p *commonpb.Payload) { p.Data[0] ^= 1 }),
		"another key": altered(func(p *commonpb.Payload) { p.Metadata["sealcase-key"] = []byte(second) }),
		"unknown key": altered(func(p *commonpb.Payload) { p.Metadata["sealcase-key"] = []byte("vault:v1:forged") }),
		"no key":      altered(func(p *commonpb.Payload) { delete(p.Metadata, "sealcase-key") }),
		"mixed":       altered(func(p *commonpb.Payload) { p.Data = append(p.Data[:12:12], encrypted[1].Data[12:]...) }),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.Decode([]*commonpb.Payload{encrypted[1], p})
			if evidence.CodeOf(err) != evidence.Tampered || got != nil {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

// TestCodecWhileVaultIsSealed goes on with the keys that are known.
func TestCodecWhileVaultIsSealed(t *testing.T) {
	t.Parallel()
	k := &keys{away: evidence.Errorf(evidence.Sealed, "sealed")}
	c := payload.NewCodec(k, nil)
	if _, err := c.Encode([]*commonpb.Payload{plain(t, 1)}); evidence.CodeOf(err) != evidence.Sealed {
		t.Fatalf("got %v", err)
	}
	k.away = nil
	known, err := c.Encode([]*commonpb.Payload{plain(t, 1)})
	if err != nil {
		t.Fatal(err)
	}
	k.away = evidence.Errorf(evidence.Sealed, "sealed")
	if _, err := c.Encode([]*commonpb.Payload{plain(t, 1)}); err != nil {
		t.Error(err)
	}
	if _, err := c.Decode(known); err != nil {
		t.Error(err)
	}
}

// TestFailuresAreEncrypted: their messages name things.
func TestFailuresAreEncrypted(t *testing.T) {
	t.Parallel()
	_, failures := payload.Converters(&keys{})
	f := failures.ErrorToFailure(temporal.NewApplicationErrorWithOptions("the exhibit secret.txt is gone", "not_found",
		temporal.ApplicationErrorOptions{Cause: errors.New("reading secret.txt"), Details: []any{"secret.txt"}}))
	if raw, err := proto.Marshal(f); err != nil || bytes.Contains(raw, []byte("secret.txt")) {
		t.Errorf("can be read: %v, %v", f, err)
	}
	back, ok := errors.AsType[*temporal.ApplicationError](failures.FailureToError(proto.Clone(f).(*failurepb.Failure)))
	if !ok || back.Message() != "the exhibit secret.txt is gone" || back.Type() != "not_found" {
		t.Errorf("came back as %v", back)
	}
}
