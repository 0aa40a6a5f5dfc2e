package station_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/sealcase/sealcase/evidence"
)

// TestCoveredStorage is somebody with the root password of the object store: it
// deletes nothing that is locked, and what is put above it changes nothing.
func TestCoveredStorage(t *testing.T) {
	c := openCase(t)
	it := bring(t, c, file(t, "covered.dd", random(50, 2<<20)))[0]
	root := storeRoot(t)
	err := root.RemoveObject(t.Context(), it.Data.Bucket, it.Data.Key, minio.RemoveObjectOptions{VersionID: it.Data.Version, GovernanceBypass: true})
	if err == nil {
		t.Error("the object store deleted locked evidence")
	}
	other := random(51, 2<<20)
	if _, err := root.PutObject(t.Context(), it.Data.Bucket, it.Data.Key, bytes.NewReader(other), int64(len(other)), minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := root.RemoveObject(t.Context(), it.Data.Bucket, it.Data.Key, minio.RemoveObjectOptions{}); err != nil { // a delete marker
		t.Fatal(err)
	}
	if v := ask[evidence.Verification](as(t, "emil"), "evidence", "verify", string(it.ID)); !v.OK || v.Observed != it.Digest {
		t.Errorf("the item names its version, and that is as it was: %+v", v)
	}
	wantVerified(t, disclose(t, c))
}

// TestTamperedStorage is somebody with the disk of the object store: no lock
// holds against that, but the change shows wherever it is.
func TestTamperedStorage(t *testing.T) {
	c, dir := openCase(t), t.TempDir()
	contents := map[evidence.FileName][]byte{"first.dd": random(60, 3<<20), "later.dd": random(61, 3<<20), "small.txt": random(62, 3000), "good.dd": random(63, 100)}
	for name, content := range contents {
		if err := os.WriteFile(filepath.Join(dir, string(name)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	items := bring(t, c, dir)
	emil, paula := as(t, "emil"), as(t, "paula")
	withhold := exportArgs(c)
	for _, it := range items {
		at := map[evidence.FileName]int{"first.dd": 1000, "later.dd": 5 << 19, "small.txt": 1500}[it.Name]
		if at == 0 {
			continue
		}
		t.Run(string(it.Name), func(t *testing.T) {
			flipStored(t, it, contents[it.Name], at)
			o := emil.run("--json", "evidence", "verify", string(it.ID))
			v := answer[evidence.Verification](t, o)
			if o.code != exitMismatch || v.OK || len(v.Differs) == 0 {
				t.Fatalf("a flipped byte: exit code %d, %+v", o.code, v)
			}
			said := emil.fails(exitMismatch, "BAD: the stored bytes are NOT what was sealed", "evidence", "verify", string(it.ID)).said()
			if !strings.Contains(said, v.Differs[0]) {
				t.Errorf("it does not say what differs:\n%s", said)
			}
			log := logOf(t, c)
			if last := log[len(log)-1].Entry; last.Act != evidence.ActVerified || last.Item != it.ID || last.Details["outcome"] != "differs" {
				t.Errorf("the log ends with %+v", last)
			}
			out := filepath.Join(t.TempDir(), "out")
			if o := emil.run("evidence", "get", string(it.ID), "--purpose", "test", "--output", out); o.code == 0 {
				t.Errorf("its bytes were handed out:\n%s", o.said())
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("its bytes were kept")
			}
		})
		withhold = append(withhold, "--withhold", string(it.ID)+"=damaged in storage")
	}
	if o := paula.run(exportArgs(c)...); o.code != exitConflict || !strings.Contains(o.said(), "could not be made") {
		t.Errorf("a bundle of it: exit code %d:\n%s", o.code, o.said())
	}
	d := ask[evidence.Disclosure](paula, withhold...)
	if d.State != evidence.DisclosureReady || d.Items != 1 {
		t.Errorf("the disclosure of the rest is %+v", d)
	}
	wantVerified(t, fetch(t, d.ID))
}

// storeRoot returns a client with every right that the object store gives.
func storeRoot(t *testing.T) *minio.Client {
	t.Helper()
	at := shared.Servers.S3
	client, err := minio.New(at.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(at.AccessKey, at.SecretKey, ""), Secure: at.TLS})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// flipStored changes one byte of an item's content on the object store's disk,
// which keeps the bytes as they are, in pieces with checksums between them.
func flipStored(t *testing.T, it evidence.Item, content []byte, at int) {
	t.Helper()
	dir := filepath.Join(shared.Dir, "servers", "minio", "data", it.Data.Bucket, filepath.FromSlash(it.Data.Key))
	flipped := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		place := bytes.Index(stored, content[at:at+64])
		if place < 0 {
			return nil
		}
		flipped++
		return flip(path, int64(place))
	})
	if err != nil || flipped != 1 {
		t.Fatalf("changing the bytes of exhibit %d on disk: in %d files, %v", it.Exhibit, flipped, err)
	}
}

// flip changes one bit of a file.
func flip(path string, at int64) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	var b [1]byte
	if _, err := f.ReadAt(b[:], at); err != nil {
		return err
	}
	b[0] ^= 1
	_, err = f.WriteAt(b[:], at)
	return err
}
