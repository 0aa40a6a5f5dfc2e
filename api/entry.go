package api

import "github.com/sealcase/sealcase/evidence"

// LogEntry is an entry where it stands in its case's log.
type LogEntry struct {
	Index int64 `json:"index"`
	Entry Entry `json:"entry"`
}

// Entry is one act on a case or its evidence, for people to read. What is signed
// and hashed are its canonical bytes, which bundles have.
type Entry struct {
	Type      string            `json:"type"`
	ID        evidence.EntryID  `json:"id"`
	Case      evidence.CaseID   `json:"case"`
	Act       evidence.Act      `json:"act"`
	At        evidence.Instant  `json:"at"`
	Actor     EntryActor        `json:"actor"`
	Item      evidence.ItemID   `json:"item,omitempty"`
	Exhibit   int               `json:"exhibit,omitempty"`
	Name      evidence.FileName `json:"name,omitempty"`
	Digest    evidence.Digest   `json:"sha256,omitzero"`
	Length    *int64            `json:"length,omitempty"`
	Purpose   string            `json:"purpose,omitempty"`
	Authority string            `json:"authority,omitempty"`
	Tool      *Tool             `json:"tool,omitempty"`
	Details   map[string]string `json:"details,omitempty"`
	Nonce     string            `json:"nonce"`
	Signature *EntrySignature   `json:"signature,omitempty"`
}

// EntryActor is who did an act, as its entry records it.
type EntryActor struct {
	ID      evidence.PersonID `json:"id"`
	Name    string            `json:"name"`
	Roles   []evidence.Role   `json:"roles,omitempty"`
	Service bool              `json:"service,omitempty"`
	From    string            `json:"from,omitempty"`
	Client  string            `json:"client,omitempty"`
}

// Tool is a program that took part in an act.
type Tool struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Parameters string `json:"parameters,omitempty"`
}

// EntrySignature is the signature of whoever acted.
type EntrySignature struct {
	Key   string            `json:"key"`
	Bytes []byte            `json:"sig"`
	Index int64             `json:"index,omitempty"`
	Size  int64             `json:"size,omitempty"`
	Path  []evidence.Digest `json:"path,omitempty"`
}

func logEntryOf(l evidence.LogEntry) LogEntry {
	e, a := l.Entry, l.Entry.Actor
	out := Entry{
		Type: e.Type, ID: e.ID, Case: e.Case, Act: e.Act, At: e.At, Item: e.Item, Exhibit: e.Exhibit, Name: e.Name,
		Actor:  EntryActor{ID: a.ID, Name: a.Name, Roles: a.Roles, Service: a.Service, From: a.From, Client: a.Client},
		Digest: e.Digest, Length: e.Length, Purpose: e.Purpose, Authority: e.Authority, Details: e.Details, Nonce: e.Nonce,
	}
	if t := e.Tool; t != nil {
		out.Tool = &Tool{Name: t.Name, Version: t.Version, Parameters: t.Parameters}
	}
	if s := e.Signature; s != nil {
		out.Signature = &EntrySignature{Key: s.Key, Bytes: s.Bytes, Index: s.Index, Size: s.Size, Path: s.Path}
	}
	return LogEntry{Index: l.Index, Entry: out}
}
