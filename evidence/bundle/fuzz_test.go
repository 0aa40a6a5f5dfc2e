package bundle_test

import (
	"bytes"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// FuzzVerify feeds the verifier anything: it neither fails nor panics, and
// calls nothing good that is not the very bundle.
func FuzzVerify(f *testing.F) {
	fixture := small()
	var b bytes.Buffer
	if _, err := bundle.Write(f.Context(), &b, fixture, nil); err != nil {
		f.Fatal(err)
	}
	good := b.Bytes()
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add(append(bytes.Clone(good), good...))
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), fixture.trusted, bundle.Options{})
		if err != nil {
			t.Fatalf("Verify: %v", err)
		}
		if r.Digest != evidence.Sum(data) {
			t.Errorf("the report names %s as the digest of the file, not %s", r.Digest, evidence.Sum(data))
		}
		if (r.Outcome == bundle.OK) != (len(r.Problems) == 0) {
			t.Errorf("%s with %d problems", r.Outcome, len(r.Problems))
		}
		if r.Outcome == bundle.OK && !bytes.Equal(data, good) {
			t.Errorf("no error found in another file than the good bundle")
		}
		if err := r.WriteText(&bytes.Buffer{}); err != nil {
			t.Errorf("WriteText: %v", err)
		}
	})
}

// FuzzContents feeds the verifier other contents in a good frame with right
// manifests, so that what reads them is reached. What is accepted, written again
// from what is in it, is the same file.
func FuzzContents(f *testing.F) {
	fixture := golden()
	var b bytes.Buffer
	if _, err := bundle.Write(f.Context(), &b, fixture, nil); err != nil {
		f.Fatal(err)
	}
	good := takeApart(f, fixture, b.Bytes())
	for i, file := range good.files {
		f.Add(i, file.Content)
	}
	f.Fuzz(func(t *testing.T, i int, content []byte) {
		m := good.clone()
		file := &m.files[uint(i)%uint(len(m.files))]
		same := bytes.Equal(file.Content, content)
		file.Content = content
		m.fixManifests()
		data := m.zip()
		r, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), fixture.trusted, bundle.Options{})
		if err != nil {
			t.Fatalf("Verify: %v", err)
		}
		if same && r.Outcome != bundle.OK {
			t.Errorf("the good bundle is %s: %v", r.Outcome, r.Problems)
		}
		if r.Outcome != bundle.OK {
			return
		}
		if again, err := rewrite(t, m); err == nil && !bytes.Equal(again, data) {
			t.Errorf("what was accepted is written again as another file")
		}
	})
}

// FuzzProof reads anything as a proof: what is accepted is written again to
// the same bytes.
func FuzzProof(f *testing.F) {
	fixture := small()
	f.Add([]byte(`{"checkpoint":"","consistency":[],"entry":"","inclusion":[],"index":0,"type":"sealcase/proof/v2"}` + "\n"))
	var b bytes.Buffer
	s, err := bundle.Write(f.Context(), &b, fixture, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(fixture.proveRegistered(f, s))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := bundle.ParseProof(data)
		if err != nil {
			if evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("ParseProof: %v is %s, want malformed", err, evidence.CodeOf(err))
			}
			return
		}
		var again bytes.Buffer
		if err := bundle.WriteProof(&again, p); err != nil || !bytes.Equal(again.Bytes(), data) {
			t.Errorf("%q is written again as %q, %v", data, again.Bytes(), err)
		}
	})
}
