package api

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/sealcase/sealcase/evidence"
)

// heartbeat is how often a silent stream says that it lives, so that proxies
// keep it; the session is looked at again as often.
const heartbeat = 15 * time.Second

type eventsInput struct {
	Case        evidence.CaseID `path:"case"`
	After       string          `query:"after" pattern:"^-?[0-9]{1,15}$" doc:"The index of the last entry known; -1 for all; without it only new ones come"`
	LastEventID string          `header:"Last-Event-ID" pattern:"^[0-9]{1,15}$" doc:"As a browser sends it when it connects again"`
}

func (s *Server) events(ctx context.Context, actor evidence.Actor, in *eventsInput) (*huma.StreamResponse, error) {
	after, err := s.startAfter(ctx, actor, in)
	if err != nil {
		return nil, err
	}
	watchCtx, cancel := context.WithCancel(ctx)
	entries, err := s.Logs.Watch(watchCtx, actor, in.Case, after)
	if err != nil {
		cancel()
		return nil, err
	}
	token := sessionOf(ctx).token
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer cancel()
		h := humagin.Unwrap(hctx).Writer.Header()
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // a proxy must not hold events back
		st := stream{w: humagin.Unwrap(hctx).Writer, timeout: 2 * heartbeat}
		if err := st.send(": watching\n\n"); err != nil {
			return
		}
		s.pump(watchCtx, &st, token, entries)
	}}, nil
}

// startAfter returns the index after which the caller wants entries.
func (s *Server) startAfter(ctx context.Context, actor evidence.Actor, in *eventsInput) (int64, error) {
	for _, given := range []string{in.LastEventID, in.After} {
		if given != "" {
			return strconv.ParseInt(given, 10, 64)
		}
	}
	_, size, err := s.Logs.LogPage(ctx, actor, in.Case, 0, 1)
	return size - 1, err
}

// pump sends entries until the client, the session or the server ends. A
// client that was behind connects again with the last index that it saw.
func (s *Server) pump(ctx context.Context, st *stream, token string, entries iter.Seq2[evidence.LogEntry, error]) {
	type next struct {
		entry evidence.LogEntry
		err   error
	}
	came := make(chan next)
	go func() {
		defer close(came)
		for e, err := range entries {
			select {
			case came <- next{e, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-s.stopping:
			return
		case <-beat.C:
			if _, err = s.identify(ctx, token); err == nil {
				err = st.send(": alive\n\n")
			}
		case n, ok := <-came:
			if !ok {
				return
			}
			if err = n.err; err == nil {
				err = st.entry(n.entry)
			}
		}
		if err != nil {
			s.Logger.DebugContext(ctx, "event stream ended", "error", err)
			return
		}
	}
}

// stream writes server-sent events, each with a deadline of its own.
type stream struct {
	w       http.ResponseWriter
	timeout time.Duration
}

func (st *stream) entry(e evidence.LogEntry) error {
	data, err := json.Marshal(logEntryOf(e))
	if err != nil {
		return fmt.Errorf("writing entry %d as an event: %w", e.Index, err)
	}
	return st.send(fmt.Sprintf("id: %d\nevent: entry\ndata: %s\n\n", e.Index, data))
}

func (st *stream) send(event string) error {
	c := http.NewResponseController(st.w)
	if err := c.SetWriteDeadline(time.Now().Add(st.timeout)); err != nil {
		return fmt.Errorf("setting an event's deadline: %w", err)
	}
	if _, err := st.w.Write([]byte(event)); err != nil {
		return fmt.Errorf("sending an event: %w", err)
	}
	return c.Flush()
}
