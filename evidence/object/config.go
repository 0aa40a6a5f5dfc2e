package object

import (
	"crypto/rand"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/evidence"
)

// DefaultPrefix begins the names of the buckets.
const DefaultPrefix = "sealcase"

// defaultRegion saves asking the server for its region before every first
// request to a bucket; stores other than Amazon's do not care.
const defaultRegion = "us-east-1"

// attempts is how often a request is tried when the server does not answer or
// asks to slow down: about three seconds in all. Longer waits are for callers,
// who are durable workflows or people.
const attempts = 4

// Config says where the object store is and how to sign in to it.
type Config struct {
	Endpoint  string // host:port
	AccessKey string
	SecretKey string
	TLS       bool
	Region    string // empty: us-east-1
	Prefix    string // of the bucket names; empty: DefaultPrefix

	Transport http.RoundTripper // nil: the driver's own
	Now       func() time.Time  // nil: time.Now
	Random    io.Reader         // nil: crypto/rand.Reader
}

// Buckets returns the names of the buckets that belong to the prefix.
func (c Config) Buckets() evidence.Buckets {
	p := c.withDefaults().Prefix
	return evidence.Buckets{Evidence: p + "-evidence", Bundles: p + "-bundles", Ledger: p + "-ledger", Staging: p + "-staging"}
}

func (c Config) withDefaults() Config {
	if c.Region == "" {
		c.Region = defaultRegion
	}
	if c.Prefix == "" {
		c.Prefix = DefaultPrefix
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return c
}

// client returns a client of the store; it does not talk to it yet.
func (c Config) client() (minio.Core, error) {
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:       c.TLS,
		Region:       c.Region,
		Transport:    c.Transport,
		BucketLookup: minio.BucketLookupAuto,
		MaxRetries:   attempts,
	})
	if err != nil {
		return minio.Core{}, evidence.WrapError(evidence.Invalid, err, "the address of the object store is not host:port")
	}
	return *core, nil
}
