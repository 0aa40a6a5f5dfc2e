package api

import (
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
)

// limitFields gives fields of a request the limits that the vocabulary has for them:
// characters of a text, elements of a list. It is for TransformSchema, so that
// what is validated here, the document, and what is generated from it have the
// limits by which custody refuses.
func limitFields(s *huma.Schema, most map[string]int) *huma.Schema {
	for name, limit := range most {
		field, ok := s.Properties[name]
		if !ok {
			panic(fmt.Sprintf("api: there is no field %s to limit", name)) // a defect, seen by every test
		}
		if field.Type == huma.TypeArray {
			field.MaxItems = &limit
		} else {
			field.MaxLength = &limit
		}
		field.PrecomputeMessages()
	}
	return s
}

// TransformSchema implements huma.SchemaTransformer.
func (OpenCaseRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{
		"title": evidence.MaxTitle, "summary": evidence.MaxSummary, "time_zone": evidence.MaxTimeZone, "authority": evidence.MaxText, "members": evidence.MaxNewMembers,
	})
}

// TransformSchema implements huma.SchemaTransformer.
func (ClassChangeRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText, "authority": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (TransitionRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (MemberRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"login": evidence.MaxLogin})
}

// TransformSchema implements huma.SchemaTransformer.
func (CorrectionRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"right": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (RemovalRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (SessionRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"login": evidence.MaxLogin, "password": evidence.MaxPassword})
}

// TransformSchema implements huma.SchemaTransformer.
func (IntakeRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"source": evidence.MaxText, "authority": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (ReadRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"purpose": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (DisclosureRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{
		"title": evidence.MaxTitle, "recipient": evidence.MaxRecipient, "purpose": evidence.MaxText,
		"withheld": evidence.MaxWithheldItems, "withheld_entries": evidence.MaxWithheldEntries,
	})
}

// TransformSchema implements huma.SchemaTransformer.
func (WithholdItem) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (WithholdEntry) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText})
}

// TransformSchema implements huma.SchemaTransformer.
func (AcknowledgementRequest) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return limitFields(s, map[string]int{"reason": evidence.MaxText})
}

// Login is what a person types to sign in, as a parameter.
type Login string

// Schema implements huma.SchemaProvider.
func (Login) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MinLength: ref(1), MaxLength: ref(evidence.MaxLogin)}
}

// Key is an Idempotency-Key.
type Key string

// Schema implements huma.SchemaProvider.
func (Key) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, MaxLength: ref(evidence.MaxIdempotencyKey)}
}
