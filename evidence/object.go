package evidence

// Lock is how an object is kept from birth: nobody, whoever it is, can delete
// or overwrite that version before Until (S3 Object Lock, COMPLIANCE mode), nor
// while Hold stands. The zero Lock means that the object is not locked.
type Lock struct {
	Until Instant
	Hold  bool // legal hold: no end, independent of Until
}

// IsZero reports whether l locks nothing.
func (l Lock) IsZero() bool { return l.Until.IsZero() && !l.Hold }

// Part is one part of a multipart write, as the object store acknowledged it.
type Part struct {
	Number int    `json:"number"` // from 1
	ETag   string `json:"etag"`
	Length int64  `json:"length"`
}

// Stored is what the object store says of one version of an object.
type Stored struct {
	Ref    ObjectRef
	Length int64
	Lock   Lock
}

// ObjectVersion is one version of an object, as a listing of its bucket shows
// it.
type ObjectVersion struct {
	Ref     ObjectRef
	Length  int64   // 0 for a delete marker
	At      Instant // when it was written, as the object store says
	Newest  bool    // whoever asks for the key without a version gets this one
	Deleted bool    // a delete marker: the key looks as if it held nothing
}

// BucketState is how a bucket is configured, as far as what lies in it depends
// on that.
type BucketState struct {
	Name      string
	Versioned bool     // a write under a key that is taken keeps what was there
	Locked    bool     // Object Lock is on
	Expiry    []string // rules besides ours that make objects expire: each in words
}

// DataKey names the object of an item's bytes. No name of the source's is part of
// it.
func DataKey(c CaseID, it ItemID) string { return string(c) + "/" + string(it) + "/data" }

// SealKey names the object of an item's seal.
func SealKey(c CaseID, it ItemID) string { return string(c) + "/" + string(it) + "/seal" }

// The names of the objects of a disclosure.
const (
	BundleName = "bundle.zip"
	ProofName  = "bundle.proof.json"
)

// BundleKey names an object of a disclosure.
func BundleKey(c CaseID, d DisclosureID, name string) string {
	return "cases/" + string(c) + "/" + string(d) + "/" + name
}
