package audit

import (
	"context"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/state"
)

// bundlesFolder is where the bundles bucket has a folder for each case; the
// evidence bucket has them at its top.
const bundlesFolder = "cases/"

// named are the objects of a case that its entries name, each with its version:
// some 300 bytes of memory each, two for each exhibit.
type named map[evidence.ObjectRef]bool

// take takes in an entry.
func (n named) take(e evidence.Entry) {
	for _, ref := range state.Objects(e) {
		n[ref] = true
	}
}

// unnamed looks for what is stored under a case and no entry of it names: every
// version counts, also one that is not the newest. What is younger than the grace
// may be on its way to its entry. It lists what the case has, a thousand versions
// at a time.
func (r *run) unnamed(ctx context.Context, c evidence.CaseID, read *caseRead, names named, f *findings) error {
	b := r.config.Objects.Buckets()
	if err := r.unnamedIn(ctx, b.Evidence, string(c)+"/", read, names, f); err != nil {
		return err
	}
	list, err := r.registeredDisclosures(ctx, c, r.findings(f.id, f.now)) // what cannot be read is told already
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.State != evidence.DisclosureReady {
			continue
		}
		names[d.Proof] = true // no entry says where it lies: of two, only one can be the proof
		made := func(w state.Disclosure) bool { return w.ID == d.ID && w.State == evidence.DisclosureReady }
		if !slices.ContainsFunc(read.said.Disclosures, made) { // since the log was read, or it was reported
			names[d.Bundle] = true
		}
	}
	return r.unnamedIn(ctx, b.Bundles, bundlesFolder+string(c)+"/", read, names, f)
}

func (r *run) unnamedIn(ctx context.Context, bucket, folder string, read *caseRead, names named, f *findings) error {
	seen := 0
	for v, err := range r.config.Objects.List(ctx, bucket, folder, "") {
		if err != nil {
			return err
		}
		if seen++; seen%1024 == 0 {
			r.progress.Objects += 1024
			if err := r.step(ctx, f); err != nil {
				return err
			}
		}
		if v.Deleted || names[v.Ref] || r.young(v) {
			continue
		}
		late, err := r.namedSince(ctx, v.Ref, read)
		if err != nil {
			return err
		}
		if !late {
			f.add(evidence.AlarmObject, safeKey(v.Ref.Key)+" "+v.Ref.Version, "the bucket %s has %q (version %s, %d bytes, of %s), which no entry names: somebody put it there, or it was cut off before it was on record",
				bucket, safeKey(v.Ref.Key), v.Ref.Version, v.Length, v.At)
		}
	}
	return nil
}

// young reports whether an object may be on its way to its entry.
func (r *run) young(v evidence.ObjectVersion) bool {
	return r.config.Clock().Sub(v.At.Time()) < r.config.Grace
}

// namedSince reports whether an object of an item is on record by now: a large one
// is, to some stores, as old as the beginning of its upload. Such an entry is signed;
// that it is in the log is for the next audit to see.
func (r *run) namedSince(ctx context.Context, ref evidence.ObjectRef, read *caseRead) (bool, error) {
	parts := strings.Split(ref.Key, "/") // case, item, what
	if len(parts) != 3 || ref.Bucket != r.config.Objects.Buckets().Evidence {
		return false, nil
	}
	entries, err := r.config.Registry.EntriesOfItem(ctx, evidence.ItemID(parts[1]))
	if err != nil && evidence.CodeOf(err).Retryable() {
		return false, err
	}
	return slices.ContainsFunc(entries, func(e evidence.LogEntry) bool {
		return string(e.Entry.Case) == parts[0] && (read.has(e) || read.signedSince(e)) && slices.Contains(state.Objects(e.Entry), ref)
	}), nil
}

// strangers looks for what lies in the buckets outside of the folders of known
// cases and of the mirror. It asks for names, a thousand folders at a time.
func (r *run) strangers(ctx context.Context, known []evidence.CaseID, f *findings) error {
	b := r.config.Objects.Buckets()
	cases := func(name string) bool {
		id, isFolder := strings.CutSuffix(name, "/")
		_, found := slices.BinarySearch(known, evidence.CaseID(id))
		return isFolder && found
	}
	logs := func(name string) bool {
		return cases(name) || mirror.LogsFolder+name == mirror.LogFolder(evidence.RegisterID())
	}
	one := func(folders ...string) func(string) bool {
		return func(name string) bool { return slices.Contains(folders, name) }
	}
	for _, at := range []struct {
		bucket, folder string
		ours           func(name string) bool
	}{
		{b.Evidence, "", cases}, {b.Bundles, "", one(bundlesFolder)}, {b.Bundles, bundlesFolder, cases},
		{b.Ledger, "", one(mirror.LogsFolder, mirror.AlarmFolder, mirror.DisclosureFolder, mirror.AnchorFolder)}, {b.Ledger, mirror.LogsFolder, logs},
	} {
		for name, err := range r.config.Objects.Names(ctx, at.bucket, at.folder) {
			if err != nil {
				return err
			}
			if at.ours(name) || at.folder == "" && name == evidence.ProbeFolder {
				continue
			}
			if err := r.stranger(ctx, at.bucket, at.folder+name, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// stranger reports a folder, or an object, that is nobody's, unless all of it is
// young: a case that was opened after the cases were listed.
func (r *run) stranger(ctx context.Context, bucket, name string, f *findings) error {
	for v, err := range r.config.Objects.List(ctx, bucket, name, "") {
		if err != nil {
			return err
		}
		if !v.Deleted && !r.young(v) && (v.Ref.Key == name || strings.HasSuffix(name, "/")) {
			f.add(evidence.AlarmObject, safeKey(name), "the bucket %s has %q, which belongs to no case: somebody put it there", bucket, safeKey(name))
			return nil
		}
	}
	return nil
}
