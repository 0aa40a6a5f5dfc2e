package evidence_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/sealcase/sealcase/evidence"
)

func TestNewID(t *testing.T) {
	zeros := bytes.NewReader(make([]byte, 16))
	id, err := evidence.NewID[evidence.CaseID](zeros)
	if err != nil {
		t.Fatal(err)
	}
	if want := evidence.CaseID("case-aaaaaaaaaaaaaaaaaaaaaaaaaa"); id != want {
		t.Errorf("got %q, want %q", id, want)
	}
	if _, err := evidence.NewID[evidence.CaseID](zeros); err == nil {
		t.Error("an identifier was drawn from an empty source")
	}
	broken := errors.New("no entropy")
	if _, err := evidence.NewID[evidence.ItemID](iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v in its chain", err, broken)
	}
}

func TestNewIDOfEachKindParses(t *testing.T) {
	checkKind[evidence.CaseID](t, "case-")
	checkKind[evidence.ItemID](t, "item-")
	checkKind[evidence.EntryID](t, "entry-")
	checkKind[evidence.IntakeID](t, "intake-")
	checkKind[evidence.UploadID](t, "upload-")
	checkKind[evidence.DisclosureID](t, "disclosure-")
}

func checkKind[T evidence.ID](t *testing.T, prefix string) {
	t.Helper()
	id, err := evidence.NewID[T](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(id), prefix) {
		t.Errorf("%q does not begin with %q", id, prefix)
	}
	if parsed, err := evidence.ParseID[T](string(id)); err != nil || parsed != id {
		t.Errorf("parsing %q: got %q, %v", id, parsed, err)
	}
}

func TestParseIDRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":           "",
		"prefix alone":      "case-",
		"another kind":      "item-aaaaaaaaaaaaaaaaaaaaaaaaaa",
		"upper case":        "case-AAAAAAAAAAAAAAAAAAAAAAAAAA",
		"mixed case":        "case-aaaaaaaaaaaaaaaaaaaaaaaaaA",
		"too short":         "case-aaaaaaaaaaaaaaaaaaaaaaaaa",
		"too long":          "case-aaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"digit not in it":   "case-1aaaaaaaaaaaaaaaaaaaaaaaaa",
		"spare bits set":    "case-aaaaaaaaaaaaaaaaaaaaaaaaab",
		"line breaks":       "case-aaaaaaaaaaaa\r\naaaaaaaaaaaa",
		"padding":           "case-aaaaaaaaaaaaaaaaaaaaaaaaa=",
		"space before":      " case-aaaaaaaaaaaaaaaaaaaaaaaaaa",
		"path instead":      "case-../../../../etc/passwd/aaaa",
		"folded long s":     "ca\u017fe-aaaaaaaaaaaaaaaaaaaaaaaaaa",
		"invalid UTF-8":     "case-aaaaaaaaaaaaaaaaaaaaaaaaa\xff",
		"upper-case prefix": "CASE-aaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		t.Run(name, func(t *testing.T) {
			id, err := evidence.ParseID[evidence.CaseID](text)
			if code := evidence.CodeOf(err); code != evidence.Invalid || id != "" {
				t.Errorf("got %q and %q, want nothing and %q", id, code, evidence.Invalid)
			}
		})
	}
}

func TestParseIDNamesTheKind(t *testing.T) {
	_, err := evidence.ParseID[evidence.EntryID]("x")
	if got, want := evidence.MessageOf(err), `"x" is not an entry identifier`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = evidence.ParseID[evidence.CaseID]("x")
	if got, want := evidence.MessageOf(err), `"x" is not a case identifier`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDerive(t *testing.T) {
	one := evidence.DeriveEntryID("sealed", "item-x", "2")
	if one != evidence.DeriveEntryID("sealed", "item-x", "2") {
		t.Error("the same parts gave two identifiers")
	}
	if want := evidence.EntryID("entry-mh7wtqlw6mykttcahg7por7zyu"); one != want {
		t.Errorf("got %q, want %q for ever: retried acts would be recorded twice", one, want)
	}
	if _, err := evidence.ParseID[evidence.EntryID](string(one)); err != nil {
		t.Error(err)
	}
	seen := map[evidence.EntryID]string{}
	for _, parts := range [][]string{
		{}, {""}, {"", ""}, {"a"}, {"a", ""}, {"", "a"}, {"ab"}, {"a", "b"}, {"a", "b", ""}, {"b", "a"},
	} {
		id := evidence.DeriveEntryID(parts...)
		if other, ok := seen[id]; ok {
			t.Errorf("%q and %s gave the same identifier", parts, other)
		}
		seen[id] = strings.Join(parts, "|")
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("entry-aaaaaaaaaaaaaaaaaaaaaaaaaa")
	f.Add("entry-aaaaaaaaaaaa\r\naaaaaaaaaaaa")
	f.Add("entry-aaaaaaaaaaaaaaaaaaaaaaaaab")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := evidence.ParseID[evidence.EntryID](text)
		if err == nil && string(id) != text {
			t.Errorf("%q was read as %q", text, id)
		}
		code := base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
		body, _ := strings.CutPrefix(text, "entry-")
		raw, decodeErr := code.DecodeString(body)
		if want := decodeErr == nil && len(raw) == 16 && "entry-"+code.EncodeToString(raw) == text; want != (err == nil) {
			t.Errorf("%q is the text of an identifier: %v; got %v", text, want, err)
		}
	})
}
