package bundle_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestSecondVerifier has the verifier in independent/, which was written from
// FORMAT.md in another language, judge good and bad bundles: both must come to
// the same outcome. It needs Node, as the web does.
func TestSecondVerifier(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	good := takeApart(t, f, data)
	var names []string
	var bundles [][]byte
	add := func(name string, data []byte) { names, bundles = append(names, name), append(bundles, data) }
	add("good, with a proof of another bundle", data)
	compareVerifiers(t, f, names, bundles, f.prove(t, bundle.Summary{Items: 1}))
	add("good", data)
	for _, forged := range forgeries(f) {
		m := good.clone()
		forged.change(m)
		add(forged.name+", as it is", m.zip())
		add(forged.name, m.fixManifests().zip())
	}
	for _, file := range good.files {
		m := good.clone()
		m.remove(file.Name)
		add("without "+file.Name, m.zip())
		add("without "+file.Name+", manifests recomputed", m.fixManifests().zip())
	}
	compareVerifiers(t, f, names, bundles, nil)
	names, bundles = []string{"good"}, [][]byte{data}
	for _, span := range bundle.Spans(data) {
		for i := span.From; i < span.To; i += max((span.To-span.From)/2+1, 1) {
			bad := bytes.Clone(data)
			bad[i] ^= 4
			add(span.Name+", offset "+strconv.FormatInt(i, 10), bad)
		}
	}
	add("cut", data[:len(data)-1])
	add("grown", append(bytes.Clone(data), 0))
	compareVerifiers(t, f, names, bundles, f.prove(t, s))
}

// compareVerifiers has both verifiers judge bundles.
func compareVerifiers(t *testing.T, f *fixture, names []string, bundles [][]byte, proof []byte) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	args := []string{"independent/verify.mjs", write("keys.vkey", evidence.FormatVKeys(f.facts.Keys)), "-"}
	if proof != nil {
		args[2] = write("proof.json", proof)
	}
	for i, data := range bundles {
		args = append(args, write(strconv.Itoa(i), data))
	}
	// Its exit code is that of the last bundle, a bad one.
	out, err := exec.CommandContext(t.Context(), "node", args...).Output()
	if exit, ok := err.(*exec.ExitError); err != nil && (!ok || len(exit.Stderr) > 0) {
		t.Fatalf("running the second verifier: %v\n%s", err, exit.Stderr)
	}
	verdicts := json.NewDecoder(bytes.NewReader(out))
	for i, data := range bundles {
		var second struct {
			Outcome  bundle.Outcome
			Problems []bundle.Problem
		}
		if err := verdicts.Decode(&second); err != nil {
			t.Fatalf("%s: reading the second verdict: %v", names[i], err)
		}
		if first := f.verify(t, data, bundle.Options{Proof: proof}); first.Outcome != second.Outcome {
			t.Errorf("%s: the first says %s, the second %s\n%v\n%v", names[i], first.Outcome, second.Outcome, first.Problems, second.Problems)
		}
	}
}
