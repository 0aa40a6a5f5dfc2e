package witness

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// ServerConfig is what a witness is made of.
type ServerConfig struct {
	Dir    string           // the witness's folder; made where it is missing
	Name   string           // of its key, at the first start: a URL without schema, such as witness.court.example
	Logs   Policy           // the logs that it accepts
	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand.Reader when nil
	Logger *slog.Logger     // slog.Default() when nil
}

// Server is a witness. It is safe for concurrent use; what is asked about one
// log is answered in turn. Two Servers on one folder are refused.
type Server struct {
	folder  *folder
	private ed25519.PrivateKey
	key     evidence.WitnessKey
	clock   func() time.Time
	logger  *slog.Logger
	logs    map[string]*watched // by origin; never changed
	mux     *http.ServeMux
}

// watched is a log that the witness accepts.
type watched struct {
	turn sync.Mutex // held while a checkpoint is compared, cosigned and kept
	keys []evidence.PublicKey
}

// NewServer opens or makes a witness. It fails with Invalid, Conflict (another
// runs in the folder), Malformed, Incomplete or Tampered (the folder is not as
// a witness left it), and Unavailable. The caller closes the Server.
func NewServer(c ServerConfig) (*Server, error) {
	if c.Dir == "" || len(c.Logs) == 0 {
		return nil, evidence.Errorf(evidence.Invalid, "a witness needs a folder and a log that it accepts")
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	f, err := openFolder(c.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{folder: f, clock: c.Clock, logger: c.Logger, logs: map[string]*watched{}, mux: http.NewServeMux()}
	if err := s.open(c); err != nil {
		_ = f.close() // err says more
		return nil, err
	}
	s.mux.HandleFunc("POST "+addCheckpoint, s.addCheckpoint)
	return s, nil
}

// open reads the key and what was cosigned.
func (s *Server) open(c ServerConfig) error {
	private, name, err := s.folder.key(c.Name, c.Random)
	if err != nil {
		return err
	}
	s.private = private
	s.key = evidence.WitnessKey{Name: name, Key: private.Public().(ed25519.PublicKey)}
	for origin, keys := range maps.All(c.Logs) {
		if _, err := s.folder.last(origin, s.key); err != nil {
			return fmt.Errorf("the log %s: %w", origin, err)
		}
		s.logs[origin] = &watched{keys: keys}
	}
	return nil
}

// Key returns the witness's key, which whoever is to trust it must be given.
func (s *Server) Key() evidence.WitnessKey { return s.key }

// Close gives the folder up. No request may be under way.
func (s *Server) Close() error { return s.folder.close() }

// ServeHTTP implements http.Handler: POST /add-checkpoint, and nothing else.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func (s *Server) addCheckpoint(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		s.refuse(w, r, verdict{status: http.StatusRequestEntityTooLarge, why: "the request cannot be read, or is too long"})
		return
	}
	line, no := s.cosign(r.Context(), body)
	if no.status != 0 {
		s.refuse(w, r, no)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(line) // whoever asked is gone, and asks again
}

// verdict is why a checkpoint is not cosigned; its zero value is none.
type verdict struct {
	status int
	why    string
	size   int64 // of the last cosigned checkpoint, for 409
	origin string
	err    error
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, v verdict) {
	level := slog.LevelInfo
	switch {
	case v.status >= 500:
		level = slog.LevelError
	case v.status == http.StatusUnprocessableEntity:
		level = slog.LevelWarn // perhaps a log that misbehaves
	}
	s.logger.Log(r.Context(), level, "not cosigned", "origin", v.origin, "status", v.status, "why", v.why, "size", v.size, "error", v.err)
	if v.status == http.StatusConflict {
		w.Header().Set("Content-Type", sizeType)
		w.WriteHeader(v.status)
		_, _ = io.WriteString(w, strconv.FormatInt(v.size, 10)+"\n")
		return
	}
	http.Error(w, v.why, v.status)
}

// cosign checks a submission in the order that the protocol gives.
func (s *Server) cosign(ctx context.Context, body []byte) (line []byte, no verdict) {
	in, err := parseSubmission(body)
	if err != nil {
		return nil, verdict{status: http.StatusBadRequest, why: evidence.MessageOf(err)}
	}
	cp, err := ledger.ParseCheckpoint(in.checkpoint)
	if err != nil {
		return nil, verdict{status: http.StatusBadRequest, why: evidence.MessageOf(err)}
	}
	log, known := s.logs[cp.Origin]
	if !known {
		return nil, verdict{status: http.StatusNotFound, why: "this log is not known here", origin: cp.Origin}
	}
	if _, _, err := ledger.OpenCheckpoint(in.checkpoint, log.keys); err != nil {
		return nil, verdict{status: http.StatusForbidden, why: "no key that is trusted for this log signed the checkpoint", origin: cp.Origin, err: err}
	}
	if in.old > cp.Size {
		return nil, verdict{status: http.StatusBadRequest, why: "the old size is larger than the checkpoint's", origin: cp.Origin}
	}
	log.turn.Lock()
	defer log.turn.Unlock()
	return s.cosignNext(ctx, in, cp)
}

// cosignNext cosigns cp when it continues what was cosigned last. The caller
// has the log's turn.
func (s *Server) cosignNext(ctx context.Context, in submission, cp ledger.Checkpoint) (line []byte, no verdict) {
	last, err := s.folder.last(cp.Origin, s.key)
	if err != nil {
		return nil, verdict{status: http.StatusInternalServerError, why: "the witness cannot cosign now", origin: cp.Origin, err: err}
	}
	switch {
	case in.old != last.Size:
		return nil, verdict{status: http.StatusConflict, why: "another size was cosigned last", size: last.Size, origin: cp.Origin}
	case cp.Size == last.Size && cp.Root != last.Root:
		return nil, verdict{status: http.StatusConflict, why: "another log of this size was cosigned", size: last.Size, origin: cp.Origin}
	}
	if err := ledger.VerifyConsistency(last.Size, cp.Size, in.proof, last.Root, cp.Root); err != nil {
		return nil, verdict{status: http.StatusUnprocessableEntity, why: "the checkpoint is not shown to continue what was cosigned last", size: last.Size, origin: cp.Origin, err: err}
	}
	line, err = s.folder.cosign(ctx, cp, in.checkpoint, func() ([]byte, error) {
		return ledger.Cosign(cp, s.key.Name, s.private, s.clock())
	})
	if err != nil {
		return nil, verdict{status: http.StatusInternalServerError, why: "the witness cannot cosign now", origin: cp.Origin, err: err}
	}
	s.logger.InfoContext(ctx, "cosigned", "origin", cp.Origin, "from", last.Size, "size", cp.Size)
	return line, verdict{}
}
