package act

import (
	"strconv"

	"github.com/sealcase/sealcase/evidence"
)

// Head is that the log of a case had a signed head.
type Head struct {
	Case   evidence.CaseID `detail:"case"`
	Origin string          `detail:"origin"` // of the case's log
	Size   int64           `detail:"size"`
	Root   string          `detail:"root"`        // hexadecimal
	Note   evidence.Digest `detail:"note_sha256"` // of the signed note
}

// Act implements Payload.
func (Head) Act() evidence.Act { return evidence.ActHead }

// Once implements Payload.
func (p Head) Once(evidence.Entry) []string {
	return []string{string(evidence.ActHead), string(p.Case), strconv.FormatInt(p.Size, 10)}
}

// Alarm is that an audit found a difference or, with Gone, that it does not find
// it any more after somebody took note of it.
type Alarm struct {
	Alarm evidence.AlarmID   `detail:"alarm"`
	Kind  evidence.AlarmKind `detail:"kind,omitempty"`
	Case  evidence.CaseID    `detail:"case,omitempty"`
	Item  evidence.ItemID    `detail:"item,omitempty"`
	Where string             `detail:"where,omitempty"`
	What  string             `detail:"what,omitempty"`
	Gone  bool               `detail:"gone,omitempty"`
}

// Act implements Payload.
func (Alarm) Act() evidence.Act { return evidence.ActAlarm }

// Once implements Payload.
func (p Alarm) Once(evidence.Entry) []string {
	if p.Gone {
		return []string{"alarm-gone", string(p.Alarm)}
	}
	return []string{string(evidence.ActAlarm), string(p.Alarm)}
}

// Acknowledged is that a supervisor took note of an alarm; the purpose of the
// entry says what is being done about it.
type Acknowledged struct {
	Alarm evidence.AlarmID `detail:"alarm"`
}

// Act implements Payload.
func (Acknowledged) Act() evidence.Act { return evidence.ActAcknowledged }

// Once implements Payload.
func (p Acknowledged) Once(evidence.Entry) []string {
	return []string{string(evidence.ActAcknowledged), string(p.Alarm)}
}

// Audited is that an audit ended, and what it came to. That it found nothing is
// said by this entry or by nobody.
type Audited struct {
	Audit     evidence.AuditID    `detail:"audit"`
	State     evidence.AuditState `detail:"state"`
	By        evidence.PersonID   `detail:"by"` // who asked, or the service that keeps the schedule
	StartedAt evidence.Instant    `detail:"started_at"`
	EndedAt   evidence.Instant    `detail:"ended_at"`
	Cases     int                 `detail:"cases"`
	Entries   int64               `detail:"entries"`
	Objects   int64               `detail:"objects"`
	Found     int                 `detail:"found"`
	Alarms    string              `detail:"alarms,omitempty"`  // identifiers with a comma between, of the first evidence.MaxAuditAlarms
	Failure   string              `detail:"failure,omitempty"` // when it came to no end
}

// Act implements Payload.
func (Audited) Act() evidence.Act { return evidence.ActAudited }

// Once implements Payload.
func (p Audited) Once(evidence.Entry) []string {
	return []string{string(evidence.ActAudited), string(p.Audit)}
}
