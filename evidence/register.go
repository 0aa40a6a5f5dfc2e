package evidence

// RegisterID is the log of logs: a log like a case's, with an identifier that
// belongs to no case. It takes the heads of cases' logs, alarms and their
// acknowledgements.
func RegisterID() CaseID { return Derive[CaseID]("register") }

// AnchorKind is what kind of outsider vouches for a head of the register.
type AnchorKind string

// The kinds of anchors.
const (
	AnchorWitness   AnchorKind = "witness"   // a cosignature line (C2SP tlog-cosignature, cosignature/v1)
	AnchorTimestamp AnchorKind = "timestamp" // a time-stamp token in DER (RFC 3161 section 2.4.2)
)

// Anchor is what an outsider gave for one checkpoint of the register: that it
// was seen, and is consistent with every earlier one that this outsider saw.
type Anchor struct {
	Size int64      `json:"size"` // of the register's checkpoint
	Kind AnchorKind `json:"kind"`
	By   string     `json:"by"`   // name of the witness's key, or the address of the authority
	At   Instant    `json:"at"`   // as the outsider says
	Body []byte     `json:"body"` // the cosignature line with its LF, or the token
}
