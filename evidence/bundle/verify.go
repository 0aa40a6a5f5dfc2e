package bundle

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Options are what a verification may be given besides the bundle.
type Options struct {
	Proof     []byte                // the detached proof, as WriteProof wrote it; nil for none
	Witnesses []evidence.WitnessKey // of whom one at least must have cosigned the register that the proof shows; none: nobody need have
	Progress  Progress              // may be nil
}

// Verify checks a bundle of size bytes against the keys that the caller
// trusts, which must come from outside the bundle: the agency's root, or the keys
// that sign for it (attest.Trust). What is wrong with the
// bundle is in the Report; the error is for a reader that failed and for a
// cancelled ctx only. It reads the file once from the first byte to the last,
// and the small members once more.
func Verify(ctx context.Context, r io.ReaderAt, size int64, trusted []evidence.PublicKey, opts Options) (Report, error) {
	v := newVerifier(r, size, trusted, opts)
	if err := v.run(ctx); err != nil {
		return Report{}, fmt.Errorf("verifying the bundle: %w", err)
	}
	return v.report, nil
}

func newVerifier(r io.ReaderAt, size int64, trusted []evidence.PublicKey, opts Options) *verifier {
	if opts.Progress == nil {
		opts.Progress = func(int, int64) {}
	}
	v := &verifier{r: r, size: size, given: slices.Clone(trusted), opts: opts, byName: map[string]member{}, checks: newChecks()}
	v.report = Report{
		Length: size, Notices: []string{}, Exhibits: []Exhibit{}, NotProven: notProven(opts.Proof != nil),
		Signers: []Signer{}, WithheldEntries: []WithheldEntries{}, Earlier: []EarlierFacts{},
	}
	return v
}

// verifier is one verification.
type verifier struct {
	r      io.ReaderAt
	size   int64
	given  []evidence.PublicKey // from outside
	opts   Options
	report Report
	checks *checks

	base       string            // the base directory, with its slash
	members    []member          // in the order of the file
	byName     map[string]member // by the name within the bag
	expected   []string          // members that must be there, in their order
	cover      cover
	none       bool // nothing is disclosed, and a member says so
	of         evidence.Case
	checkpoint ledger.Checkpoint
	signed     []byte        // the checkpoint's note
	trust      *attest.Trust // by what is given, of the agency whose log it is
	log        *logView
	earlier    []earlierHead
	recorded   int64 // index of the entry that the proof shows

	proofs [][]byte // of which the one that names the bundle is taken (Compare)
	// each, when it is set, is called with each entry that is shown.
	each func(index int64, e *evidence.Entry, verified bool)
	// also, when it is set, has the size of an earlier head of which the root in
	// this log is wanted (Compare).
	also *earlierHead
}

// run makes the checks of FORMAT.md section 6 and completes the report.
func (v *verifier) run(ctx context.Context) error {
	if err := v.check(ctx); err != nil {
		return err
	}
	v.checks.into(&v.report)
	return nil
}

func (v *verifier) check(ctx context.Context) error {
	whole, err := v.checkContainer(ctx)
	if err != nil || !whole {
		return err
	}
	if err := v.checkFixity(); err != nil {
		return err
	}
	known, err := v.checkCover()
	if err != nil || !known {
		return err
	}
	if headed, err := v.readHead(); err != nil || !headed {
		return err
	}
	for _, step := range []func(context.Context) error{
		v.widenTrust, v.readEarlier, v.checkLog, v.checkSignature, v.checkItems,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	v.checkMembers()
	v.chooseProof()
	v.checkProof()
	return nil
}

// checkContainer reads the zip and compares its every byte. It returns false
// when the members could not be told apart.
func (v *verifier) checkContainer(ctx context.Context) (bool, error) {
	problem := func(where string, f fault) { v.checks.problem(containerCheck, where, f) }
	d, f, err := readDirectory(v.r, v.size)
	if err != nil {
		return false, err
	}
	if f != nil {
		problem("the end of the file", *f)
	}
	w := newWalk(v.r, v.size, v.stamp(d), problem)
	whole := f == nil
	if whole {
		items, bytes := 0, int64(0)
		whole, err = w.members(ctx, d.members, func(m member) {
			if strings.Contains(m.name, "/"+evidenceFolder) {
				items, bytes = items+1, bytes+m.length
			}
			v.opts.Progress(items, bytes)
		})
		if err != nil {
			return false, err
		}
	}
	if whole {
		if err := w.end(ctx, d.members); err != nil {
			return false, err
		}
	}
	if err := w.rest(ctx); err != nil {
		return false, err
	}
	v.report.Digest = evidence.Digest(w.sum.Sum(nil))
	v.report.Counts.Members = len(d.members)
	v.members = d.members
	if !whole {
		return false, nil
	}
	v.checks.done(containerCheck, int64(len(d.members)))
	v.nameMembers()
	return true, nil
}

// nameMembers takes the base directory off the names.
func (v *verifier) nameMembers() {
	v.base = "/"
	if base, _, ok := strings.Cut(v.members[0].name, "/"); ok {
		v.base = base + "/"
	}
	for _, m := range v.members {
		name, ok := strings.CutPrefix(m.name, v.base)
		if !ok || name == "" {
			v.checks.problem(containerCheck, evidence.FileName(m.name).Display(), faultf(evidence.Malformed, "it is not in the directory %s of the bundle", quoted(v.base)))
			continue
		}
		if _, twice := v.byName[name]; twice {
			v.checks.problem(containerCheck, shown(m), faultf(evidence.Malformed, "it is in the bundle twice"))
			continue
		}
		v.byName[name] = m
	}
}

// stamp returns the time that every header must bear: the instant in
// case/disclosure.json, or, when that cannot be read, what the first header says.
func (v *verifier) stamp(d directory) stamp {
	for _, m := range d.members {
		if !strings.HasSuffix(m.name, "/"+coverName) {
			continue
		}
		var c cover
		text := make([]byte, min(m.length, maxText))
		start := m.offset + int64(len(appendLocal(nil, m, 0)))
		if start+m.length <= v.size && m.length <= maxText && readAt(v.r, text, start) == nil && decodeLine(text, &c) == nil {
			if at, ok := stampOf(c.At); ok {
				return at
			}
		}
	}
	if len(d.stamps) > 0 {
		return d.stamps[0]
	}
	return 0
}

// checkMembers compares which members there are, and in which order, with what
// the contents call for.
func (v *verifier) checkMembers() {
	if v.none {
		v.expected = append(v.expected, noneName)
	}
	v.expected = append(v.expected, manifestName, tagManifestName)
	wanted := make(map[string]bool, len(v.expected))
	for _, name := range v.expected {
		wanted[name] = true
		if _, there := v.byName[name]; !there {
			v.checks.problem(contentsCheck, evidence.FileName(name).Display(), faultf(evidence.Incomplete, "it should be in the bundle and is missing"))
		}
	}
	var present []string // in the order of the file, of those that are wanted
	seen := map[string]bool{}
	for _, m := range v.members {
		name := strings.TrimPrefix(m.name, v.base)
		if seen[name] || v.ofUnlisted(name) {
			continue
		}
		seen[name] = true
		if wanted[name] {
			present = append(present, name)
		} else {
			v.checks.problem(contentsCheck, evidence.FileName(name).Display(), faultf(evidence.Malformed, "nothing in the bundle calls for it: it was added or renamed"))
		}
	}
	expected := slices.DeleteFunc(slices.Clone(v.expected), func(name string) bool { return !seen[name] })
	for i := range min(len(present), len(expected)) {
		if present[i] != expected[i] {
			v.checks.problem(containerCheck, present[i], faultf(evidence.Malformed, "the members are not in their order: %s should stand here", expected[i]))
			break
		}
	}
	v.checks.done(contentsCheck, int64(len(v.members)))
}

// ofUnlisted reports whether a member belongs to an exhibit, and the list of
// exhibits is missing: nobody can say which of these should be there.
func (v *verifier) ofUnlisted(name string) bool {
	_, listed := v.byName[itemsName]
	return !listed && (strings.HasPrefix(name, sealsFolder) || strings.HasPrefix(name, payloadFolder))
}
