package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/collection"
)

// memberReport is what is said of a member proof.
type memberReport struct {
	Outcome bundle.Outcome    `json:"outcome"`
	Problem string            `json:"problem,omitempty"`
	Exhibit string            `json:"exhibit,omitempty"` // of which the file is a member
	Digest  evidence.Digest   `json:"exhibit_sha256,omitzero"`
	Path    evidence.FileName `json:"path,omitempty"`
	Member  evidence.Digest   `json:"sha256,omitzero"`
	Length  *int64            `json:"length,omitempty"`
	Key     string            `json:"key,omitempty"`
	Held    bool              `json:"file_compared"` // a file was held against it
}

// verifyMember checks a member proof and, when it is given, the file. The error
// is for what cannot be read.
func verifyMember(o options, keys []evidence.PublicKey, out io.Writer) (int, error) {
	text, err := readFile(o.member)
	if err != nil {
		return 0, fmt.Errorf("reading the member proof: %w", err)
	}
	r := memberReport{Outcome: bundle.OK}
	proven, err := collection.VerifyProof(text, keys)
	if err == nil {
		l := proven.Line
		r.Exhibit, r.Digest, r.Path, r.Member, r.Length, r.Key = evidence.ExhibitNumber(proven.Of.CaseNumber, proven.Of.Exhibit), proven.Of.Digest, l.Path, l.Digest, l.Length, proven.Key.ID()
		if len(o.bundles) == 1 {
			r.Held = true
			if err, failed := compareFile(o.bundles[0], l); failed != nil {
				return 0, failed
			} else if err != nil {
				r.Outcome, r.Problem = bundle.Tampered, evidence.MessageOf(err)
			}
		}
	} else {
		r.Outcome, r.Problem = bundle.Outcome(evidence.CodeOf(err)), evidence.MessageOf(err)
		if code := evidence.CodeOf(err); code != evidence.Tampered && code != evidence.UntrustedKey {
			r.Outcome = bundle.Malformed
		}
	}
	if o.json {
		err = json.NewEncoder(out).Encode(r)
	} else {
		err = r.write(out)
	}
	return exitCode(r.Outcome), err
}

// compareFile returns as differs why a file is not the member.
func compareFile(path string, l collection.Line) (differs, failed error) {
	if l.Length == nil {
		return evidence.Errorf(evidence.Tampered, "the bytes of that member were not received"), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	if n != *l.Length || evidence.Digest(h.Sum(nil)) != l.Digest {
		return evidence.Errorf(evidence.Tampered, "the file is not that member: it has %d bytes with the SHA-256 %x, the member %d with %s", n, h.Sum(nil), *l.Length, l.Digest), nil
	}
	return nil, nil
}

func (r memberReport) write(out io.Writer) error {
	if r.Outcome != bundle.OK {
		_, err := fmt.Fprintf(out, "%s: %s\n", r.Outcome, show(r.Problem))
		return err
	}
	file := "No file was given to be held against it."
	if r.Held {
		file = "The file that was given is that member."
	}
	length := "its bytes were not received"
	if r.Length != nil {
		length = fmt.Sprintf("%d bytes, SHA-256 %s", *r.Length, r.Member)
	}
	_, err := fmt.Fprintf(out, "ok: a member of exhibit %s (SHA-256 %s), sealed by %s\n  %s: %s\n  %s\n", show(r.Exhibit), r.Digest, show(r.Key), r.Path.Display(), length, file)
	return err
}
