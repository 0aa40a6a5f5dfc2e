package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
)

// problemType is the media type of every failure (RFC 9457).
const problemType = "application/problem+json"

// Problem is every answer that reports a failure (RFC 9457).
type Problem struct {
	Type     string        `json:"type" doc:"Names the kind of problem: urn:sealcase:problem:<code>"`
	Title    string        `json:"title" doc:"The kind of problem in words; the same for every problem of a code"`
	Status   int           `json:"status" doc:"The HTTP status"`
	Detail   string        `json:"detail" doc:"What happened, what was kept, and what to try; safe to show"`
	Instance string        `json:"instance,omitempty" doc:"The request's identifier, as the log has it"`
	Code     evidence.Code `json:"code" doc:"The kind of problem, for programs"`
	Kept     string        `json:"kept,omitempty" doc:"What is safe in spite of the failure"`
	Try      string        `json:"try,omitempty" doc:"What to do next"`
	Fields   []FieldFault  `json:"fields,omitempty" doc:"The parts of the request that are not as they must be"`

	contentRange string // for a range that cannot be had
}

// FieldFault is one part of a request that is not as it must be.
type FieldFault struct {
	Field   string `json:"field" doc:"Where, such as body.title or query.limit"`
	Message string `json:"message" doc:"What is wrong with it"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders implements huma.HeadersError: what HTTP itself wants to be told.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{"Cache-Control": {"no-store"}}
	if p.contentRange != "" {
		h.Set("Content-Range", p.contentRange)
	}
	switch p.Code {
	case evidence.Unauthenticated:
		h.Set("WWW-Authenticate", `Bearer realm="sealcase"`)
	case evidence.Unavailable, evidence.Sealed:
		h.Set("Retry-After", "5")
	}
	return h
}

// kind is what a code means in HTTP and in words.
type kind struct {
	status int
	title  string
	kept   string
	try    string
}

// kindOf maps a code, once for the whole API.
func kindOf(code evidence.Code) kind {
	switch code {
	case evidence.Invalid, evidence.Malformed:
		return kind{http.StatusBadRequest, "The request is not valid", "", "Correct the request; unchanged it fails again."}
	case evidence.Unauthenticated:
		return kind{http.StatusUnauthorized, "You are not signed in", "", "Sign in again; what you had begun stays."}
	case evidence.Forbidden:
		return kind{http.StatusForbidden, "Your role does not allow this", "", "Ask somebody whose role allows it, or your supervisor."}
	case evidence.NotFound:
		return kind{http.StatusNotFound, "There is no such thing here", "", "Check the number or the link, or ask a member of the case to add you."}
	case evidence.Conflict:
		return kind{http.StatusConflict, "The state does not allow this now", "", "Look at how it stands now, then decide."}
	case evidence.DigestMismatch:
		return kind{http.StatusUnprocessableEntity, "Bytes and SHA-256 differ", "Nothing was stored; the attempt is in the case's log.", "Compare the file with its source, and add it again."}
	case evidence.LengthMismatch:
		return kind{http.StatusUnprocessableEntity, "Bytes and declared length differ", "What fitted is kept.", "Ask for the offset, and go on from there."}
	case evidence.TooLarge:
		return kind{http.StatusRequestEntityTooLarge, "The request is too large", "", "Send less at once."}
	case evidence.Tampered:
		return kind{http.StatusConflict, "What is stored is not what was sealed", "The stored bytes stay as they are, as evidence.", "Do not rely on it; tell the supervisor."}
	case evidence.Incomplete, evidence.UntrustedKey:
		return kind{http.StatusConflict, "Something that is needed is missing", "", "Look at how it stands now, then decide."}
	case evidence.StorageFull:
		return kind{http.StatusInsufficientStorage, "Storage is full", "What was acknowledged is kept.", "Tell the administrator, and resume when there is room."}
	case evidence.StorageUnsafe:
		return kind{http.StatusServiceUnavailable, "Storage does not keep evidence safe", "", "Tell the administrator: the object store must keep Object Lock's word."}
	case evidence.Unavailable:
		return kind{http.StatusServiceUnavailable, "A server does not answer", "What was acknowledged is kept.", "Try again in a moment."}
	case evidence.Sealed:
		return kind{http.StatusServiceUnavailable, "Vault is sealed", "What was acknowledged is kept.", "Ask the administrator to unseal Vault, then try again."}
	default:
		return kind{http.StatusInternalServerError, "Something went wrong on our side", "", "Try again, and tell the administrator if it stays."}
	}
}

// sentence makes a message of ours, which begins small and ends without a stop
// as errors do, fit to stand before other sentences.
func sentence(message string) string {
	first, size := utf8.DecodeRuneInString(message)
	if size == 0 {
		return message
	}
	message = string(unicode.ToUpper(first)) + message[size:]
	if !strings.ContainsAny(message[len(message)-1:], ".!?") {
		message += "."
	}
	return message
}

// newProblem returns the problem of a code with a detail.
func newProblem(code evidence.Code, detail string) *Problem {
	k := kindOf(code)
	return &Problem{
		Type: "urn:sealcase:problem:" + string(code), Title: k.title, Status: k.status,
		Detail: sentence(detail), Code: code, Kept: k.kept, Try: k.try,
	}
}

// problemOf returns err as a problem. Only its safe message is told.
func problemOf(err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	return newProblem(evidence.CodeOf(err), evidence.MessageOf(err))
}

// codeOfStatus returns the code that fits a failure that only has a status,
// such as Huma's, Gin's and tusd's own.
func codeOfStatus(status int) evidence.Code {
	switch status {
	case http.StatusUnauthorized:
		return evidence.Unauthenticated
	case http.StatusForbidden:
		return evidence.Forbidden
	case http.StatusNotFound, http.StatusGone:
		return evidence.NotFound
	case http.StatusConflict, http.StatusLocked, http.StatusPreconditionFailed:
		return evidence.Conflict
	case http.StatusRequestEntityTooLarge:
		return evidence.TooLarge
	case http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		return evidence.Unavailable
	}
	if status >= http.StatusInternalServerError {
		return evidence.Internal
	}
	return evidence.Invalid
}

// statusProblem returns a problem that keeps a status of its own.
func statusProblem(status int, detail string) *Problem {
	p := newProblem(codeOfStatus(status), detail)
	p.Status = status
	return p
}

// humaProblem is Huma's way to a problem: validation and body errors.
func humaProblem(status int, message string, errs ...error) *Problem {
	if status == http.StatusUnprocessableEntity {
		status = http.StatusBadRequest
	}
	fields, paths := faults(errs)
	if len(fields) > 0 && paths == len(fields) {
		return newProblem(evidence.NotFound, "There is no such thing, or you may not know of it.")
	}
	if status >= http.StatusInternalServerError {
		return newProblem(evidence.Internal, evidence.MessageOf(errors.New(message)))
	}
	detail := "The request is not as it must be: " + message + ". Nothing was changed."
	if len(fields) > 0 {
		detail = "The request is not as it must be: " + fields[0].Field + ": " + fields[0].Message + ". Nothing was changed."
	}
	p := statusProblem(status, detail)
	p.Fields = fields
	return p
}

// faults returns errs as faults, and how many of them are in the path.
func faults(errs []error) (fields []FieldFault, paths int) {
	for _, err := range errs {
		if err == nil {
			continue
		}
		fault := FieldFault{Field: "request", Message: err.Error()}
		if d, ok := err.(huma.ErrorDetailer); ok {
			fault = FieldFault{Field: d.ErrorDetail().Location, Message: d.ErrorDetail().Message}
		}
		if strings.HasPrefix(fault.Field, "path.") {
			paths++
		}
		fields = append(fields, fault)
	}
	return fields, paths
}

// writeProblem answers with p, for whatever is not an operation of Huma's.
func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	body := *p
	body.Instance = requestID(r.Context())
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		// A client that went away is no failure of ours.
		_ = json.NewEncoder(w).Encode(body)
	}
}
