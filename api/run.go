package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// drain is how long requests in flight may take when the program ends.
const drain = 15 * time.Second

// Run serves on l until ctx ends, then lets what is in flight finish. It
// closes l.
func (s *Server) Run(ctx context.Context, l net.Listener) error {
	server := s.httpServer()
	server.RegisterOnShutdown(s.stopLong)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	err := server.Shutdown(ending)
	if errors.Is(err, context.DeadlineExceeded) {
		s.Logger.WarnContext(ctx, "requests were cut off at the end; uploads resume where they were")
		err = server.Close()
	}
	s.notices.wait()
	if err != nil {
		return fmt.Errorf("ending the server: %w", err)
	}
	return nil
}

// httpServer returns the server with its limits. The write timeout is for
// ordinary answers: uploads, downloads and events move their own deadlines as
// bytes flow, so that they may last and a dead peer may not.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       requestTime,
		WriteTimeout:      2 * requestTime,
		IdleTimeout:       2 * requestTime,
		MaxHeaderBytes:    64 << 10,
	}
}
