package api

import (
	"context"
	"io"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/intake"
	logoflogs "github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/evidence/state"
)

// Casework is what the API asks about cases and their members (*custody.Service).
type Casework interface {
	Case(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (evidence.Case, error)
	Cases(ctx context.Context, actor evidence.Actor, cursor string, limit int) (evidence.Page[evidence.Case], error)
	Members(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Member, error)
	Member(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID) (evidence.Member, error)
	Summary(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (custody.CaseSummary, error)
	CheckOpening(actor evidence.Actor, o custody.Opening) error
	SignOpening(ctx context.Context, actor evidence.Actor, o custody.Opening) ([][]byte, error)
	Sign(ctx context.Context, actor evidence.Actor, w custody.Wish) ([]byte, error)
	Follow(ctx context.Context, c evidence.CaseID) error
}

// Wishes is what people want to do to a case, to be signed by them
// (*custody.Service).
type Wishes interface {
	WishMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person, g evidence.Grant) (custody.Wish, error)
	WishRemoved(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID, reason string) (custody.Wish, error)
	WishClass(ctx context.Context, actor evidence.Actor, c evidence.CaseID, to evidence.Class, reason, order string) (custody.Wish, error)
	WishCorrected(ctx context.Context, actor evidence.Actor, c evidence.CaseID, id evidence.EntryID, right string) (custody.Wish, error)
}

// Logs is what the API asks about logs (*custody.Service).
type Logs interface {
	LogPage(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from int64, limit int) ([]evidence.LogEntry, int64, error)
	Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error)
	Watch(ctx context.Context, actor evidence.Actor, c evidence.CaseID, after int64) (iter.Seq2[evidence.LogEntry, error], error)
}

// PublicKeys is what the API asks about the agency's keys (*clerk.Clerk).
type PublicKeys interface {
	Keys(ctx context.Context) ([]evidence.PublicKey, error)
}

// Exhibits is what the API asks about items and their bytes (*exhibit.Analyses).
type Exhibits interface {
	Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (evidence.Page[evidence.Item], error)
	Item(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, error)
	ItemLog(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]evidence.LogEntry, error)
	ItemSeal(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]byte, error)
	RequestEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, purpose string, offset, length int64) (evidence.Ticket, error)
	OpenEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, ticket evidence.EntryID, offset, length int64) (io.ReadCloser, evidence.Item, error)
	Findings(ctx context.Context, actor evidence.Actor, id evidence.ItemID, by, cursor string, limit int) (evidence.Page[evidence.Finding], error)
}

// Intakes is what the API asks about deliveries of evidence (*intake.Intakes).
type Intakes interface {
	OpenIntake(ctx context.Context, actor evidence.Actor, r intake.Request) (evidence.Intake, error)
	Intake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (evidence.Intake, error)
	IntakeStatus(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (state.Counts, error)
}

// Bundles is what the API asks about disclosures (*disclose.Service).
type Bundles interface {
	RequestDisclosure(ctx context.Context, actor evidence.Actor, r disclose.Request) (evidence.Disclosure, error)
	Disclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error)
	Disclosures(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Disclosure, error)
	RequestBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, offset, length int64) (evidence.Ticket, error)
	OpenBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, ticket evidence.EntryID, offset, length int64) (io.ReadCloser, evidence.Disclosure, error)
	DisclosureProof(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) ([]byte, error)
}

// Register is what the API asks about the log of logs (*register.Register).
type Register interface {
	RegisterStatus(ctx context.Context, actor evidence.Actor) (logoflogs.Status, error)
}

// AlarmBook is what the API asks about alarms and audits (*register.Alarms).
type AlarmBook interface {
	Alarms(ctx context.Context, actor evidence.Actor, open bool) ([]evidence.Alarm, error)
	AlarmsOf(ctx context.Context, actor evidence.Actor, ids []evidence.AlarmID) (found []evidence.Alarm, hidden int, err error)
	AcknowledgeAlarm(ctx context.Context, actor evidence.Actor, id evidence.AlarmID, reason string) (evidence.Alarm, error)
	CheckAudit(actor evidence.Actor) error
	Audit(ctx context.Context, actor evidence.Actor, id evidence.AuditID) (evidence.Audit, error)
}

// Uploads is our side of a resumable upload (*intake.Uploads).
type Uploads interface {
	CreateUpload(ctx context.Context, actor evidence.Actor, r intake.UploadRequest) (evidence.Upload, error)
	Upload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) (evidence.Upload, error)
	WriteUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID, offset int64, r io.Reader) (int64, error)
	CompleteCollection(ctx context.Context, actor evidence.Actor, id evidence.UploadID, declared, root evidence.Digest) (evidence.Item, error)
	AbortUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) error
}
