package witness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// closeLimit is how long requests under way may take when a witness ends.
const closeLimit = 5 * time.Second

// Serve answers requests that come over l until ctx ends, and then closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: s, MaxHeaderBytes: 16 << 10,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving the witness: %w", err)
	case <-ctx.Done():
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeLimit)
	defer cancel()
	if err := errors.Join(server.Shutdown(closing), server.Close()); err != nil {
		return fmt.Errorf("closing the witness: %w", err)
	}
	return nil
}
