package evidence

// AuditState is how far an audit is.
type AuditState string

// The states of an audit.
const (
	AuditRunning AuditState = "running"
	AuditDone    AuditState = "done"   // everything was compared; alarms say what differs
	AuditFailed  AuditState = "failed" // a server did not answer until the end: that is an alarm, too
)

// Audit is one comparison of the registry, the mirror, the stored objects, the
// buckets and the keys with each other.
type Audit struct {
	ID        AuditID    `json:"id"`
	State     AuditState `json:"state"`
	Failure   string     `json:"failure,omitempty"` // safe message, when failed
	By        PersonID   `json:"by"`                // who asked, or the service that keeps the schedule
	StartedAt Instant    `json:"started_at"`
	EndedAt   Instant    `json:"ended_at,omitzero"`
	Cases     int        `json:"cases"`   // compared so far
	Entries   int64      `json:"entries"` // of logs
	Objects   int64      `json:"objects"` // of storage
	Found     int        `json:"found"`   // differences, of which Alarms lists at most MaxAuditAlarms
	Alarms    []AlarmID  `json:"alarm_ids,omitempty"`
	Entry     EntryID    `json:"entry,omitempty"` // that records its end, in the register
}

// MaxAuditAlarms is how many alarms an Audit names; all are on record.
const MaxAuditAlarms = 100
