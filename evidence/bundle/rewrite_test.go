package bundle_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"iter"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// rewriting is a bundle taken apart as the Source of a bundle: what was read is
// written again.
type rewriting struct {
	files map[string][]byte
	facts bundle.Facts
	items []evidence.Item
	names map[evidence.ItemID][2]string // members: the seal and the bytes
}

// rewrite writes a good bundle again from what is in it. It fails where the
// bundle lacks what its reader has from elsewhere, such as a key.
func rewrite(t *testing.T, m *mutant) ([]byte, error) {
	t.Helper()
	r := &rewriting{files: map[string][]byte{}, names: map[evidence.ItemID][2]string{}}
	for _, f := range m.files {
		r.files[f.Name] = f.Content
	}
	r.read()
	var again bytes.Buffer
	_, err := bundle.Write(t.Context(), &again, r, nil)
	return again.Bytes(), err
}

func parse[T any](text []byte) (v T) {
	if err := json.Unmarshal(text, &v); err != nil {
		panic(err)
	}
	return v
}

// lines yields the lines of a member.
func (r *rewriting) lines(name string) [][]byte {
	if len(r.files[name]) == 0 {
		return nil
	}
	return bytes.Split(bytes.TrimSuffix(r.files[name], []byte("\n")), []byte("\n"))
}

func (r *rewriting) read() {
	says := parse[struct {
		evidence.Disclosure
		Generator string           `json:"generator"`
		At        evidence.Instant `json:"at"`
		Items     int              `json:"items"`
		Bytes     int64            `json:"bytes"`
		Withheld  int              `json:"withheld"`
		Entries   int64            `json:"withheld_entries"`
	}](r.files[cover])
	r.facts = bundle.Facts{
		Case: parse[evidence.Case](r.files["case/case.json"]), Disclosure: says.Disclosure, Checkpoint: r.files[note],
		Keys: must(evidence.ParseVKeys(r.files["custody/keys.vkey"])), Items: says.Items, Bytes: says.Bytes,
		Entries: says.Entries, Generator: says.Generator, At: says.At, Page: r.files["verify.html"],
	}
	for _, line := range r.lines("custody/earlier.jsonl") {
		l := parse[struct {
			Checkpoint string
			Disclosure evidence.DisclosureID
		}](line)
		r.facts.Earlier = append(r.facts.Earlier, bundle.Earlier{Disclosure: l.Disclosure, Checkpoint: []byte(l.Checkpoint)})
	}
	for _, line := range r.lines(list) {
		r.readItem(parse[struct {
			Exhibit          int
			ID               evidence.ItemID
			Item             *evidence.Item
			Member, Withheld string
		}](line))
	}
}

func (r *rewriting) readItem(l struct {
	Exhibit          int
	ID               evidence.ItemID
	Item             *evidence.Item
	Member, Withheld string
}) {
	switch {
	case l.Member != "":
		folder := l.Member[len("data/evidence/"):][:len("E-00001")]
		r.items = append(r.items, *l.Item)
		r.names[l.Item.ID] = [2]string{"custody/seals/" + folder + ".dsse.json", l.Member}
	case l.Item != nil:
		r.facts.Withheld = append(r.facts.Withheld, bundle.WithheldItem{Item: *l.Item, Reason: l.Withheld})
	default:
		hidden := evidence.Item{ID: l.ID, Exhibit: l.Exhibit}
		r.facts.Withheld = append(r.facts.Withheld, bundle.WithheldItem{Item: hidden, Reason: l.Withheld, Hidden: true})
	}
}

// Facts implements bundle.Source.
func (r *rewriting) Facts(context.Context) (bundle.Facts, error) { return r.facts, nil }

// Entries implements bundle.Source.
func (r *rewriting) Entries(context.Context) iter.Seq2[bundle.Entry, error] {
	return func(yield func(bundle.Entry, error) bool) {
		for _, line := range append(r.lines(tile0), r.lines(tile1)...) {
			e := bundle.Entry{Raw: line}
			if bytes.HasPrefix(line, []byte(`{"leaf":`)) {
				l := parse[struct {
					Leaf   ledger.Hash
					Reason string
				}](line)
				e = bundle.Entry{Leaf: l.Leaf, Withheld: l.Reason}
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Items implements bundle.Source.
func (r *rewriting) Items(context.Context) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		for _, it := range r.items {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// Seal implements bundle.Source.
func (r *rewriting) Seal(_ context.Context, it evidence.Item) ([]byte, error) {
	return r.files[r.names[it.ID][0]], nil
}

// Open implements bundle.Source.
func (r *rewriting) Open(_ context.Context, it evidence.Item) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(r.files[r.names[it.ID][1]])), nil
}

// TestRewrite writes bundles again from what is in them: the same bytes.
func TestRewrite(t *testing.T) {
	for name, f := range map[string]*fixture{"golden": golden(), "small": small(), "long": long()} {
		t.Run(name, func(t *testing.T) {
			data, _ := f.write(t)
			again, err := rewrite(t, takeApart(t, f, data))
			if err != nil || !bytes.Equal(again, data) {
				t.Errorf("%d bytes are written again as %d others, %v", len(data), len(again), err)
			}
		})
	}
}
