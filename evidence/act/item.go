package act

import "github.com/sealcase/sealcase/evidence"

// IntakeOpened is that an intake began; the entry's authority is what the
// evidence was seized on.
type IntakeOpened struct {
	Intake       evidence.IntakeID `detail:"intake"`
	Source       string            `detail:"source"`
	FirstExhibit int               `detail:"first_exhibit"` // the case's next number then
}

// Act implements Payload.
func (IntakeOpened) Act() evidence.Act { return evidence.ActIntakeOpened }

// Once implements Payload.
func (p IntakeOpened) Once(evidence.Entry) []string {
	return []string{"intake-opened", string(p.Intake)}
}

// IntakeOpenedEntry is the identifier of the entry that opens an intake.
func IntakeOpenedEntry(id evidence.IntakeID) evidence.EntryID {
	return once(IntakeOpened{Intake: id}, evidence.Entry{})
}

// IntakeClosed is that an intake ended.
type IntakeClosed struct {
	Intake      evidence.IntakeID `detail:"intake"`
	Sealed      int               `detail:"sealed"`
	Quarantined int               `detail:"quarantined"`
	Bytes       int64             `detail:"bytes"`
}

// Act implements Payload.
func (IntakeClosed) Act() evidence.Act { return evidence.ActIntakeClosed }

// Once implements Payload.
func (p IntakeClosed) Once(evidence.Entry) []string {
	return []string{"intake-closed", string(p.Intake)}
}

// Received is that the bytes of the entry's item arrived and are locked.
type Received struct {
	Intake     evidence.IntakeID `detail:"intake"`
	Bucket     string            `detail:"bucket"`
	Object     string            `detail:"object"`         // key of the bytes
	Version    string            `detail:"object_version"` // of that object
	Locked     evidence.Instant  `detail:"locked_until"`
	Path       evidence.FileName `detail:"path,omitempty"`        // of the folder that it came in with
	MediaType  string            `detail:"media_type,omitempty"`  // as it was known then
	ModifiedAt evidence.Instant  `detail:"modified_at,omitempty"` // the source's own claim
	ReceivedBy evidence.PersonID `detail:"received_by,omitempty"` // whose upload it was, where the machine completed the receipt

	CollectionRoot     evidence.Digest `detail:"collection_root,omitempty"` // of an item that is a collection: see evidence.Collection
	CollectionLeaves   int64           `detail:"collection_leaves,omitempty"`
	CollectionManifest int64           `detail:"collection_manifest,omitempty"`
}

// Act implements Payload.
func (Received) Act() evidence.Act { return evidence.ActReceived }

// Once implements Payload.
func (Received) Once(e evidence.Entry) []string { return []string{"received", string(e.Item)} }

// ReceivedEntry is the identifier of the receipt of an item.
func ReceivedEntry(id evidence.ItemID) evidence.EntryID {
	return once(Received{}, evidence.Entry{Item: id})
}

// Data returns where the bytes lie.
func (p Received) Data() evidence.ObjectRef {
	return evidence.ObjectRef{Bucket: p.Bucket, Key: p.Object, Version: p.Version}
}

// Collection returns what is said of an item that is a collection.
func (p Received) Collection() evidence.Collection {
	return evidence.Collection{Root: p.CollectionRoot, Leaves: p.CollectionLeaves, Manifest: p.CollectionManifest}
}

// Rejected is that bytes arrived that were not what was declared.
type Rejected struct {
	Intake   evidence.IntakeID `detail:"intake"`
	Observed evidence.Digest   `detail:"observed_sha256"` // what the bytes are instead
	Upload   evidence.UploadID `detail:"upload"`
}

// Act implements Payload.
func (Rejected) Act() evidence.Act { return evidence.ActRejected }

// Once implements Payload.
func (p Rejected) Once(evidence.Entry) []string { return []string{"rejected", string(p.Upload)} }

// Sealed is that the bytes of the entry's item were read back, are equal and
// carry a seal.
type Sealed struct {
	Intake  evidence.IntakeID `detail:"intake"`
	Locked  evidence.Instant  `detail:"locked_until"`
	Bucket  string            `detail:"bucket"`
	Object  string            `detail:"seal_object"`  // key of the seal
	Version string            `detail:"seal_version"` // of that object
	Digest  evidence.Digest   `detail:"seal_sha256"`  // of the seal
}

// Act implements Payload.
func (Sealed) Act() evidence.Act { return evidence.ActSealed }

// Once implements Payload.
func (Sealed) Once(e evidence.Entry) []string { return []string{"sealed", string(e.Item)} }

// SealedEntry is the identifier of the entry that an item was sealed.
func SealedEntry(id evidence.ItemID) evidence.EntryID {
	return once(Sealed{}, evidence.Entry{Item: id})
}

// Seal returns where the seal lies.
func (p Sealed) Seal() evidence.ObjectRef {
	return evidence.ObjectRef{Bucket: p.Bucket, Key: p.Object, Version: p.Version}
}

// Quarantined is that the stored bytes of the entry's item are not what was
// received.
type Quarantined struct {
	Intake   evidence.IntakeID `detail:"intake"`
	Observed evidence.Digest   `detail:"observed_sha256"` // zero when nothing could be read
	Read     int64             `detail:"read"`            // bytes that storage gave
	Why      string            `detail:"why,omitempty"`   // where it is not the digest that differs
}

// Act implements Payload.
func (Quarantined) Act() evidence.Act { return evidence.ActQuarantined }

// Once implements Payload.
func (Quarantined) Once(e evidence.Entry) []string {
	return []string{"quarantined", string(e.Item)}
}

// Viewed is that somebody looked at a part of the bytes, for the entry's purpose.
type Viewed struct {
	Offset int64 `detail:"offset"`
	Bytes  int64 `detail:"bytes"`

	Member evidence.FileName `detail:"member,omitempty"` // of a collection, whose bytes they are
}

// Act implements Payload.
func (Viewed) Act() evidence.Act { return evidence.ActViewed }

// Once implements Payload.
func (Viewed) Once(evidence.Entry) []string { return nil }

// Downloaded is that somebody took all bytes, for the entry's purpose.
type Downloaded struct{}

// Act implements Payload.
func (Downloaded) Act() evidence.Act { return evidence.ActDownloaded }

// Once implements Payload.
func (Downloaded) Once(evidence.Entry) []string { return nil }

// The outcomes of hashing stored bytes again.
const (
	OutcomeEqual   = "equal"
	OutcomeDiffers = "differs"
)

// Verified is that stored bytes were hashed again.
type Verified struct {
	Outcome     string            `detail:"outcome"`                   // OutcomeEqual or OutcomeDiffers
	Observed    evidence.Digest   `detail:"observed_sha256,omitempty"` // where it differs
	Differs     string            `detail:"differs,omitempty"`         // what does, in words
	RequestedBy evidence.PersonID `detail:"requested_by,omitempty"`
}

// Act implements Payload.
func (Verified) Act() evidence.Act { return evidence.ActVerified }

// Once implements Payload.
func (Verified) Once(evidence.Entry) []string { return nil }

// Analysed is that analyzers read the bytes of the entry's item.
type Analysed struct {
	Findings  int             `detail:"findings"`
	Digest    evidence.Digest `detail:"findings_sha256,omitempty"` // of what they found, as it is stored
	Tools     string          `detail:"tools,omitempty"`           // where the entry's tool is not the only one
	MediaType string          `detail:"media_type,omitempty"`
	Failure   string          `detail:"failure,omitempty"`
	Run       string          `detail:"-"` // what identifies it: the item and the tools
}

// Act implements Payload.
func (Analysed) Act() evidence.Act { return evidence.ActAnalysed }

// Once implements Payload.
func (p Analysed) Once(evidence.Entry) []string { return []string{"analysed", p.Run} }

// AnalysedEntry is the identifier of the entry of a run.
func AnalysedEntry(run string) evidence.EntryID {
	return once(Analysed{Run: run}, evidence.Entry{})
}

// Extended is that exhibits are locked for longer.
type Extended struct {
	Exhibits string           `detail:"exhibits"` // evidence.Runs
	Until    evidence.Instant `detail:"locked_until"`
	Items    int              `detail:"items"`
}

// Act implements Payload.
func (Extended) Act() evidence.Act { return evidence.ActExtended }

// Once implements Payload.
func (p Extended) Once(e evidence.Entry) []string {
	return []string{"extended", string(e.Case), p.Exhibits, p.Until.String()}
}
