package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// File is what the server is told of a file before its bytes.
type File struct {
	Intake     evidence.IntakeID
	Name       evidence.FileName
	Path       evidence.FileName // of its folder; may be empty
	Length     int64
	ModifiedAt evidence.Instant
	Collection evidence.Collection // what is known of it before it is read
}

// Ending is what goes with the last bytes of a file.
type Ending struct {
	Digest evidence.Digest // of all of them; zero with bytes that are not the last
	Root   evidence.Digest // of a collection's tree
}

// add adds the ending to the header of a request.
func (e Ending) add(h http.Header) {
	if !e.Digest.IsZero() {
		h.Set("Repr-Digest", reprDigest(e.Digest))
	}
	if !e.Root.IsZero() {
		h.Set("Sealcase-Collection-Root", e.Root.String())
	}
}

// Sent is where an upload stands after a request.
type Sent struct {
	Upload  evidence.UploadID
	Offset  int64           // bytes that are safe
	Item    evidence.ItemID // when the upload is complete
	Exhibit string          // its number
}

const chunkType = "application/offset+octet-stream"

func (f File) metadata() string {
	pairs := []string{
		"intake " + base64.StdEncoding.EncodeToString([]byte(f.Intake)),
		"name " + base64.StdEncoding.EncodeToString([]byte(f.Name)),
	}
	if f.Path != "" {
		pairs = append(pairs, "path "+base64.StdEncoding.EncodeToString([]byte(f.Path)))
	}
	if !f.ModifiedAt.IsZero() {
		pairs = append(pairs, "modified_at "+base64.StdEncoding.EncodeToString([]byte(f.ModifiedAt.String())))
	}
	if c := f.Collection; !c.IsZero() {
		pairs = append(pairs, "collection "+base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%d %d", c.Leaves, c.Manifest)))
	}
	return strings.Join(pairs, ",")
}

func reprDigest(d evidence.Digest) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(d[:]) + ":"
}

// CreateUpload begins an upload; the same key again is the same one. whole may
// carry all the bytes, with their digest, so that a small file takes one
// request.
func (c *Client) CreateUpload(ctx context.Context, key string, f File, whole []byte, end Ending) (Sent, error) {
	h := http.Header{
		"Tus-Resumable": {"1.0.0"}, "Upload-Length": {strconv.FormatInt(f.Length, 10)},
		"Upload-Metadata": {f.metadata()}, "Idempotency-Key": {key},
	}
	r := request{method: http.MethodPost, path: "/api/v1/uploads/", header: h}
	end.add(h)
	if len(whole) > 0 {
		h.Set("Content-Type", chunkType)
		r.body, r.length = bytes.NewReader(whole), int64(len(whole))
	}
	resp, err := c.call(ctx, r, nil)
	if err != nil {
		return Sent{}, err
	}
	return sent(resp, evidence.UploadID(path.Base(resp.Header.Get("Location"))))
}

// UploadOffset asks how much of an upload is safe.
func (c *Client) UploadOffset(ctx context.Context, id evidence.UploadID) (Sent, error) {
	resp, err := c.call(ctx, request{
		method: http.MethodHead, path: "/api/v1/uploads/" + string(id), header: http.Header{"Tus-Resumable": {"1.0.0"}},
	}, nil)
	if err != nil {
		return Sent{}, err
	}
	return sent(resp, id)
}

// SendChunk sends length bytes from offset on. end is for the last ones, which
// must have it.
func (c *Client) SendChunk(ctx context.Context, id evidence.UploadID, offset int64, body io.Reader, length int64, end Ending) (Sent, error) {
	h := http.Header{
		"Tus-Resumable": {"1.0.0"}, "Content-Type": {chunkType}, "Upload-Offset": {strconv.FormatInt(offset, 10)},
		"Expect": {"100-continue"}, // bytes that would be refused are not sent
	}
	end.add(h)
	resp, err := c.call(ctx, request{
		method: http.MethodPatch, path: "/api/v1/uploads/" + string(id), header: h, body: body, length: length,
	}, nil)
	if err != nil {
		return Sent{}, err
	}
	return sent(resp, id)
}

func sent(resp *http.Response, id evidence.UploadID) (Sent, error) {
	s := Sent{Upload: id, Item: evidence.ItemID(resp.Header.Get("Sealcase-Item")), Exhibit: resp.Header.Get("Sealcase-Exhibit")}
	if s.Item != "" && resp.Header.Get("Upload-Offset") == "" {
		return s, nil // an empty file has no offset to tell
	}
	offset, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil && resp.StatusCode != http.StatusCreated {
		return Sent{}, evidence.WrapError(evidence.Malformed, err, "the server did not say how much of the upload is safe")
	}
	s.Offset = offset
	return s, nil
}
