package evidence

// AlarmKind is what an audit found to differ.
type AlarmKind string

// AlarmKinds lists every kind.
func AlarmKinds() []AlarmKind {
	return []AlarmKind{
		AlarmEntry, AlarmLog, AlarmCase, AlarmRecord, AlarmObject, AlarmLock, AlarmBucket, AlarmWitness, AlarmKey, AlarmClock,
	}
}

// The kinds of alarms.
const (
	AlarmEntry   AlarmKind = "entry"   // an entry in the registry is not the one that was mirrored
	AlarmLog     AlarmKind = "log"     // entries or a head are missing, rolled back, forked, not signed by our key or kept out of the register
	AlarmCase    AlarmKind = "case"    // a case that was registered or mirrored is not in the registry
	AlarmRecord  AlarmKind = "record"  // an item, a disclosure or a case says something else than its entries
	AlarmObject  AlarmKind = "object"  // bytes or a seal are not what they should be, or not the newest version, or no entry names what is stored
	AlarmLock    AlarmKind = "lock"    // an object is locked for less long than promised, or its hold was lifted
	AlarmBucket  AlarmKind = "bucket"  // a bucket's versioning or lock configuration was weakened
	AlarmWitness AlarmKind = "witness" // a witness saw another or a longer register than ours
	AlarmKey     AlarmKind = "key"     // a key is in use that Vault does not have, or that the old one did not introduce
	AlarmClock   AlarmKind = "clock"   // the clocks of processes are far apart
)

// Alarm is a difference that an audit found. It stays open until a supervisor
// takes note of it, which is an entry of the register.
type Alarm struct {
	ID       AlarmID    `json:"id"` // a function of what differs and how: the same difference is one alarm, until it is gone and comes back
	Kind     AlarmKind  `json:"kind"`
	Case     CaseID     `json:"case,omitempty"`
	Item     ItemID     `json:"item,omitempty"`
	Where    string     `json:"where"` // an entry's index, an object's key, a bucket, a witness
	What     string     `json:"what"`  // in plain words, safe to show; no evidence content
	RaisedAt Instant    `json:"raised_at"`
	Entry    EntryID    `json:"entry"` // that records it, in the register
	Noted    *AlarmNote `json:"acknowledged,omitempty"`
	OfSealed bool       `json:"-"` // its case is sealed, as far as the audit that finds it has read the case's log
}

// AlarmNote says who took note of an alarm, and what is being done about it.
type AlarmNote struct {
	By     PersonID `json:"by"`
	Name   string   `json:"name"`
	At     Instant  `json:"at"`
	Reason string   `json:"reason"`
	Entry  EntryID  `json:"entry"` // that records it, in the register
}

// NewAlarm returns an alarm of now that is not raised yet. What identifies it
// is its kind and its place and, where the same place can differ in several
// ways, differs: the same difference found again is the same alarm.
func NewAlarm(kind AlarmKind, c CaseID, where, what string, at Instant, differs ...string) Alarm {
	id := Derive[AlarmID](append([]string{string(kind), string(c), where}, differs...)...)
	return Alarm{ID: id, Kind: kind, Case: c, Where: where, What: what, RaisedAt: at}
}
