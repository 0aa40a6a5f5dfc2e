package seal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/seal"
)

func TestSignRefusesAStatementThatIsNotWhole(t *testing.T) {
	for name, change := range map[string]func(*seal.Statement){
		"another type":    func(s *seal.Statement) { s.Type = "" },
		"no case":         func(s *seal.Statement) { s.Case = "" },
		"no item":         func(s *seal.Statement) { s.Item = "item-1" },
		"no intake":       func(s *seal.Statement) { s.Intake = "" },
		"no exhibit":      func(s *seal.Statement) { s.Exhibit = 0 },
		"no name":         func(s *seal.Statement) { s.Name = "" },
		"negative length": func(s *seal.Statement) { s.Length = -1 },
		"no digest":       func(s *seal.Statement) { s.Digest = evidence.Digest{} },
		"no receipt":      func(s *seal.Statement) { s.ReceivedAt = evidence.Instant{} },
		"no receiver":     func(s *seal.Statement) { s.ReceivedBy = "" },
		"no bucket":       func(s *seal.Statement) { s.Object.Bucket = "" },
		"no key":          func(s *seal.Statement) { s.Object.Key = "" },
		"no version":      func(s *seal.Statement) { s.Object.Version = "" },
		"not locked":      func(s *seal.Statement) { s.LockedUntil = evidence.Instant{} },
		"no time":         func(s *seal.Statement) { s.SealedAt = evidence.Instant{} },
		"not UTF-8":       func(s *seal.Statement) { s.Authority = "\xff" },
		"too large":       func(s *seal.Statement) { s.CaseNumber = strings.Repeat("x", 1<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			bad := statement()
			change(&bad)
			want := evidence.Invalid
			if name == "too large" {
				want = evidence.TooLarge
			}
			envelopes, err := seal.Sign(t.Context(), signer("agency.example/seal/v1"), statement(), bad)
			if evidence.CodeOf(err) != want || envelopes != nil {
				t.Errorf("got %d envelopes and %v; want none and an error that is %q", len(envelopes), err, want)
			}
		})
	}
}

func TestStatementOfAnEmptyFile(t *testing.T) {
	it := item()
	it.Length, it.Digest, it.Path = 0, evidence.Sum(nil), ""
	s := signer("agency.example/seal/v1")
	want := seal.NewStatement(evidence.Case{Number: "2026-0007"}, it, "", day(2))
	got, _, err := seal.Open(sealed(t, s, want)[0], []evidence.PublicKey{key(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statement differs (-want +got):\n%s", diff)
	}
	if differs := got.Check(it); len(differs) != 0 {
		t.Errorf("got %q, want agreement", differs)
	}
}

func TestCheckAgrees(t *testing.T) {
	for name, change := range map[string]func(*evidence.Item){
		"as it was sealed":  func(*evidence.Item) {},
		"sealed since":      func(it *evidence.Item) { it.State, it.SealedAt = evidence.ItemSealed, day(2) },
		"locked for longer": func(it *evidence.Item) { it.Locked = day(31) },
		"another custodian": func(it *evidence.Item) { it.Version, it.Custodian, it.At = 3, "q", day(3) },
	} {
		t.Run(name, func(t *testing.T) {
			it := item()
			change(&it)
			if differs := statement().Check(it); len(differs) != 0 {
				t.Errorf("got %q, want agreement", differs)
			}
		})
	}
}

func TestCheckSaysWhatDiffers(t *testing.T) {
	for want, change := range map[string]func(*evidence.Item){
		"the SHA-256 was ba78":            func(it *evidence.Item) { it.Digest = evidence.Sum(nil) },
		"the length was 3 when":           func(it *evidence.Item) { it.Length = 4 },
		"the item was item-aaa":           func(it *evidence.Item) { it.ID = "item-b" },
		"the case was case-aaa":           func(it *evidence.Item) { it.Case = "case-b" },
		"the exhibit number was 12":       func(it *evidence.Item) { it.Exhibit = 13 },
		"the intake was intake-aaa":       func(it *evidence.Item) { it.Intake = "intake-b" },
		`the name was "invoice\xff.pdf"`:  func(it *evidence.Item) { it.Name = "invoice\u202efdp.exe" },
		`the folder was "laptop/mail"`:    func(it *evidence.Item) { it.Path = "" },
		"the time of receipt was 2026-03": func(it *evidence.Item) { it.ReceivedAt = day(2) },
		"the receiver was p":              func(it *evidence.Item) { it.ReceivedBy = "q" },
		"the stored object was sealcase":  func(it *evidence.Item) { it.Data.Version = "v2" },
		"the time of sealing was 2026-03": func(it *evidence.Item) { it.SealedAt = day(3) },
		"the end of the lock was 2026-03": func(it *evidence.Item) { it.Locked = day(29) },
	} {
		t.Run(want, func(t *testing.T) {
			it := item()
			change(&it)
			differs := statement().Check(it)
			if len(differs) != 1 || !strings.HasPrefix(differs[0], want) {
				t.Errorf("got %q, want one that begins with %q", differs, want)
			}
			if strings.Contains(strings.Join(differs, ""), "\u202e") {
				t.Errorf("a name disguises its ending in %q", differs)
			}
		})
	}
	if differs := statement().Check(evidence.Item{}); len(differs) != 12 {
		t.Errorf("nothing differs from all but the time of sealing in %d points: %q", len(differs), differs)
	}
}
