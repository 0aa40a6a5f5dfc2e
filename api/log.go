package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// LogPage is a part of a case's log.
type LogPage struct {
	Items []LogEntry `json:"items"`
	Size  int64      `json:"size" doc:"Entries in the whole log"`
}

type logInput struct {
	Case  evidence.CaseID `path:"case"`
	From  int64           `query:"from" minimum:"0" doc:"The index of the first entry wanted"`
	Limit PageLimit       `query:"limit" doc:"At most so many"`
}

// textOutput is an answer in plain bytes.
type textOutput struct {
	ContentType  string `header:"Content-Type"`
	CacheControl string `header:"Cache-Control"`
	Disposition  string `header:"Content-Disposition"`
	Body         []byte
}

const plainText = "text/plain; charset=utf-8"

func (s *Server) logOperations() {
	register(s, op(http.MethodGet, "/cases/{case}/log", "get-log", "Entries of a case's log"), s.logPage)
	register(s, text(op(http.MethodGet, "/cases/{case}/checkpoint", "get-checkpoint", "The signed head of a case's log"),
		"text/plain", "A signed note (C2SP checkpoint)"), s.checkpoint)
	register(s, text(op(http.MethodGet, "/cases/{case}/events", "watch-case", "New entries of a case's log, as they come"),
		"text/event-stream", "Events named entry; data is {index, entry}; id is the index"), s.events)
	registerPublic(s, text(op(http.MethodGet, "/keys", "get-keys", "The public keys that checkpoints and seals are signed with"),
		"text/plain", "Verifier keys, one a line (C2SP signed-note)"), s.keys)
}

func (s *Server) logPage(ctx context.Context, actor evidence.Actor, in *logInput) (*body[LogPage], error) {
	entries, size, err := s.Logs.LogPage(ctx, actor, in.Case, in.From, int(in.Limit))
	if err != nil {
		return nil, err
	}
	return &body[LogPage]{Body: LogPage{Items: each(entries, logEntryOf), Size: size}}, nil
}

func (s *Server) checkpoint(ctx context.Context, actor evidence.Actor, in *caseInput) (*textOutput, error) {
	note, err := s.Logs.Checkpoint(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	return &textOutput{ContentType: plainText, CacheControl: "no-store", Body: note}, nil
}

func (s *Server) keys(ctx context.Context, _ *struct{}) (*textOutput, error) {
	keys, err := s.PublicKeys.Keys(ctx)
	if err != nil {
		return nil, err
	}
	return &textOutput{ContentType: plainText, CacheControl: "no-cache", Body: keyFile(keys)}, nil
}

// keyFile returns the agency's public keys as a file that readers take: one a line.
// Where a root is among them, whoever is given the file needs nothing else: the
// others are comments.
func keyFile(keys []evidence.PublicKey) []byte {
	var roots, others []evidence.PublicKey
	for _, k := range keys {
		if role, _, _ := attest.RoleOf(k.Name); role == attest.RoleRoot {
			roots = append(roots, k)
		} else {
			others = append(others, k)
		}
	}
	if len(roots) == 0 {
		return evidence.FormatVKeys(keys)
	}
	text := evidence.FormatVKeys(roots)
	for line := range strings.Lines(string(evidence.FormatVKeys(others))) {
		text = append(append(text, "# the root states: "...), line...)
	}
	return text
}
