package intake

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"hash"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// uploadRecord is what the registry keeps of an upload from its beginning.
type uploadRecord struct {
	evidence.Upload
	PartSize  int64              `json:"part_size"`
	Object    evidence.ObjectRef `json:"object"`              // where the bytes go, at birth
	Multipart string             `json:"multipart,omitempty"` // "" when they are written whole
	Lock      evidence.Lock      `json:"lock"`
	Signature *uploadSignature   `json:"signature,omitempty"` // of all this, by whoever began it
}

// uploadStep is one step of an upload. Of two who carry an upload on at the
// same time only one gets the next step's number.
type uploadStep struct {
	Offset  int64              `json:"offset"`          // bytes that are safe after the step
	State   []byte             `json:"state,omitempty"` // of the hash at Offset
	Part    *evidence.Part     `json:"part,omitempty"`  // a part was stored
	Tail    evidence.ObjectRef `json:"tail,omitzero"`   // staging object with the bytes after the last part
	Stored  *evidence.Stored   `json:"stored,omitempty"`
	Brought *uploadSignature   `json:"brought,omitempty"` // by whoever brought all of it
	Root    evidence.Digest    `json:"root,omitzero"`     // of a collection, beside Brought
	Outcome outcome            `json:"outcome,omitempty"` // the upload ended
}

// outcome is how an upload ended; "" while it has not.
type outcome string

const (
	completed outcome = "completed"
	rejected  outcome = "rejected" // the bytes were not what was declared
	aborted   outcome = "aborted"
)

// upload is an upload with all its steps taken. The holder of turn may use it.
type upload struct {
	uploadRecord
	turn  chan struct{}
	actor evidence.Actor // whose request holds it

	steps   int
	hash    hash.Hash // of the first Offset bytes
	parts   []evidence.Part
	tail    evidence.ObjectRef
	stored  *evidence.Stored
	brought *uploadSignature // as the steps have it, not checked; see bring
	root    evidence.Digest  // of a collection's tree; as brought
	unkept  bool             // brought is not in a step yet
	locked  evidence.Instant // what is stored, where that was moved on since the upload began
	outcome outcome
	fresh   bool      // created by this process, which took every step: nothing is in storage that is not here
	used    time.Time // when a request last held it
}

// journal keeps the steps of uploads. It is safe for concurrent use.
type journal struct {
	clerk   Clerk
	store   Store
	objects Objects

	mu      sync.Mutex
	uploads map[evidence.UploadID]*upload
}

// usedLimit is how long after its last request an upload is remembered as it
// is; after that another process may have carried it on, and it is read again.
// Within it the steps' numbers still decide who goes on.
const usedLimit = 2 * time.Second

func newUpload(record uploadRecord) *upload {
	return &upload{uploadRecord: record, turn: make(chan struct{}, 1), hash: sha256.New(), root: record.Collection.Root, used: time.Now()}
}

// apply takes in a step.
func (u *upload) apply(step uploadStep) {
	u.steps++
	u.Offset = step.Offset
	u.tail = step.Tail
	if step.Part != nil {
		u.parts = append(u.parts, *step.Part)
	}
	if step.Stored != nil {
		u.stored = step.Stored
	}
	if step.Brought != nil {
		u.brought, u.root, u.unkept = step.Brought, step.Root, false
	}
	u.outcome = step.Outcome
	u.Complete = step.Outcome == completed
}

// take records a step and takes it in.
func (s *journal) take(ctx context.Context, u *upload, step uploadStep) error {
	if u.unkept {
		step.Brought, step.Root = u.brought, u.root
	}
	state, err := u.hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "keeping the state of a hash")
	}
	step.State = state
	body, err := json.Marshal(step)
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "writing a step of an upload")
	}
	added, err := s.store.AddUploadStep(ctx, u.ID, u.steps+1, body)
	if err == nil && !added {
		err = carriedOn()
	}
	if err != nil {
		s.forget(u.ID)
		return err
	}
	u.apply(step)
	return nil
}

// forget drops what this process knows of an upload, so that it is read again.
func (s *journal) forget(id evidence.UploadID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.uploads, id)
}

// maxUploads is how many uploads a process remembers besides the registry.
const maxUploads = 4096

func (s *journal) remember(u *upload) *upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.uploads[u.ID]; ok {
		return known
	}
	for id := range s.uploads {
		if len(s.uploads) < maxUploads {
			break
		}
		delete(s.uploads, id) // any: it is read again when it is needed
	}
	s.uploads[u.ID] = u
	return u
}

// load returns an upload as this process knows it, or as the registry does.
func (s *journal) load(ctx context.Context, id evidence.UploadID) (*upload, error) {
	s.mu.Lock()
	known, ok := s.uploads[id]
	s.mu.Unlock()
	if ok {
		return known, nil
	}
	u, err := s.readUpload(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.remember(u), nil
}

// readUpload returns an upload as the registry has it.
func (s *journal) readUpload(ctx context.Context, id evidence.UploadID) (*upload, error) {
	body, err := s.store.Upload(ctx, id)
	if err != nil {
		return nil, evidence.Hide(err, "upload")
	}
	var record uploadRecord
	if err := json.Unmarshal(body, &record); err != nil {
		return nil, evidence.WrapError(evidence.Tampered, err, "the record of an upload cannot be read")
	}
	if err := s.checkRecord(ctx, id, record); err != nil {
		return nil, err
	}
	bodies, err := s.store.UploadSteps(ctx, id)
	if err != nil {
		return nil, err
	}
	u := newUpload(record)
	var step uploadStep
	for _, body := range bodies {
		step = uploadStep{}
		if err := json.Unmarshal(body, &step); err != nil {
			return nil, evidence.WrapError(evidence.Tampered, err, "a step of an upload cannot be read")
		}
		u.apply(step)
	}
	if u.steps > 0 {
		if err := u.hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(step.State); err != nil {
			return nil, evidence.WrapError(evidence.Tampered, err, "the state of an upload's hash cannot be read")
		}
	}
	return u, nil
}
