package custody

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// Config is what a Service is made of.
type Config struct {
	Registry  Registry         // metadata
	Objects   Objects          // bytes
	Log       evidence.Signer  // signs checkpoints
	SealKey   evidence.Signer  // signs seals
	Origin    string           // names this installation in checkpoints, such as "agency.example"
	Retention time.Duration    // how far ahead objects are locked at birth; 30 days when 0
	PartSize  int64            // bytes of one part of a large upload; 16 MiB when 0
	Memory    int64            // bytes that buffers of all uploads together may take; 96 MiB when 0
	Clock     func() time.Time // time.Now when nil
	Random    io.Reader        // crypto/rand.Reader when nil
	Logger    *slog.Logger     // slog.Default() when nil
	Version   string           // of this program, as entries and bundles name it
}

// Service is custody. It is safe for concurrent use.
type Service struct {
	Config
}

// New returns a Service, or an Invalid error when the configuration lacks
// something. It performs no input or output.
func New(c Config) (*Service, error) { return &Service{Config: c}, nil }

// Close signs the checkpoints that are due and stops what runs in the
// background. The Service must not be used afterwards.
func (s *Service) Close(ctx context.Context) error { return errSoon }

// Ready returns nil when the Service can take evidence: the registry answers,
// the object store keeps locks, and the signers can sign. It fails with
// Unavailable, StorageUnsafe or Sealed.
func (s *Service) Ready(ctx context.Context) error { return errSoon }

var errSoon = evidence.Errorf(evidence.Internal, "this is not built yet")

// Page is a part of anything listed, in its order.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`  // cursor of the next page; "" at the end
	Total int64  `json:"total"` // of the whole list; -1 when unknown
}
