package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
	logoflogs "github.com/sealcase/sealcase/evidence/register"
	"github.com/sealcase/sealcase/workflows"
)

// The vocabulary knows nothing of OpenAPI. These types stand for its own in
// the document, so that the validation and the client are as exact as it is.

// idText is the schema of an identifier.
type idText[T evidence.ID] struct{}

// Schema implements huma.SchemaProvider.
func (idText[T]) Schema(huma.Registry) *huma.Schema {
	sample := string(evidence.Derive[T]())
	prefix := sample[:len(sample)-27]
	return &huma.Schema{
		Type: huma.TypeString, Pattern: "^" + prefix + "-[a-z2-7]{26}$",
		PatternDescription: "the identifier of " + prefix, Examples: []any{sample},
	}
}

type digestText struct{}

// Schema implements huma.SchemaProvider.
func (digestText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Pattern: "^([0-9a-f]{64})?$",
		Description: "SHA-256 in lower-case hexadecimal; empty when not known",
	}
}

type instantText struct{}

// Schema implements huma.SchemaProvider.
func (instantText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Description: "RFC 3339 in UTC with milliseconds; empty when not known",
		Examples: []any{"2026-01-02T15:04:05.000Z"},
	}
}

type fileNameText struct{}

// Schema implements huma.SchemaProvider.
func (fileNameText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type:        huma.TypeString,
		Description: "A name as its source had it, untrusted; what is not UTF-8 is written as base64: and the bytes",
	}
}

func enum[T ~string](values ...T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, v := range values {
		s.Enum = append(s.Enum, string(v))
	}
	return s
}

type roleText struct{}

// Schema implements huma.SchemaProvider.
func (roleText) Schema(huma.Registry) *huma.Schema { return enum(evidence.Roles()...) }

type actText struct{}

// Schema implements huma.SchemaProvider.
func (actText) Schema(huma.Registry) *huma.Schema { return enum(evidence.Acts()...) }

type classText struct{}

// Schema implements huma.SchemaProvider.
func (classText) Schema(huma.Registry) *huma.Schema { return enum(evidence.Classes()...) }

type caseStateText struct{}

// Schema implements huma.SchemaProvider.
func (caseStateText) Schema(huma.Registry) *huma.Schema {
	return enum(evidence.StateIntake, evidence.StateOpen, evidence.StateReferred, evidence.StateCharged,
		evidence.StateTrial, evidence.StateClosed, evidence.StateArchived)
}

type itemStateText struct{}

// Schema implements huma.SchemaProvider.
func (itemStateText) Schema(huma.Registry) *huma.Schema {
	return enum(evidence.ItemReceived, evidence.ItemSealed, evidence.ItemQuarantined)
}

type disclosureStateText struct{}

// Schema implements huma.SchemaProvider.
func (disclosureStateText) Schema(huma.Registry) *huma.Schema {
	return enum(evidence.DisclosureRequested, evidence.DisclosureWritten, evidence.DisclosureReady, evidence.DisclosureFailed)
}

type intakeStateText struct{}

// Schema implements huma.SchemaProvider.
func (intakeStateText) Schema(huma.Registry) *huma.Schema {
	return enum(workflows.IntakeOpen, workflows.IntakeSealing, workflows.IntakeAnalysing, workflows.IntakeDone)
}

type grantText struct{}

// Schema implements huma.SchemaProvider.
func (grantText) Schema(huma.Registry) *huma.Schema { return enum(evidence.Grants()...) }

type alarmKindText struct{}

// Schema implements huma.SchemaProvider.
func (alarmKindText) Schema(huma.Registry) *huma.Schema { return enum(evidence.AlarmKinds()...) }

type auditStateText struct{}

// Schema implements huma.SchemaProvider.
func (auditStateText) Schema(huma.Registry) *huma.Schema {
	return enum(evidence.AuditRunning, evidence.AuditDone, evidence.AuditFailed)
}

type codeText struct{}

// Schema implements huma.SchemaProvider.
func (codeText) Schema(huma.Registry) *huma.Schema { return enum(codes()...) }

// codes lists every code that a problem can have.
func codes() []evidence.Code {
	return []evidence.Code{
		evidence.Invalid, evidence.Unauthenticated, evidence.Forbidden, evidence.NotFound, evidence.Conflict,
		evidence.DigestMismatch, evidence.LengthMismatch, evidence.TooLarge, evidence.Tampered, evidence.Incomplete,
		evidence.UntrustedKey, evidence.Malformed, evidence.StorageFull, evidence.StorageUnsafe, evidence.Unavailable,
		evidence.Sealed, evidence.Internal,
	}
}

// schemaName names a schema as its type, and one of package register as both.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.PkgPath() == reflect.TypeFor[logoflogs.Status]().PkgPath() {
		return "Register" + name
	}
	return name
}

// newRegistry returns a schema registry that knows the vocabulary.
func newRegistry() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", schemaName)
	alias[evidence.CaseID, idText[evidence.CaseID]](r)
	alias[evidence.ItemID, idText[evidence.ItemID]](r)
	alias[evidence.EntryID, idText[evidence.EntryID]](r)
	alias[evidence.IntakeID, idText[evidence.IntakeID]](r)
	alias[evidence.UploadID, idText[evidence.UploadID]](r)
	alias[evidence.DisclosureID, idText[evidence.DisclosureID]](r)
	alias[evidence.AlarmID, idText[evidence.AlarmID]](r)
	alias[evidence.AuditID, idText[evidence.AuditID]](r)
	alias[evidence.AlarmKind, alarmKindText](r)
	alias[evidence.AuditState, auditStateText](r)
	alias[evidence.Digest, digestText](r)
	alias[evidence.Instant, instantText](r)
	alias[evidence.FileName, fileNameText](r)
	alias[evidence.Role, roleText](r)
	alias[evidence.Act, actText](r)
	alias[evidence.CaseState, caseStateText](r)
	alias[evidence.Class, classText](r)
	alias[evidence.Grant, grantText](r)
	alias[evidence.ItemState, itemStateText](r)
	alias[evidence.DisclosureState, disclosureStateText](r)
	alias[workflows.IntakeState, intakeStateText](r)
	alias[evidence.Code, codeText](r)
	return r
}

func alias[T, S any](r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[T](), reflect.TypeFor[S]())
}
