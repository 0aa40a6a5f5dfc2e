// Package payload encrypts what the workflow engine keeps: inputs, results,
// update arguments, heartbeats, and the messages of failures. Whoever administers
// the engine, its database or its backups reads none of it, and cannot write
// anything that a worker would take: only payloads that are encrypted by a data
// key of this installation are read.
//
// The engine still sees identifiers of cases, items and people in workflow IDs,
// the search attributes of package workflows, types, times and sizes. It can hand
// a worker an old payload in a new place.
package payload

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"sync"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"github.com/sealcase/sealcase/evidence"
)

// Keys gives data keys, and opens them again (vault.Client).
type Keys interface {
	NewDataKey(ctx context.Context) (key []byte, wrapped string, err error)
	OpenDataKey(ctx context.Context, wrapped string) ([]byte, error)
}

const (
	encoding    = "binary/sealcase" // says in a payload's metadata that it is encrypted
	metaWrapped = "sealcase-key"    // in a payload's metadata: its data key, wrapped

	keyLife   = time.Hour // of a data key, before another is taken for what is new
	keyUses   = 1 << 24   // likewise: far from where random nonces would repeat
	openLimit = 4096      // how many data keys are remembered
	askLimit  = 15 * time.Second
)

// Codec encrypts payloads. It is safe for concurrent use.
type Codec struct {
	keys Keys
	now  func() time.Time

	making sync.Mutex // one new key at a time
	mu     sync.Mutex
	open   map[string]cipher.AEAD // by wrapped key
	with   string                 // the wrapped key that new payloads get
	until  time.Time
	left   int
}

// NewCodec returns a Codec that takes its keys from there. now is time.Now when
// nil.
func NewCodec(keys Keys, now func() time.Time) *Codec {
	if now == nil {
		now = time.Now
	}
	return &Codec{keys: keys, now: now, open: map[string]cipher.AEAD{}}
}

// Converters returns what a client of the engine encrypts values and failures
// with.
func Converters(keys Keys) (converter.DataConverter, converter.FailureConverter) {
	data := workflow.DataConverterWithoutDeadlockDetection( // Vault may be asked while a workflow runs
		converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), NewCodec(keys, nil)))
	return data, temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
		DataConverter: data, EncodeCommonAttributes: true,
	})
}

// Encode implements converter.PayloadCodec.
func (c *Codec) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	encrypted := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		wrapped, seal, err := c.current()
		if err != nil {
			return nil, err
		}
		plain, err := proto.Marshal(p)
		if err != nil {
			return nil, evidence.WrapError(evidence.Internal, err, "encrypting what the workflow engine keeps")
		}
		nonce := make([]byte, seal.NonceSize(), seal.NonceSize()+len(plain)+seal.Overhead())
		_, _ = rand.Read(nonce) // never fails
		encrypted[i] = &commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(encoding), metaWrapped: []byte(wrapped)},
			Data:     seal.Seal(nonce, nonce, plain, []byte(wrapped)),
		}
	}
	return encrypted, nil
}

// Decode implements converter.PayloadCodec. Tampered means that a payload is not
// one that this installation encrypted.
func (c *Codec) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	plain := make([]*commonpb.Payload, len(payloads))
	for i, p := range payloads {
		var err error
		if plain[i], err = c.decode(p); err != nil {
			return nil, err
		}
	}
	return plain, nil
}

func (c *Codec) decode(p *commonpb.Payload) (*commonpb.Payload, error) {
	foreign := evidence.Errorf(evidence.Tampered, "the workflow engine gave something that this installation did not encrypt")
	if string(p.GetMetadata()[converter.MetadataEncoding]) != encoding {
		return nil, foreign
	}
	wrapped := string(p.GetMetadata()[metaWrapped])
	seal, err := c.opened(wrapped)
	if err != nil {
		return nil, err
	}
	if len(p.GetData()) < seal.NonceSize() {
		return nil, foreign
	}
	nonce, sealed := p.GetData()[:seal.NonceSize()], p.GetData()[seal.NonceSize():]
	raw, err := seal.Open(nil, nonce, sealed, []byte(wrapped))
	if err != nil {
		return nil, foreign
	}
	var plain commonpb.Payload
	if err := proto.Unmarshal(raw, &plain); err != nil {
		return nil, foreign
	}
	return &plain, nil
}

// current returns the data key for what is new, another one from time to time.
func (c *Codec) current() (wrapped string, seal cipher.AEAD, err error) {
	if wrapped, seal := c.usable(); seal != nil {
		return wrapped, seal, nil
	}
	c.making.Lock()
	defer c.making.Unlock()
	if wrapped, seal := c.usable(); seal != nil { // somebody else took one meanwhile
		return wrapped, seal, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	key, wrapped, err := c.keys.NewDataKey(ctx)
	if err != nil {
		return "", nil, err
	}
	if seal, err = c.remember(wrapped, key); err != nil {
		return "", nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.with, c.until, c.left = wrapped, c.now().Add(keyLife), keyUses
	return wrapped, seal, nil
}

// usable returns the data key in use and counts the use, or nil.
func (c *Codec) usable() (string, cipher.AEAD) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left <= 0 || !c.now().Before(c.until) {
		return "", nil
	}
	c.left--
	return c.with, c.open[c.with]
}

// opened returns a data key that came with a payload.
func (c *Codec) opened(wrapped string) (cipher.AEAD, error) {
	c.mu.Lock()
	known := c.open[wrapped]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	key, err := c.keys.OpenDataKey(ctx, wrapped)
	if err != nil {
		return nil, err
	}
	return c.remember(wrapped, key)
}

func (c *Codec) remember(wrapped string, key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, evidence.WrapError(evidence.Internal, err, "a data key is none")
	}
	seal, err := cipher.NewGCM(block)
	if err != nil {
		return nil, evidence.WrapError(evidence.Internal, err, "a data key is none")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.open) >= openLimit {
		clear(c.open)
		c.left = 0 // the key in use is gone as well
	}
	c.open[wrapped] = seal
	return seal, nil
}
