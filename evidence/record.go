package evidence

// Record is one document of the registry that entries of a log determine: a
// projection of them, for looking things up.
type Record struct {
	Collection string
	Key        string            // unique within the collection
	Index      map[string]string // fields to look it up by, besides the key
	Version    int64
	Body       []byte // JSON
}

// The collections of records.
const (
	CaseRecords       = "cases"
	CaseNumberRecords = "case_numbers" // without a body
	MemberRecords     = "members"
	IntakeRecords     = "intakes"
	DisclosureRecords = "disclosures"
)
