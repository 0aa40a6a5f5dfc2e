package rootfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/rootfile"
	"github.com/sealcase/sealcase/evidence"
)

func TestRootFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "root")
	const passphrase = "correct horse battery"
	key, err := rootfile.New(path, "agency.example/root/v1", passphrase)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	root, err := rootfile.Open(path, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := root.Sign(t.Context(), []byte("a"), []byte("b"))
	if err != nil || !signed[1].Key.Equal(key) || !key.Verify([]byte("b"), signed[1].Bytes) {
		t.Errorf("%v, %v", signed, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if _, err := rootfile.New(other, "agency.example/root/v1", passphrase); err != nil {
		t.Fatal(err)
	}
	otherText, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	swapped := filepath.Join(t.TempDir(), "swapped")
	_, body, _ := strings.Cut(string(otherText), "\n")
	if err := os.WriteFile(swapped, []byte(key.VKey()+"\n"+body), 0o600); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, text[1:], 0o600); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"another passphrase": second(rootfile.Open(path, passphrase+".")), "no file": second(rootfile.Open(path+".none", passphrase)),
		"another key's file": second(rootfile.Open(swapped, passphrase)), "no key first": second(rootfile.Open(plain, passphrase)),
		"over one that is there": second(rootfile.New(path, "agency.example/root/v1", passphrase)), "a short passphrase": second(rootfile.New(path+"2", "agency.example/root/v1", "short")),
		"a name that is none": second(rootfile.New(path+"3", "a b", passphrase)),
	} {
		want := map[string]evidence.Code{
			"another passphrase": evidence.Forbidden, "no file": evidence.NotFound, "another key's file": evidence.Malformed, "no key first": evidence.Malformed,
			"over one that is there": evidence.Conflict, "a short passphrase": evidence.Invalid, "a name that is none": evidence.Invalid,
		}[what]
		if got := evidence.CodeOf(err); got != want {
			t.Errorf("%s: %q (%v), want %q", what, got, err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }
