package evidence

import (
	"strings"
	"unicode/utf8"
)

// The limits of what people type and ask for. Each limit is here and nowhere
// else: custody refuses by it, and the description of the HTTP interface, from
// which the pages and other clients are generated, states it. Texts are counted
// in Unicode characters.
const (
	MaxTitle     = 200    // of a case or a disclosure
	MaxSummary   = 10_000 // of a case
	MaxRecipient = 500    // of a disclosure
	MaxText      = 4_000  // a reason, a purpose, a source, an authority
	MaxLogin     = 200
	MaxPassword  = 1_024
	MaxTimeZone  = 64

	MaxNewMembers      = 100     // of a case that is being opened
	MaxWithheldItems   = 100_000 // of one disclosure
	MaxWithheldEntries = 1_000   // of one disclosure, besides those about withheld items: they are kept in one entry
	MaxReasonBytes     = 4 << 20 // of all reasons of one disclosure together: they are kept in one record

	MaxPage     = 256 // elements of one page of any list
	DefaultPage = 50  // where the caller does not say

	MaxCursor         = 200 // characters of the place of a page
	MaxIdempotencyKey = 200
)

// CheckText returns an Invalid error when text has more than limit characters,
// is needed and empty, or cannot be shown. What names the text in the message.
func CheckText(what, text string, limit int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(text) == "":
		return Errorf(Invalid, "%s is missing", what)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return Errorf(Invalid, "%s is not valid UTF-8 text", what)
	case utf8.RuneCountInString(text) > limit:
		return Errorf(Invalid, "%s may have %d characters, this has %d", what, limit, utf8.RuneCountInString(text))
	}
	return nil
}

// PageLimit returns how many elements a page has when limit are asked for: 1 to
// MaxPage, DefaultPage for 0.
func PageLimit(limit int) int {
	if limit <= 0 {
		return DefaultPage
	}
	return min(limit, MaxPage)
}
