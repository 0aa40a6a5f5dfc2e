package evidence

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
)

// EntrySchema names the form of an entry; it is the entry's "type".
const EntrySchema = "sealcase/entry/v1"

// Act is what an entry records.
type Act string

// The acts.
const (
	ActOpened       Act = "opened"               // a case was opened
	ActMemberAdded  Act = "member-added"         // somebody was made a member of the case
	ActMemberGone   Act = "member-removed"       // somebody is a member of the case no more
	ActTransitioned Act = "transitioned"         // the case went from one state to another
	ActClassAsked   Act = "class-requested"      // somebody asked for a sealed case to be unsealed
	ActClassChanged Act = "class-changed"        // the case was restricted, sealed, or opened up again
	ActIntakeOpened Act = "intake-opened"        // a delivery of evidence began
	ActIntakeClosed Act = "intake-closed"        // it ended: every item sealed or quarantined
	ActReceived     Act = "received"             // bytes arrived, equal to the declared digest, and are locked
	ActRejected     Act = "rejected"             // bytes arrived that were not what was declared; nothing was stored
	ActSealed       Act = "sealed"               // stored bytes were read back, are equal, and carry a seal
	ActQuarantined  Act = "quarantined"          // stored bytes were read back and differ; kept apart
	ActViewed       Act = "viewed"               // somebody looked at a part of the bytes
	ActDownloaded   Act = "downloaded"           // somebody took bytes
	ActVerified     Act = "verified"             // stored bytes were hashed again
	ActAnalysed     Act = "analysed"             // an analyzer read the bytes
	ActExtended     Act = "extended"             // retention was moved further into the future
	ActRequested    Act = "disclosure-requested" // somebody asked for a bundle for a recipient
	ActDisclosed    Act = "disclosed"            // a bundle was made for a recipient
	ActFetched      Act = "bundle-fetched"       // somebody took a bundle
	ActCorrected    Act = "corrected"            // an earlier entry is wrong; this says what is right
	ActKey          Act = "key"                  // a signing key's version began
	ActKeysStated   Act = "keys-stated"          // the root said which keys are the agency's, from when on and until when
	ActRoster       Act = "roster"               // who people are, and with which keys they and the agency sign
	ActRoleChanged  Act = "role-changed"         // somebody holds other roles, or bears another name, by what Vault says
	ActHead         Act = "head"                 // in the register: the log of a case had this head
	ActAlarm        Act = "alarm"                // in the register: an audit found a difference, or that one is gone
	ActAcknowledged Act = "alarm-acknowledged"   // in the register: a supervisor took note of an alarm
	ActAudited      Act = "audited"              // in the register: an audit ended
)

// Acts lists every act.
func Acts() []Act {
	return []Act{
		ActOpened, ActMemberAdded, ActMemberGone, ActTransitioned, ActClassAsked, ActClassChanged, ActIntakeOpened, ActIntakeClosed, ActReceived, ActRejected,
		ActSealed, ActQuarantined, ActViewed, ActDownloaded, ActVerified, ActAnalysed, ActExtended, ActRequested,
		ActDisclosed, ActFetched, ActCorrected, ActKey, ActKeysStated, ActRoster, ActRoleChanged, ActHead, ActAlarm, ActAcknowledged, ActAudited,
	}
}

// Valid reports whether a is one of the acts.
func (a Act) Valid() bool { return slices.Contains(Acts(), a) }

// maxAct is the longest name of an act, in bytes.
const maxAct = 64

// WellFormed reports whether a could be an act, of this program or of a later
// one: lower-case letters, digits and hyphens, 1 to 64, beginning with a letter.
func (a Act) WellFormed() bool {
	for i, c := range []byte(a) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return a != "" && len(a) <= maxAct
}

// Tool is a program that took part in an act. An independent third party needs
// its version and parameters to reach the same result (ACPO principle 3).
type Tool struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Parameters string `json:"parameters,omitempty"`
}

// EntryActor is who did an act, as an entry records it.
type EntryActor struct {
	ID      PersonID `json:"id"`
	Name    string   `json:"name"`
	Roles   []Role   `json:"roles,omitempty"`
	Service bool     `json:"service,omitempty"`
	From    string   `json:"from,omitempty"`
	Client  string   `json:"client,omitempty"`
}

// Entry is one act on a case or its evidence. Its canonical bytes (RFC 8785,
// package canon) are the leaf of the case's log, stored exactly as hashed. Its
// place in the log is not part of it: the tree says that.
type Entry struct {
	Type      string            `json:"type"` // EntrySchema
	ID        EntryID           `json:"id"`
	Case      CaseID            `json:"case"`
	Act       Act               `json:"act"`
	At        Instant           `json:"at"`
	Actor     EntryActor        `json:"actor"`
	Item      ItemID            `json:"item,omitempty"`
	Exhibit   int               `json:"exhibit,omitempty"`
	Name      FileName          `json:"name,omitempty"` // of the item
	Digest    Digest            `json:"sha256,omitzero"`
	Length    *int64            `json:"length,omitempty"` // set wherever Digest is
	Purpose   string            `json:"purpose,omitempty"`
	Authority string            `json:"authority,omitempty"` // the warrant, order or consent relied on
	Tool      *Tool             `json:"tool,omitempty"`
	Details   map[string]string `json:"details,omitempty"`   // by act; FORMAT.md lists the names
	Nonce     string            `json:"nonce"`               // 128 random bits in hex: a withheld leaf cannot be guessed
	Signature *EntrySignature   `json:"signature,omitempty"` // of the actor: a person's own, or the worker's (package attest)
}

// EntrySignature is the signature of whoever acted. What is signed is the head
// of the tree of all entries that were signed at once, without their
// signatures: one for a person's act, up to a few hundred for acts of the
// machine. FORMAT.md says which bytes.
type EntrySignature struct {
	Key   string   `json:"key"`             // PublicKey.ID of the key version: "name+hash"
	Bytes []byte   `json:"sig"`             // Ed25519 (RFC 8032), standard base64
	Index int64    `json:"index,omitempty"` // of this entry among those signed at once, from 0
	Size  int64    `json:"size,omitempty"`  // how many were signed at once; absent for one
	Path  []Digest `json:"path,omitempty"`  // RFC 6962 audit path of this entry, leaf first; absent for one
}

// NewEntry returns an entry of act by actor in a case, with a fresh nonce. The
// caller fills in what the act is about.
func NewEntry(id EntryID, c CaseID, act Act, at Instant, actor Actor, random io.Reader) (Entry, error) {
	var nonce [16]byte
	if _, err := io.ReadFull(random, nonce[:]); err != nil {
		return Entry{}, fmt.Errorf("drawing a nonce: %w", err)
	}
	return Entry{
		Type: EntrySchema, ID: id, Case: c, Act: act, At: at, Nonce: hex.EncodeToString(nonce[:]),
		Actor: EntryActor{
			ID: actor.ID, Name: actor.Name, Roles: actor.Roles,
			Service: actor.Service, From: actor.From, Client: actor.Client,
		},
	}, nil
}

// AboutItem fills in the item that the act is about.
func (e *Entry) AboutItem(it Item) {
	e.Item, e.Exhibit, e.Name, e.Digest = it.ID, it.Exhibit, it.Name, it.Digest
	length := it.Length
	e.Length = &length
}

// Check returns a Malformed error when the entry lacks what every entry must
// have, says something that no entry can say, or has an act that this program
// does not know, and so must not record.
func (e Entry) Check() error {
	if err := e.CheckForm(); err != nil {
		return err
	}
	if !e.Act.Valid() {
		return Errorf(Malformed, "entry act %q is not known", e.Act)
	}
	return nil
}

// CheckForm is Check for readers of what others recorded: the act may be one of
// a later program.
func (e Entry) CheckForm() error {
	switch {
	case e.Type != EntrySchema:
		return Errorf(Malformed, "entry type %q is not %q", e.Type, EntrySchema)
	case !e.Act.WellFormed():
		return Errorf(Malformed, "entry act %q is not the name of an act", e.Act)
	case e.At.IsZero():
		return Errorf(Malformed, "entry has no time")
	case e.Actor.ID == "":
		return Errorf(Malformed, "entry has no actor")
	case !isNonce(e.Nonce):
		return Errorf(Malformed, "entry nonce is not 32 lower-case hexadecimal digits")
	case !e.Digest.IsZero() && e.Length == nil:
		return Errorf(Malformed, "entry has a SHA-256 without a length")
	case e.Length != nil && *e.Length < 0, e.Exhibit < 0:
		return Errorf(Malformed, "entry has a negative length or exhibit number")
	}
	if e.Item != "" {
		if _, err := ParseID[ItemID](string(e.Item)); err != nil {
			return WrapError(Malformed, err, "entry item")
		}
	}
	if _, err := ParseID[EntryID](string(e.ID)); err != nil {
		return WrapError(Malformed, err, "entry identifier")
	}
	if _, err := ParseID[CaseID](string(e.Case)); err != nil {
		return WrapError(Malformed, err, "entry case")
	}
	return nil
}

func isNonce(s string) bool {
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 32
}

// LogEntry is an entry where it stands in its case's log.
type LogEntry struct {
	Index int64  `json:"index"` // from 0, without gaps
	Raw   []byte `json:"-"`     // the canonical bytes, exactly as hashed
	Entry Entry  `json:"entry"`
}
