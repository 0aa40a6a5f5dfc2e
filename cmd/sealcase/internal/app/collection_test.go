package app_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// TestCollection is a folder brought in as one exhibit, over a connection that
// breaks, and sealed.
func TestCollection(t *testing.T) {
	in := install(t)
	investigator, examiner := in.as(t, "investigator"), in.as(t, "examiner")
	opened := ask[evidence.Case](t, investigator, "case", "open", "Phone", "--member", "examiner")
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
}
