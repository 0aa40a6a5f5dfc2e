package app_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

type receipt struct {
	Items []struct {
		Path    string             `json:"path"`
		Item    evidence.ItemID    `json:"item"`
		Exhibit string             `json:"exhibit_number"`
		Digest  evidence.Digest    `json:"sha256"`
		State   evidence.ItemState `json:"state"`
		Locked  evidence.Instant   `json:"locked_until"`
	} `json:"items"`
	Failed  []struct{ Path, Code, Message string } `json:"failed"`
	Skipped []struct{ Path, Reason string }        `json:"skipped"`
}

// TestMainJob is what the program is for, through the command line: a case, a
// folder of evidence with a connection that breaks, a bundle, and its proof.
func TestMainJob(t *testing.T) {
	in := install(t)
	investigator, examiner, prosecutor := in.as(t, "investigator"), in.as(t, "examiner"), in.as(t, "prosecutor")
	opened := ask[evidence.Case](t, investigator, "case", "open", "Payroll", "--member", "examiner", "--member", "prosecutor")

	folder := filepath.Join(t.TempDir(), "seized")
	large := make([]byte, 9<<20)
	rand.NewChaCha8([32]byte{1}).Read(large)
	for name, content := range map[string][]byte{
		"mail.eml": []byte("From: x@example.org\r\n\r\nPay to 198.51.100.7\r\n"), "empty": nil, "image.dd": large,
		"deep/a/\u202egpj.exe": []byte("MZ"), "deep/=cmd": []byte("=cmd"), "deep/bad\xff\xfe": []byte("bytes"), "deep/cr\r\nlf": []byte("line"),
	} {
		write(t, filepath.Join(folder, name), content)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	var broken atomic.Int32
	in.break1 = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch && broken.Add(1) == 1 {
			drain(r, 1<<20)
		}
		return false
	}
	got := ask[receipt](t, examiner, "evidence", "add", "--each", folder, "--case", opened.Number, "--source", "Laptop", "--authority", "Warrant 1")
	if len(got.Items) != 7 || len(got.Failed) != 0 || len(got.Skipped) != 1 || broken.Load() < 2 {
		t.Fatalf("receipt %+v after %d parts", got, broken.Load())
	}
	var image evidence.Digest
	exhibits := map[string]string{}
	for _, it := range got.Items {
		if it.State != evidence.ItemSealed || it.Locked.IsZero() || !strings.HasPrefix(it.Exhibit, opened.Number+"/E-") {
			t.Errorf("%s is %+v", it.Path, it)
		}
		exhibits[it.Path] = it.Exhibit
		if it.Path == "seized/image.dd" {
			image = it.Digest
		}
	}
	if image != evidence.Sum(large) {
		t.Errorf("the image's digest is %s", image)
	}
	for _, e := range exhibits {
		if v := ask[evidence.Verification](t, examiner, "evidence", "verify", e); !v.OK {
			t.Errorf("%s: %+v", e, v)
		}
	}
	t.Run("get", func(t *testing.T) { getTest(t, examiner, exhibits["seized/image.dd"], large) })
	t.Run("bundle", func(t *testing.T) { bundleTest(t, prosecutor, opened, exhibits["seized/mail.eml"]) })
	t.Run("engine", func(t *testing.T) {
		engineTest(t, in, "Payroll", "Laptop", "Warrant 1", "mail.eml", "image.dd", "Court", "privileged", "names of staff", "The examiner", "The prosecutor")
	})
	t.Run("signed", func(t *testing.T) { signedTest(t, in, opened) })
}

func getTest(t *testing.T, run func(...string) (string, int), exhibit string, want []byte) {
	dir := t.TempDir()
	ask[map[string]any](t, run, "evidence", "get", exhibit, "--purpose", "test", "-o", dir)
	got, err := os.ReadFile(filepath.Join(dir, "image.dd"))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes, %v", len(got), err)
	}
	write(t, filepath.Join(dir, "image.dd"), []byte("mine"))
	if _, code := run("evidence", "get", exhibit, "--purpose", "test", "-o", dir); code != 5 {
		t.Errorf("a file that is there: exit %d", code)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "image.dd")); err != nil || string(got) != "mine" {
		t.Errorf("it was overwritten: %q, %v", got, err)
	}
	if _, code := run("evidence", "get", exhibit, "--purpose", "test", "-o", dir, "--force"); code != 0 {
		t.Errorf("with --force: exit %d", code)
	}
	if _, code := run("evidence", "get", exhibit[:len(exhibit)-5]+"00999", "--purpose", "test"); code != 4 {
		t.Errorf("an exhibit that is not there: exit %d", code)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".sealcase-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// publishedKeys are the keys that the command line gives to who checks a bundle.
func publishedKeys(t *testing.T, run func(...string) (string, int)) []evidence.PublicKey {
	t.Helper()
	path := filepath.Join(t.TempDir(), "k")
	ask[map[string]any](t, run, "keys", "-o", path)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := evidence.ParseVKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func bundleTest(t *testing.T, run func(...string) (string, int), c evidence.Case, withheld string) {
	dir := t.TempDir()
	log := ask[struct{ Items []logged }](t, run, "case", "log", c.Number).Items
	began := int64(slices.IndexFunc(log, func(e logged) bool { return e.Entry.Act == evidence.ActIntakeOpened }))
	d := ask[evidence.Disclosure](t, run, "bundle", "export", "--case", c.Number, "--recipient", "Court", "--purpose", "trial", "--withhold", withheld+"=privileged", "--withhold-entry", fmt.Sprintf("%d=names of staff", began))
	if d.State != evidence.DisclosureReady || d.Items != 6 || len(d.Entries) != 1 || d.Entries[0].Index != began {
		t.Fatalf("disclosure %+v", d)
	}
	out := filepath.Join(dir, "b.zip")
	write(t, out+".part", nil)
	ask[map[string]any](t, run, "bundle", "download", string(d.ID), "-o", out)
	keys := publishedKeys(t, run)
	proofText, err := os.ReadFile(out + ".proof.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report, err := bundle.Verify(t.Context(), file, d.Length, keys, bundle.Options{Proof: proofText})
	if err != nil || report.Outcome != "ok" || !report.Disclosure.Logged || report.Register == nil {
		t.Errorf("verifying: %+v, %v", report, err)
	}
	if w := report.WithheldEntries; len(w) != 2 || w[0].Reason != "names of staff" || report.Counts.WithheldEntries < 3 {
		t.Errorf("withheld entries: %+v", w)
	}
	for _, wrong := range []string{"3", "3=", "x=because", "0=because", "3=because", "99999=because"} {
		if _, code := run("bundle", "export", "--case", c.Number, "--recipient", "Court", "--purpose", "trial", "--withhold-entry", wrong); code == 0 {
			t.Errorf("--withhold-entry %s is accepted", wrong)
		}
	}
}
