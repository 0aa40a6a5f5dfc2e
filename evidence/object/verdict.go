package object

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// errNotProbed is the verdict before the first probe.
var errNotProbed = evidence.Errorf(evidence.Unavailable, "The object store has not been probed yet. Try again in a moment.")

// Probe tries to break Object Lock's word with objects made for that, in each
// locked bucket. It returns nil when every attempt was
// refused, StorageUnsafe with the plain reasons when one succeeded, and
// Unavailable when it could not find out. What it returns is what Writable
// answers from then on. It takes well under a second on a near server. The
// objects stay until their lock, of about a minute, has run out.
func (s *Store) Probe(ctx context.Context) error {
	s.probing.Lock()
	defer s.probing.Unlock()
	return s.probeNow(ctx)
}

// Writable returns nil when the last probe found that the server keeps Object
// Lock's word, and StorageUnsafe with the reasons when it does not. Where the
// last probe could not find out, it probes again, once for all who wait.
func (s *Store) Writable(ctx context.Context) error {
	if known, verdict := s.lastVerdict(); known {
		return verdict
	}
	s.probing.Lock()
	defer s.probing.Unlock()
	if known, verdict := s.lastVerdict(); known {
		return verdict
	}
	return s.probeNow(ctx)
}

// lastVerdict returns what the last probe found, and whether it found out.
func (s *Store) lastVerdict() (known bool, verdict error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return isFound(s.verdict), s.verdict
}

func (s *Store) probeNow(ctx context.Context) error {
	var verdict error
	for _, bucket := range lockedBuckets(s.buckets) {
		if verdict = s.probe(ctx, bucket); verdict != nil {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Not finding out does not make a server safe that was found unsafe.
	if isFound(verdict) || evidence.CodeOf(s.verdict) != evidence.StorageUnsafe {
		s.verdict = verdict
	}
	return verdict
}

// isFound reports whether a verdict says something about the server, and not
// only that it could not be asked.
func isFound(verdict error) bool {
	return verdict == nil || evidence.CodeOf(verdict) == evidence.StorageUnsafe
}
