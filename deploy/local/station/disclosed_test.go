package station_test

import (
	"bytes"
	"crypto/ed25519"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// handed is what a recipient has.
type handed struct{ bundle, proof, keys string }

func exportArgs(c evidence.Case) []string {
	return []string{"bundle", "export", "--case", string(c.ID), "--recipient", "Counsel for the defence", "--purpose", "Rule 16"}
}

// disclose has paula make a bundle of a case and fetch it.
func disclose(t *testing.T, c evidence.Case) handed {
	t.Helper()
	d := ask[evidence.Disclosure](as(t, "paula"), exportArgs(c)...)
	if d.State != evidence.DisclosureReady {
		t.Fatalf("the disclosure is %+v", d)
	}
	return fetch(t, d.ID)
}

func fetch(t *testing.T, id evidence.DisclosureID) handed {
	t.Helper()
	paula, dir := as(t, "paula"), t.TempDir()
	h := handed{bundle: filepath.Join(dir, "bundle.zip"), proof: filepath.Join(dir, "bundle.zip.proof.json"), keys: filepath.Join(dir, "agency.vkey")}
	ask[any](paula, "bundle", "download", string(id), "--output", h.bundle)
	ask[any](paula, "keys", "--output", h.keys)
	return h
}

// verify runs sealcase-verify, with nothing but files.
func verify(t *testing.T, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), shared.Program("sealcase-verify"), args...)
	cmd.Env = []string{}
	return finish(cmd)
}

// wantVerified fails unless the bundle is good and its proof as well.
func wantVerified(t *testing.T, h handed) {
	t.Helper()
	if o := verify(t, h.bundle, "-key", h.keys, "-proof", h.proof); o.code != 0 {
		t.Errorf("verifying: exit code %d:\n%s", o.code, o.said())
	}
}

// strangersKey writes a file with a key that signed nothing of ours.
func strangersKey(t *testing.T) string {
	t.Helper()
	public, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := evidence.PublicKey{Name: "stranger.example/log/v1", Key: public}
	return file(t, "stranger.vkey", evidence.FormatVKeys([]evidence.PublicKey{key}))
}

// indexOf returns where a part of a bundle begins.
func indexOf(t *testing.T, bundle, part []byte) int {
	t.Helper()
	at := bytes.Index(bundle, part)
	if at < 0 {
		t.Fatal("the bundle does not hold the bytes of the exhibit as they are")
	}
	return at
}
