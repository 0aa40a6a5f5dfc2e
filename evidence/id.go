package evidence

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"
)

// Identifiers are a short prefix that names the kind, a hyphen, and 128 random
// bits in lower-case base32 (RFC 4648 section 6, no padding). They carry no
// meaning and no order, so that none can be guessed from another.
type (
	// CaseID names a case: "case-…".
	CaseID string
	// ItemID names an exhibit: "item-…".
	ItemID string
	// EntryID names an entry of a log: "entry-…". A retried act uses the same
	// EntryID again and is recorded once.
	EntryID string
	// IntakeID names an intake: "intake-…".
	IntakeID string
	// UploadID names an upload: "upload-…".
	UploadID string
	// DisclosureID names a disclosure: "disclosure-…".
	DisclosureID string
	// AlarmID names an alarm: "alarm-…".
	AlarmID string
	// AuditID names a run of the audit: "audit-…".
	AuditID string
	// PersonID names a person or a machine identity as Vault does (its entity
	// ID), or a service of ours ("service:worker").
	PersonID string
)

// ID is any of the identifiers that this package generates.
type ID interface {
	CaseID | ItemID | EntryID | IntakeID | UploadID | DisclosureID | AlarmID | AuditID
}

var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// idBodyLength is the length of 128 bits in unpadded base32.
const idBodyLength = 26

// NewID draws a new identifier from random, which is crypto/rand.Reader
// outside tests.
func NewID[T ID](random io.Reader) (T, error) {
	var raw [16]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("drawing an identifier: %w", err)
	}
	return idFromBytes[T](raw), nil
}

func idFromBytes[T ID](raw [16]byte) T {
	return T(prefixOf[T]() + "-" + strings.ToLower(idEncoding.EncodeToString(raw[:])))
}

// ParseID returns s as an identifier of kind T, or an Invalid error.
func ParseID[T ID](s string) (T, error) {
	body, ok := strings.CutPrefix(s, prefixOf[T]()+"-")
	if !ok || !isIDBody(body) {
		return "", Errorf(Invalid, "%q is not %s identifier", s, article(prefixOf[T]()))
	}
	return T(s), nil
}

// isIDBody reports whether s is the one text of some 128 bits. The last digit
// holds three of them, and its two spare bits are zero.
func isIDBody(s string) bool {
	if len(s) != idBodyLength || strings.IndexByte("aeimquy4", s[len(s)-1]) < 0 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}

func prefixOf[T ID]() string {
	var zero T
	switch any(zero).(type) {
	case CaseID:
		return "case"
	case ItemID:
		return "item"
	case EntryID:
		return "entry"
	case IntakeID:
		return "intake"
	case UploadID:
		return "upload"
	case AlarmID:
		return "alarm"
	case AuditID:
		return "audit"
	default:
		return "disclosure"
	}
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
