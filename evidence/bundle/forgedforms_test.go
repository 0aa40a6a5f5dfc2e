package bundle_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// TestForgedForms has a forger who has every key of the agency write entries
// that verifiers could read in more than one way.
func TestForgedForms(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	zoe := func(keys ...string) attest.Listed { return attest.Listed{ID: "person-zoe", Name: "Zoe", Keys: keys} }
	key := func(name string, seed byte) string {
		return publicKeys(ledger.NewLocalSigner(agency+"/person/person-zoe/"+name, [32]byte{seed}))[0].VKey()
	}
	listed := func(more ...attest.Listed) func(r *relog) {
		return func(r *relog) {
			r.edit(r.find(`"act":"roster"`, 1), f.worker, func(e *evidence.Entry) {
				people, keys, err := attest.ReadRoster(e.Details)
				if err != nil {
					t.Error(err)
				}
				e.Details = must(attest.WriteRoster(append(people, more...), keys))
			})
		}
	}
	disclosed := func(r *relog, from int, details map[string]string) {
		r.edit(from, f.worker, func(e *evidence.Entry) {
			e.Act, e.Details, e.Actor = evidence.ActDisclosed, details, evidence.EntryActor{ID: "service:worker", Name: "Sealcase worker", Service: true}
		})
	}
	stands := func(size string) map[string]string {
		return map[string]string{bundle.DetailDisclosure: string(f.facts.Earlier[0].Disclosure), bundle.DetailLogSize: size}
	}
	for _, c := range []struct {
		name   string
		want   bundle.Outcome
		words  string
		change func(r *relog)
	}{
		{"a SHA-256 without a length", bundle.Malformed, "SHA-256 without a length", func(r *relog) {
			r.ask(func(e *evidence.Entry) { e.Digest = evidence.Sum(nil) })
		}},
		{"a person twice, with other keys", bundle.Tampered, "which no earlier key of theirs introduced", listed(zoe(key("v1", 1)), zoe(key("v1", 2)))},
		{"a person twice, with the same key", bundle.OK, "", listed(zoe(key("v1", 1)), zoe(key("v1", 1)))},
		{"a person with two keys", bundle.OK, "", listed(zoe(key("v1", 1), key("v2", 2)))},
		{"a person twice, first without a key", bundle.OK, "", listed(zoe(), zoe(key("v1", 1)))},
		{"a version beyond all numbers", bundle.OK, "", listed(zoe(key("v"+strings.Repeat("9", 200), 1)))},
		{"a disclosure without details", bundle.Incomplete, "whose head of the log is not listed", func(r *relog) {
			disclosed(r, r.find(`"act":"disclosed"`, 0), nil)
		}},
		{"two disclosures of one name, the last one right", bundle.Tampered, "stands on", func(r *relog) {
			disclosed(r, r.find(`"act":"viewed"`, 12), stands("12"))
			disclosed(r, r.find(`"act":"disclosed"`, 0), stands("9"))
		}},
		{"two disclosures of one name, the first one right", bundle.Tampered, "stands on", func(r *relog) {
			disclosed(r, r.find(`"act":"viewed"`, 12), stands("9"))
		}},
		{"two disclosures that say the same", bundle.OK, "", func(r *relog) { disclosed(r, r.find(`"act":"viewed"`, 12), stands("12")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, c.change)
			if c.want != bundle.OK {
				expect(t, f, m, c.want, c.words, nil)
			} else if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK {
				t.Errorf("%s: %v", r.Outcome, r.Problems)
			}
			python.agrees(t, f, m, c.want)
		})
	}
}

// TestOtherExitCode: what the independent verifier cannot read is malformed to
// it, whatever it is, and never a wrong use of the program.
func TestOtherExitCode(t *testing.T) {
	data, _ := small().write(t)
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte("PK"), "half": data[:len(data)/2], "an end": data[len(data)-22:],
		"an end of zeros":          append([]byte("PK\x05\x06"), make([]byte, 18)...),
		"a directory that is none": append([]byte("PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00"), make([]byte, 10)...),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "bundle.zip")
			if err := os.WriteFile(path, file, 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "python3", "independent/verify.py", path, "-key", "testdata/plain.vkey")
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != 4 {
				t.Errorf("exit code %d, %v: %s", code, err, out)
			}
		})
	}
}
