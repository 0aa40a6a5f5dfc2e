package app_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/collection"
)

// TestCollection is a folder brought in as one exhibit, over a connection that
// breaks, and sealed.
func TestCollection(t *testing.T) {
	in := install(t)
	investigator, examiner := in.as(t, "investigator"), in.as(t, "examiner")
	opened := ask[evidence.Case](t, investigator, "case", "open", "Phone", "--member", "examiner", "--member", "prosecutor")
	folder := filepath.Join(t.TempDir(), "phone")
	large := bytes.Repeat([]byte("0123456789abcdef"), 20<<16)
	for name, content := range map[string][]byte{
		"a.txt": []byte("one"), "empty": nil, "deep/\u202egpj.exe": []byte("MZ"), "deep/bad\xff\xfe": []byte("bytes"), "video.mp4": large,
	} {
		write(t, filepath.Join(folder, name), content)
	}
	if err := os.Mkdir(filepath.Join(folder, "attachments"), 0o700); err != nil {
		t.Fatal(err)
	}
	var broken atomic.Int32
	in.break1 = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch && broken.Add(1) == 1 {
			drain(r, 9<<20)
		}
		return false
	}
	got := ask[struct {
		receipt
		Items []struct {
			Exhibit    string             `json:"exhibit_number"`
			State      evidence.ItemState `json:"state"`
			Collection struct {
				Root           evidence.Digest
				Files, Folders int64
			}
		} `json:"items"`
	}](t, examiner, "evidence", "add", folder, "--case", opened.Number, "--source", "Phone", "--authority", "Warrant 1")
	if len(got.Items) != 1 || got.Items[0].State != evidence.ItemSealed || got.Items[0].Collection.Files != 5 || got.Items[0].Collection.Folders != 3 || broken.Load() < 2 {
		t.Fatalf("receipt %+v after %d parts", got, broken.Load())
	}
	if v := ask[evidence.Verification](t, examiner, "evidence", "verify", got.Items[0].Exhibit); !v.OK {
		t.Errorf("%+v", v)
	}
	of := got.Items[0].Collection
	if v := ask[struct{ Item evidence.Item }](t, examiner, "evidence", "show", got.Items[0].Exhibit); v.Item.Collection.Root != of.Root || v.Item.Collection.Leaves != 1+of.Files+of.Folders {
		t.Errorf("on record: %+v", v.Item.Collection)
	}
	t.Run("members", func(t *testing.T) { membersTest(t, in, examiner, got.Items[0].Exhibit) })
	t.Run("forged", func(t *testing.T) { forgedCollectionTest(t, in, opened) })
	t.Run("bundle", func(t *testing.T) { collectionBundleTest(t, in, opened) })
}

// forgedCollectionTest has a client say of bytes that they are a collection that
// they are not: they are set apart, and never sealed.
func forgedCollectionTest(t *testing.T, in *installation, opened evidence.Case) {
	c, err := client.New(in.url, in.token(t, "examiner"), "test")
	if err != nil {
		t.Fatal(err)
	}
	delivery, err := c.OpenIntake(t.Context(), "forged", opened.ID, api.IntakeRequest{Source: "x"})
	if err != nil {
		t.Fatal(err)
	}
	data := []byte("no zip at all, whatever they say")
	f := client.File{Intake: delivery.ID, Name: "usb.zip", Length: int64(len(data)), Collection: evidence.Collection{Leaves: 2, Manifest: 31}}
	if _, err := c.CreateUpload(t.Context(), "none", f, data, client.Ending{Digest: evidence.Sum(data)}); evidence.CodeOf(err) != evidence.Invalid {
		t.Errorf("a collection without a root: %v", err)
	}
	sent, err := c.CreateUpload(t.Context(), "forged", f, data, client.Ending{Digest: evidence.Sum(data), Root: evidence.Sum(nil)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.CompleteIntake(t.Context(), delivery.ID); err != nil {
		t.Fatal(err)
	}
	for state := evidence.ItemReceived; state != evidence.ItemQuarantined; { // the test's own limit ends this
		v, err := c.Item(t.Context(), sent.Item)
		if err != nil || v.Item.State == evidence.ItemSealed {
			t.Fatalf("it is %s, %v", v.Item.State, err)
		}
		if state = v.Item.State; state == evidence.ItemReceived {
			time.Sleep(100 * time.Millisecond)
		}
	}
	log, err := c.ItemLog(t.Context(), sent.Item)
	if err != nil || !slices.ContainsFunc(log.Items, func(e api.LogEntry) bool {
		return e.Entry.Act == evidence.ActQuarantined && strings.Contains(e.Entry.Details["why"], "not the collection")
	}) {
		t.Errorf("the log does not say why: %v", err)
	}
}

func collectionBundleTest(t *testing.T, in *installation, opened evidence.Case) {
	prosecutor, dir := in.as(t, "prosecutor"), t.TempDir()
	d := ask[evidence.Disclosure](t, prosecutor, "bundle", "export", "--case", opened.Number, "--recipient", "Court", "--purpose", "trial")
	out := filepath.Join(dir, "b.zip")
	ask[map[string]any](t, prosecutor, "bundle", "download", string(d.ID), "-o", out)
	keys := publishedKeys(t, prosecutor)
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report, err := bundle.Verify(t.Context(), file, d.Length, keys, bundle.Options{})
	if err != nil || report.Outcome != bundle.OK || !slices.ContainsFunc(report.Notices, func(n string) bool { return strings.Contains(n, "is a collection: 5 files, 3 folders") }) {
		t.Errorf("verifying: %+v, %v", report, err)
	}
}

// membersTest lists, filters, fetches and proves members of a collection.
func membersTest(t *testing.T, in *installation, run func(...string) (string, int), exhibit string) {
	type member struct {
		Index  int64             `json:"index"`
		Path   evidence.FileName `json:"path"`
		Kind   string            `json:"kind"`
		Digest evidence.Digest   `json:"sha256"`
	}
	all := ask[struct{ Items []member }](t, run, "evidence", "members", exhibit).Items
	if len(all) != 8 || all[0].Path != "phone" || all[0].Kind != "folder" {
		t.Fatalf("members %+v", all)
	}
	found := ask[struct{ Items []member }](t, run, "evidence", "members", exhibit, "--filter", "A.TXT").Items
	if len(found) != 1 || found[0].Digest != evidence.Sum([]byte("one")) {
		t.Fatalf("filtered %+v", found)
	}
	number, dir := strconv.FormatInt(found[0].Index, 10), t.TempDir()
	ask[map[string]any](t, run, "evidence", "get", exhibit, "--member", number, "--purpose", "to read it", "-o", dir)
	if got, err := os.ReadFile(filepath.Join(dir, "a.txt")); err != nil || string(got) != "one" {
		t.Errorf("fetched %q, %v", got, err)
	}
	for _, m := range all { // the empty one, and the one that is not UTF-8
		if m.Kind == "file" {
			ask[map[string]any](t, run, "evidence", "get", exhibit, "--member", strconv.FormatInt(m.Index, 10), "--purpose", "all", "-o", t.TempDir())
		}
	}
	log := ask[struct{ Items []api.LogEntry }](t, run, "evidence", "log", exhibit).Items
	if !slices.ContainsFunc(log, func(e api.LogEntry) bool {
		return e.Entry.Act == evidence.ActViewed && e.Entry.Details["member"] == "phone/a.txt" && e.Entry.Purpose == "to read it"
	}) {
		t.Error("that it was read is not on record with its path and purpose")
	}
	for _, wrong := range []string{"99", "1"} { // none, and a folder
		if _, code := run("evidence", "get", exhibit, "--member", wrong, "--purpose", "x", "-o", dir, "--force"); code == 0 {
			t.Errorf("member %s is fetched", wrong)
		}
	}
	if _, code := in.as(t, "administrator")("evidence", "members", exhibit); code == 0 {
		t.Error("an administrator reads names of evidence")
	}
	ask[map[string]any](t, run, "evidence", "prove", exhibit, "--member", number, "-o", filepath.Join(dir, "proof"))
	keys := publishedKeys(t, run)
	proof, err := os.ReadFile(filepath.Join(dir, "proof"))
	if err != nil {
		t.Fatal(err)
	}
	proven, err := collection.VerifyProof(proof, keys)
	if err != nil || proven.Line.Path != "phone/a.txt" || proven.Line.Digest != evidence.Sum([]byte("one")) {
		t.Errorf("%+v, %v", proven, err)
	}
}
