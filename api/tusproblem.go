package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
)

// tusProblem returns tusd's own failure ("ERR_NAME: words") as a problem.
func tusProblem(status int, text string) *Problem {
	name, words, _ := strings.Cut(strings.TrimSpace(text), ": ")
	switch name {
	case "ERR_UPLOAD_SIZE_EXCEEDED":
		p := newProblem(evidence.LengthMismatch, "More bytes came than the upload was declared to have. What fitted before this request is kept; nothing was completed. Begin a new upload with the right length.")
		p.Status = status
		return p
	case "ERR_MISMATCHED_OFFSET":
		return newProblem(evidence.Conflict, "The upload stands at another offset. Nothing of this request was read; what was acknowledged is kept. Ask for the offset with HEAD, and go on from there.")
	case "ERR_UNSUPPORTED_VERSION":
		p := newProblem(evidence.Invalid, "Uploads speak tus 1.0.0: send the header Tus-Resumable: 1.0.0. Nothing was read.")
		p.Status = status
		return p
	case "ERR_UPLOAD_LOCKED", "ERR_LOCK_TIMEOUT", "ERR_UPLOAD_INTERRUPTED":
		p := newProblem(evidence.Conflict, "Another request writes to this upload. What was acknowledged is kept. Ask for the offset with HEAD, and go on from there.")
		p.Status = http.StatusLocked
		return p
	case "ERR_READ_TIMEOUT", "ERR_CONNECTION_RESET", "ERR_UNEXPECTED_EOF":
		p := newProblem(evidence.Incomplete, "The connection broke before the request was whole. The bytes that came are kept. Ask for the offset with HEAD, and go on from there.")
		p.Status = http.StatusRequestTimeout
		return p
	case "ERR_SERVER_SHUTDOWN":
		return newProblem(evidence.Unavailable, "The server is ending. The bytes that came are kept. Ask for the offset with HEAD in a moment, and go on from there.")
	case "ERR_NOT_IMPLEMENTED":
		return newProblem(evidence.Invalid, "Every upload says its length when it is created (Upload-Length). Nothing was begun.")
	}
	if status >= http.StatusInternalServerError {
		return newProblem(evidence.Internal, evidence.MessageOf(nil))
	}
	return statusProblem(status, "The upload request is not as tus 1.0 has it: "+words+". Nothing of it was read.")
}

// documentUploads writes the tus operations into the description.
func (s *Server) documentUploads() {
	header := func(name, words string, required bool) *huma.Param {
		return &huma.Param{Name: name, In: "header", Description: words, Required: required, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	resumable := header("Tus-Resumable", "1.0.0", true)
	digest := header("Repr-Digest", "sha-256=:BASE64: of the whole file; with the request that brings the last bytes, unless metadata has sha256", false)
	path := &huma.Param{Name: "upload", In: "path", Required: true, Schema: idText[evidence.UploadID]{}.Schema(nil)}
	bytes := &huma.RequestBody{Content: map[string]*huma.MediaType{
		"application/offset+octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	add := func(method, where, id, summary, status string, body *huma.RequestBody, params ...*huma.Param) {
		o := op(method, where, id, summary)
		o.Security = []map[string][]string{{"cookie": {}}, {"bearer": {}}}
		o.Parameters, o.RequestBody = params, body
		o.Responses = map[string]*huma.Response{status: {Description: "Upload-Offset is what is safe; Sealcase-Item and Sealcase-Exhibit when it is complete"}}
		o = withProblem(s.api.OpenAPI().Components.Schemas, o)
		s.api.OpenAPI().AddOperation(&o)
	}
	add(http.MethodPost, "/uploads/", "create-upload", "Begin an upload (tus 1.0 creation, creation-with-upload)", "201", bytes, resumable, digest,
		header("Upload-Length", "Bytes of the whole file", true),
		header("Upload-Metadata", "intake, name (raw bytes), path, modified_at, sha256 (hexadecimal), and of a collection: collection (lines of its manifest, a space, its offset); each as tus has it: key base64", true),
		header("Idempotency-Key", "A repeat with the same key begins nothing more", false))
	add(http.MethodHead, "/uploads/{upload}", "head-upload", "How much of an upload is safe", "200", nil, path, resumable)
	add(http.MethodPatch, "/uploads/{upload}", "patch-upload", "Send bytes from the offset on", "204", bytes, path, resumable, digest,
		header("Upload-Offset", "Where the bytes begin; what HEAD said", true))
	add(http.MethodDelete, "/uploads/{upload}", "abort-upload", "Throw an upload away that is not complete", "204", nil, path, resumable)
}
