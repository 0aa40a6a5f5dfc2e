package api

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/sealcase/sealcase/evidence"
)

// stall is how long a receiver may take no byte before it is given up.
const stall = time.Minute

// delivery is bytes on their way out.
type delivery struct {
	name    evidence.FileName
	digest  evidence.Digest
	content io.ReadCloser
}

// download documents an answer of bytes that supports ranges.
func (s *Server) download(o huma.Operation) huma.Operation {
	o = text(o, "application/octet-stream", "The bytes, always as an attachment; Repr-Digest is their SHA-256")
	o.Responses["206"] = &huma.Response{Description: "The part asked for", Content: o.Responses["200"].Content}
	return withProblem(s.api.OpenAPI().Components.Schemas, o)
}

// send answers with bytes. Evidence is hostile: it is never shown in place,
// never guessed at, and could run nothing if a browser opened it all the same.
func (s *Server) send(sp span, d delivery) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer d.content.Close()
		w := humagin.Unwrap(hctx).Writer
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", disposition(d.name))
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		h.Set("Cache-Control", "no-store")
		h.Set("Accept-Ranges", "bytes")
		h.Set("ETag", digestTag(d.digest))
		h.Set("Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(d.digest[:])+":")
		h.Set("Content-Length", strconv.FormatInt(sp.length, 10))
		status := http.StatusOK
		if sp.partial {
			status = http.StatusPartialContent
			h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", sp.offset, sp.offset+sp.length-1, sp.size))
		}
		w.WriteHeader(status)
		w.WriteHeaderNow()
		// A receiver that gets less than Content-Length knows that it is cut.
		if err := copyPaced(w, d.content, sp.length); err != nil && hctx.Context().Err() == nil {
			s.Logger.ErrorContext(hctx.Context(), "download broke off", "request", requestID(hctx.Context()), "error", err)
		}
	}}
}

// copyPaced copies n bytes and gives each block a deadline of its own, so that
// a long download is fine and a dead receiver is not.
func copyPaced(w http.ResponseWriter, r io.Reader, n int64) error {
	c := http.NewResponseController(w)
	block := make([]byte, 256<<10)
	for n > 0 {
		got, err := io.ReadFull(r, block[:min(n, int64(len(block)))])
		if got > 0 {
			if err := c.SetWriteDeadline(time.Now().Add(stall)); err != nil {
				return fmt.Errorf("setting a download's deadline: %w", err)
			}
			if _, err := w.Write(block[:got]); err != nil {
				return fmt.Errorf("sending bytes: %w", err)
			}
			n -= int64(got)
		}
		if err != nil && (n > 0 || !errors.Is(err, io.ErrUnexpectedEOF)) {
			return fmt.Errorf("reading stored bytes: %w", err)
		}
	}
	return nil
}
