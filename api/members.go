package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// CollectionMember is a file, folder, link or other thing in an exhibit that holds
// many, as its manifest has it.
type CollectionMember struct {
	Index    int64             `json:"index" doc:"Of its line in the manifest, from 1"`
	Path     evidence.FileName `json:"path"`
	Kind     collection.Kind   `json:"kind" doc:"file, folder, link, pipe, socket, block, char or other"`
	Length   *int64            `json:"length,omitempty" doc:"Of a file whose bytes are in the collection"`
	Digest   evidence.Digest   `json:"sha256,omitzero"`
	SHA1     string            `json:"sha1,omitempty"`
	MD5      string            `json:"md5,omitempty"`
	State    collection.State  `json:"state,omitempty" doc:"How reading it went: whole, grown, mixed, short or error"`
	Modified collection.Time   `json:"mtime,omitempty" doc:"Nanoseconds since 1970, as the source claims"`
	Target   evidence.FileName `json:"target,omitempty" doc:"Of a link"`
	Failure  string            `json:"failure,omitempty" doc:"What could not be read, and why"`
	Offset   int64             `json:"offset,omitempty" doc:"Of its first byte in the exhibit"`
}

func memberOfCollection(e collection.Entry) CollectionMember {
	m := CollectionMember{
		Index: e.Index, Path: e.Path, Kind: e.Kind, Length: e.Length, Digest: e.Digest, State: e.State, Modified: e.Modified,
		Target: e.Target, Failure: e.Failure, Offset: e.Offset,
	}
	if e.Member != "" {
		m.SHA1, m.MD5 = e.SHA1.String(), e.MD5.String()
	}
	return m
}

// Collections is what the API asks about exhibits that hold many files
// (*exhibit.Service).
type Collections interface {
	CollectionMembers(ctx context.Context, actor evidence.Actor, id evidence.ItemID, filter, cursor string, limit int) (evidence.Page[collection.Entry], error)
	RequestMember(ctx context.Context, actor evidence.Actor, id evidence.ItemID, index int64, purpose string, offset, length int64) (evidence.Ticket, error)
	ProveMember(ctx context.Context, actor evidence.Actor, id evidence.ItemID, index int64) ([]byte, error)
}

type membersOfInput struct {
	PageQuery
	Item   evidence.ItemID `path:"item"`
	Filter string          `query:"filter" maxLength:"200" doc:"Only members whose path contains this, in whatever case"`
}

type memberOfInput struct {
	Item  evidence.ItemID `path:"item"`
	Index int64           `path:"index" minimum:"1"`
}

type readMemberInput struct {
	Item  evidence.ItemID `path:"item"`
	Index int64           `path:"index" minimum:"1"`
	Body  ReadRequest
}

func (s *Server) memberOperations() {
	register(s, op(http.MethodGet, "/evidence/{item}/members", "list-collection", "What is in an exhibit that holds many files, by path"), s.listCollection)
	read := op(http.MethodPost, "/evidence/{item}/members/{index}/tickets", "read-member",
		"Put on record, signed, that I read a member, and get the ticket that opens its bytes among the exhibit's: ask for that range of its content")
	read.DefaultStatus = http.StatusCreated
	register(s, read, s.readMember)
	register(s, text(op(http.MethodGet, "/evidence/{item}/members/{index}/proof", "prove-member", "The proof that a member is of this exhibit, which names no other"),
		"application/json", "A member proof: FORMAT.md of package collection, section 5"), s.proveMember)
}

func (s *Server) listCollection(ctx context.Context, actor evidence.Actor, in *membersOfInput) (*body[Page[CollectionMember]], error) {
	page, err := s.Collections.CollectionMembers(ctx, actor, in.Item, in.Filter, string(in.Cursor), int(in.Limit))
	if err != nil {
		return nil, err
	}
	return pageOf(page, memberOfCollection), nil
}

func (s *Server) readMember(ctx context.Context, actor evidence.Actor, in *readMemberInput) (*body[Ticket], error) {
	offset, length := in.Body.asked()
	t, err := s.Collections.RequestMember(ctx, actor, in.Item, in.Index, in.Body.Purpose, offset, length)
	if err != nil {
		return nil, err
	}
	return ticketOf(t), nil
}

func (s *Server) proveMember(ctx context.Context, actor evidence.Actor, in *memberOfInput) (*textOutput, error) {
	proof, err := s.Collections.ProveMember(ctx, actor, in.Item, in.Index)
	if err != nil {
		return nil, err
	}
	return &textOutput{
		ContentType: "application/json", CacheControl: "no-store", Disposition: disposition(evidence.FileName(string(in.Item) + ".member.json")), Body: proof,
	}, nil
}
