package act

import "github.com/sealcase/sealcase/evidence"

// Requested is that somebody asked for a bundle, for the entry's purpose. Package
// bundle reads and writes what is withheld (FORMAT.md section 5.8).
type Requested struct {
	Disclosure evidence.DisclosureID `detail:"disclosure"`
	Title      string                `detail:"title"`
	Recipient  string                `detail:"recipient"`
	Exhibits   int64                 `detail:"exhibits"`                   // the highest number then
	LogSize    int64                 `detail:"log_size"`                   // when what follows was listed
	Withheld   string                `detail:"withheld,omitempty"`         // exhibits
	With       string                `detail:"withheld_with,omitempty"`    // entries about them
	Entries    string                `detail:"withheld_entries,omitempty"` // single ones
}

// Act implements Payload.
func (Requested) Act() evidence.Act { return evidence.ActRequested }

// Once implements Payload.
func (p Requested) Once(evidence.Entry) []string {
	return []string{string(evidence.ActRequested), string(p.Disclosure)}
}

// RequestedEntry is the identifier of the entry that asks for a bundle.
func RequestedEntry(id evidence.DisclosureID) evidence.EntryID {
	return once(Requested{Disclosure: id}, evidence.Entry{})
}

// Disclosed is that a bundle was made, for the entry's purpose.
type Disclosed struct {
	Disclosure  evidence.DisclosureID `detail:"disclosure"`
	Title       string                `detail:"title"`
	Recipient   string                `detail:"recipient"`
	TagDigest   evidence.Digest       `detail:"tagmanifest_sha256"`
	Digest      evidence.Digest       `detail:"bundle_sha256"`
	Length      int64                 `detail:"bytes"`
	LogSize     int64                 `detail:"log_size"`
	Items       int                   `detail:"disclosed"`
	Withheld    int                   `detail:"withheld"` // exhibits
	Request     evidence.EntryID      `detail:"request"`
	RequestedBy evidence.PersonID     `detail:"requested_by"`
	Bucket      string                `detail:"bucket"`
	Object      string                `detail:"object"` // key of the bundle
	Version     string                `detail:"object_version"`
}

// Act implements Payload.
func (Disclosed) Act() evidence.Act { return evidence.ActDisclosed }

// Once implements Payload.
func (p Disclosed) Once(evidence.Entry) []string {
	return []string{string(evidence.ActDisclosed), string(p.Disclosure)}
}

// DisclosedEntry is the identifier of the entry that a bundle was made.
func DisclosedEntry(id evidence.DisclosureID) evidence.EntryID {
	return once(Disclosed{Disclosure: id}, evidence.Entry{})
}

// Bundle returns where the bundle lies.
func (p Disclosed) Bundle() evidence.ObjectRef {
	return evidence.ObjectRef{Bucket: p.Bucket, Key: p.Object, Version: p.Version}
}

// Fetched is that somebody took a bundle, or a part of it.
type Fetched struct {
	Disclosure evidence.DisclosureID `detail:"disclosure"`
	Digest     evidence.Digest       `detail:"bundle_sha256"`
	Offset     *int64                `detail:"offset,omitempty"` // of a part
	Bytes      *int64                `detail:"bytes,omitempty"`
}

// Act implements Payload.
func (Fetched) Act() evidence.Act { return evidence.ActFetched }

// Once implements Payload.
func (Fetched) Once(evidence.Entry) []string { return nil }
