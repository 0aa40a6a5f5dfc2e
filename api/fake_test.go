package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/workflows"
)

// world stands for custody, the workflows and the identity provider where a
// test is about HTTP: what they do themselves is tested with the real servers.
type world struct {
	api.Casework
	api.Wishes
	api.Logs
	api.PublicKeys
	api.Exhibits
	api.Intakes
	api.Bundles
	api.Register
	api.AlarmBook
	api.Workflows

	mu       sync.Mutex
	fail     error // what every call of custody fails with
	people   map[string]evidence.Person
	tokens   map[string]string         // login by token
	asked    int                       // how often Identify was called
	keys     map[evidence.PersonID]int // how often a key was made sure of
	noKey    error                     // what making one fails with
	actor    evidence.Actor            // who asked for the case last
	c        evidence.Case
	item     evidence.Item
	content  []byte
	purposes []string                             // reads that are on record
	tickets  map[evidence.EntryID]evidence.Ticket // that were not used yet
	opened   []custody.Opening
	members  []evidence.Member
	wished   custody.Wish // what was signed last
	signed   [][]byte     // what acts on cases were signed with
	uploads  map[evidence.UploadID]*upload
	notified int
	entries  chan evidence.LogEntry
}

type upload struct {
	evidence.Upload
	bytes []byte
}

const (
	aCase   = evidence.CaseID("case-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	anItem  = evidence.ItemID("item-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	anInput = evidence.IntakeID("intake-aaaaaaaaaaaaaaaaaaaaaaaaaa")
)

func newWorld() *world {
	content := bytes.Repeat([]byte("0123456789"), 100)
	return &world{
		people: map[string]evidence.Person{
			"emil": {ID: "p-emil", Login: "emil", Name: "Emil", Roles: []evidence.Role{evidence.Examiner}},
			"ida":  {ID: "p-ida", Login: "ida", Name: "Ida", Roles: []evidence.Role{evidence.Investigator}},
		},
		tokens: map[string]string{}, keys: map[evidence.PersonID]int{}, tickets: map[evidence.EntryID]evidence.Ticket{},
		c:       evidence.Case{ID: aCase, Number: "2026-0001", Version: 3, Title: "A case", State: evidence.StateOpen, TimeZone: "UTC"},
		item:    evidence.Item{ID: anItem, Case: aCase, Exhibit: 7, Intake: anInput, Name: "a.bin", Length: int64(len(content)), Digest: evidence.Sum(content), State: evidence.ItemSealed},
		content: content, uploads: map[evidence.UploadID]*upload{}, entries: make(chan evidence.LogEntry, 16),
	}
}

func (w *world) Login(_ context.Context, login, password string) (api.Identity, error) {
	p, ok := w.people[login]
	if !ok || password != "secret" {
		return api.Identity{}, evidence.Errorf(evidence.Unauthenticated, "The login or the password is wrong.")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens["t-"+login] = login
	return api.Identity{Token: "t-" + login, Person: p, Expires: time.Now().Add(time.Hour)}, nil
}

func (w *world) Identify(_ context.Context, token string) (api.Identity, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked++
	login, ok := w.tokens[token]
	switch {
	case errors.Is(w.fail, errSealed):
		return api.Identity{}, w.fail
	case !ok:
		return api.Identity{}, evidence.Errorf(evidence.Unauthenticated, "Your session has ended.")
	}
	return api.Identity{Person: w.people[login], Expires: time.Now().Add(time.Hour)}, nil
}

func (w *world) Logout(_ context.Context, token string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.tokens, token)
	return nil
}

func (w *world) EnsureKey(_ context.Context, token string, person evidence.PersonID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.noKey != nil {
		return w.noKey
	}
	if w.people[w.tokens[token]].ID != person {
		return evidence.Errorf(evidence.Forbidden, "That is somebody else's session.")
	}
	w.keys[person]++
	return nil
}

func (w *world) Signer(token string, person evidence.PersonID) evidence.Signer {
	return tokenSigner{ledger.NewLocalSigner("agency.example/person/"+string(person)+"/v1", [32]byte{1}), token}
}

// tokenSigner is a signer that tells whose token it works with.
type tokenSigner struct {
	evidence.Signer
	token string
}

func (w *world) FindPerson(_ context.Context, login string) (evidence.Person, error) {
	if p, ok := w.people[login]; ok {
		return p, nil
	}
	return evidence.Person{}, evidence.Errorf(evidence.NotFound, "Nobody has that login.")
}

var errSealed = evidence.Errorf(evidence.Sealed, "Vault is sealed.")

func (w *world) Case(_ context.Context, actor evidence.Actor, id evidence.CaseID) (evidence.Case, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.actor = actor
	if w.fail != nil {
		return evidence.Case{}, w.fail
	}
	if id != w.c.ID {
		return evidence.Case{}, evidence.Errorf(evidence.NotFound, "There is no such case, or you may not know of it.")
	}
	return w.c, nil
}

func (w *world) Cases(_ context.Context, _ evidence.Actor, cursor string, limit int) (evidence.Page[evidence.Case], error) {
	if cursor != "" {
		return evidence.Page[evidence.Case]{Total: 2}, w.fail
	}
	return evidence.Page[evidence.Case]{Items: []evidence.Case{w.c}, Next: fmt.Sprintf("after %d", limit), Total: 2}, w.fail
}

func (w *world) Summary(ctx context.Context, a evidence.Actor, id evidence.CaseID) (custody.CaseSummary, error) {
	c, err := w.Case(ctx, a, id)
	return custody.CaseSummary{Case: c, LogSize: 5}, err
}

func (w *world) Members(context.Context, evidence.Actor, evidence.CaseID) ([]evidence.Member, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.members), nil
}

func (w *world) Member(ctx context.Context, a evidence.Actor, c evidence.CaseID, p evidence.PersonID) (evidence.Member, error) {
	list, err := w.Members(ctx, a, c)
	i := slices.IndexFunc(list, func(m evidence.Member) bool { return m.Person == p })
	if err != nil || i < 0 {
		return evidence.Member{}, evidence.Errorf(evidence.NotFound, "There is no such member.")
	}
	return list[i], nil
}

func (w *world) WishMember(_ context.Context, _ evidence.Actor, c evidence.CaseID, p evidence.Person, g evidence.Grant) (custody.Wish, error) {
	return custody.Wish{Case: c, Say: act.MemberAdded{Person: p.ID, Name: p.Name, Login: p.Login, Grant: g}}, nil
}

func (w *world) WishRemoved(_ context.Context, _ evidence.Actor, c evidence.CaseID, p evidence.PersonID, reason string) (custody.Wish, error) {
	return custody.Wish{Case: c, Say: act.MemberRemoved{Person: p}, Purpose: reason}, nil
}

func (w *world) WishClass(_ context.Context, _ evidence.Actor, c evidence.CaseID, to evidence.Class, reason, order string) (custody.Wish, error) {
	return custody.Wish{Case: c, Say: act.ClassChanged{From: w.c.Class.Or(), To: to, Version: w.c.Version + 1}, Purpose: reason, Authority: order}, nil
}

func (w *world) WishCorrected(_ context.Context, _ evidence.Actor, c evidence.CaseID, id evidence.EntryID, right string) (custody.Wish, error) {
	return custody.Wish{Case: c, Say: act.Corrected{Entry: id}, Purpose: right}, nil
}

func (w *world) Follow(context.Context, evidence.CaseID) error { return nil }

func (w *world) CheckOpening(evidence.Actor, custody.Opening) error { return w.fail }

// SignOpening and Sign return what tells who signed what: what custody signs is
// tested there.
func (w *world) SignOpening(_ context.Context, a evidence.Actor, o custody.Opening) ([][]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened = append(w.opened, o)
	return [][]byte{[]byte(string(a.ID) + " opens " + o.Title)}, w.fail
}

func (w *world) Sign(_ context.Context, a evidence.Actor, wish custody.Wish) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wished = wish
	switch said := wish.Say.(type) {
	case act.MemberAdded:
		return []byte(string(a.ID) + " adds " + said.Login), w.fail
	case act.Corrected:
		return []byte(string(a.ID) + " corrects " + wish.Purpose), w.fail
	case act.MemberRemoved:
		return []byte(string(a.ID) + " removes " + string(said.Person)), w.fail
	case act.ClassChanged:
		return []byte(string(a.ID) + " makes it " + string(said.To)), w.fail
	case act.Transitioned:
		return []byte(string(a.ID) + " transitions to " + string(said.To)), w.fail
	}
	return nil, evidence.Errorf(evidence.Invalid, "The fake knows no %s.", wish.Say.Act())
}

func (w *world) OpenCase(_ context.Context, in workflows.ActInput) (custody.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.signed = append(w.signed, in.Signed...)
	return custody.Outcome{Case: evidence.Case{ID: in.Case, Number: "2026-0002", Version: 1, State: evidence.StateIntake, TimeZone: "UTC"}}, nil
}

func (w *world) Act(_ context.Context, in workflows.ActInput) (custody.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.signed = append(w.signed, in.Signed...)
	c := w.c
	switch said := w.wished.Say.(type) {
	case act.MemberAdded:
		w.members = append(w.members, evidence.Member{Case: in.Case, Person: said.Person, Login: said.Login, Name: said.Name, Grant: said.Grant})
	case act.Transitioned:
		if err := c.State.Transition(said.To); err != nil {
			return custody.Outcome{}, err
		}
		c.State, c.Version = said.To, c.Version+1
	}
	return custody.Outcome{Case: c}, nil
}

func (w *world) Item(_ context.Context, _ evidence.Actor, id evidence.ItemID) (evidence.Item, error) {
	if id != w.item.ID {
		return evidence.Item{}, evidence.Errorf(evidence.NotFound, "There is no such item, or you may not know of it.")
	}
	return w.item, w.fail
}

// RequestEvidence and OpenEvidence are custody's promise of tickets in a few
// lines: each opens once what it was asked for.
func (w *world) RequestEvidence(_ context.Context, a evidence.Actor, _ evidence.ItemID, purpose string, offset, length int64) (evidence.Ticket, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return evidence.Ticket{}, w.fail
	}
	if length < 0 {
		length = int64(len(w.content)) - offset
	}
	w.purposes = append(w.purposes, purpose)
	ticket := evidence.Ticket{Entry: evidence.DeriveEntryID(string(a.ID), fmt.Sprint(len(w.purposes))), Offset: offset, Length: length, Until: evidence.At(time.Now())}
	w.tickets[ticket.Entry] = ticket
	return ticket, nil
}

func (w *world) OpenEvidence(_ context.Context, _ evidence.Actor, _ evidence.ItemID, id evidence.EntryID, offset, length int64) (io.ReadCloser, evidence.Item, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ticket, ok := w.tickets[id]
	if !ok {
		return nil, evidence.Item{}, evidence.Errorf(evidence.Conflict, "This ticket was used.")
	}
	if offset < ticket.Offset || offset+length > ticket.Offset+ticket.Length {
		return nil, evidence.Item{}, evidence.Errorf(evidence.Invalid, "This ticket is for other bytes.")
	}
	delete(w.tickets, id)
	return io.NopCloser(bytes.NewReader(w.content[offset:][:length])), w.item, nil
}

func (w *world) LogPage(context.Context, evidence.Actor, evidence.CaseID, int64, int) ([]evidence.LogEntry, int64, error) {
	return nil, 5, w.fail
}

func (w *world) Watch(ctx context.Context, _ evidence.Actor, _ evidence.CaseID, after int64) (iter.Seq2[evidence.LogEntry, error], error) {
	return func(yield func(evidence.LogEntry, error) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case e := <-w.entries:
				if e.Index > after && !yield(e, nil) {
					return
				}
			}
		}
	}, w.fail
}

func (w *world) NotifyIntake(context.Context, evidence.IntakeID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notified++
	return nil
}

// CreateUpload and its like are custody's promises in a few lines.
func (w *world) CreateUpload(_ context.Context, a evidence.Actor, r intake.UploadRequest) (evidence.Upload, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return evidence.Upload{}, w.fail
	}
	id := r.ID
	if id == "" {
		id = evidence.Derive[evidence.UploadID](string(r.Name), time.Now().String())
	}
	if u, ok := w.uploads[id]; ok {
		return u.Upload, nil
	}
	u := &upload{Upload: evidence.Upload{ID: id, Case: aCase, Intake: r.Intake, Name: r.Name, Path: r.Path, Length: r.Length, Declared: r.Declared, CreatedBy: a.ID}}
	w.uploads[id] = u
	return u.Upload, nil
}

func (w *world) Upload(_ context.Context, a evidence.Actor, id evidence.UploadID) (evidence.Upload, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, ok := w.uploads[id]
	if !ok || u.CreatedBy != a.ID {
		return evidence.Upload{}, evidence.Errorf(evidence.NotFound, "There is no such upload, or it is somebody else's.")
	}
	return u.Upload, nil
}

func (w *world) WriteUpload(_ context.Context, _ evidence.Actor, id evidence.UploadID, offset int64, r io.Reader) (int64, error) {
	got, err := io.ReadAll(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.uploads[id]
	if offset != u.Offset {
		return 0, evidence.Errorf(evidence.Conflict, "The upload stands at %d.", u.Offset)
	}
	u.bytes = append(u.bytes, got...)
	u.Offset += int64(len(got))
	return int64(len(got)), err
}

func (w *world) CompleteCollection(_ context.Context, _ evidence.Actor, id evidence.UploadID, declared, _ evidence.Digest) (evidence.Item, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.uploads[id]
	if w.fail != nil {
		return evidence.Item{}, w.fail
	}
	if declared != evidence.Digest(sha256.Sum256(u.bytes)) {
		delete(w.uploads, id)
		return evidence.Item{}, evidence.Errorf(evidence.DigestMismatch, "The bytes are not those of the declared SHA-256. Nothing was stored.")
	}
	u.Complete, u.Item = true, anItem
	return w.item, nil
}

func (w *world) AbortUpload(_ context.Context, _ evidence.Actor, id evidence.UploadID) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.uploads, id)
	return nil
}

// serve runs a server over w and signs emil in.
func serve(t *testing.T, w *world, change ...func(*api.Config)) *httptest.Server {
	t.Helper()
	config := api.Config{
		Casework: w, Wishes: w, Logs: w, PublicKeys: w, Exhibits: w, Intakes: w, Bundles: w, Register: w, AlarmBook: w, Uploads: w, Workflows: w, Identities: w,
		Logger: slog.New(slog.DiscardHandler), Version: "test",
	}
	for _, c := range change {
		c(&config)
	}
	s, err := api.New(config)
	if err != nil {
		t.Fatal(err)
	}
	w.tokens["t-emil"], w.tokens["t-ida"] = "emil", "ida"
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	return server
}

// do sends a request as emil, unless header says who.
func do(t *testing.T, server *httptest.Server, method, path string, body io.Reader, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer t-emil")
	for name, values := range header {
		r.Header[name] = values
	}
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}
