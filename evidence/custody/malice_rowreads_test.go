package custody_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
)

// answer is what somebody got: a text to compare, the parts of a list, or why they
// got nothing.
type answer struct {
	actor  evidence.Actor
	text   string
	parts  []string // of a list, of which some may be missing
	list   bool
	failed string
}

func (a answer) String() string { return fmt.Sprintf("%.1500s %s", a.text, a.failed) }

// answers has everybody read everything there is. The keys say who read what.
func (g *guard) answers(s *process) map[string]answer {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), trialLimit)
	defer cancel()
	people := g.people()
	var mu sync.Mutex
	all := map[string]answer{}
	var group errgroup.Group
	group.SetLimit(6)
	for _, p := range people {
		for name, read := range g.reads(s, p) {
			group.Go(func() error {
				a := read(ctx)
				a.actor = p
				mu.Lock()
				defer mu.Unlock()
				all[string(p.ID)+" "+name] = a
				return nil
			})
		}
	}
	began := time.Now()
	_ = group.Wait() // nothing fails
	if ctx.Err() != nil {
		g.t.Errorf("the reads took %s", time.Since(began))
	}
	return all
}

// people are those who look: everybody, or few of them where few changes are tried.
func (g *guard) people() []evidence.Actor {
	if g.few == nil {
		return slices.Concat(g.here.members, g.there.members, []evidence.Actor{stranger, nobody})
	}
	return []evidence.Actor{g.here.members[g.few(len(g.here.members))], g.there.members[g.few(len(g.there.members))], stranger, nobody}
}

// nobody has no role.
var nobody = person("p-nobody")

// notTried is of a read that adds to the log, by who may, in a process other than
// the running one.
const notTried = "not tried"

// reading is one read.
type reading func(ctx context.Context) answer

// reads returns every read of custody, by what it is.
func (g *guard) reads(s *process, p evidence.Actor) map[string]reading {
	list := map[string]reading{
		"cases": func(ctx context.Context) answer {
			page, err := s.Cases(ctx, p, "", 100)
			return listed(page.Items, err)
		},
		"alarms": func(ctx context.Context) answer {
			found, err := s.Alarms(ctx, p, false)
			return words(found, err)
		},
	}
	for _, d := range []side{g.here, g.there} {
		maps.Copy(list, g.readsOfCase(s, p, d))
		for _, it := range d.items {
			maps.Copy(list, g.readsOfItem(s, p, d, it.ID))
		}
		for _, id := range d.disclosures {
			maps.Copy(list, g.readsOfDisclosure(s, p, d, id))
		}
	}
	return list
}

func (g *guard) readsOfCase(s *process, p evidence.Actor, d side) map[string]reading {
	id, size := d.c.ID, g.sizes[d.c.ID]
	name := func(what string) string { return what + " of " + string(id) }
	return map[string]reading{
		name("case"):    func(ctx context.Context) answer { return one(s.Case(ctx, p, id)) },
		name("members"): func(ctx context.Context) answer { return one(s.Members(ctx, p, id)) },
		name("summary"): func(ctx context.Context) answer {
			sum, err := s.Summary(ctx, p, id)
			if sum.LogSize > size { // of reads that this test made
				sum.LogSize, sum.LastAt = size, evidence.Instant{}
			}
			sum.LastAt = evidence.Instant{}
			return one(sum, err)
		},
		name("items"): func(ctx context.Context) answer {
			page, err := s.Items(ctx, p, id, "", 100)
			return listed(page.Items, err)
		},
		name("log"): func(ctx context.Context) answer {
			page, _, err := s.LogPage(ctx, p, id, 0, 256)
			return one(raws(page, size), err)
		},
		name("disclosures"): func(ctx context.Context) answer {
			found, err := s.Disclosures(ctx, p, id)
			for i := range found {
				found[i] = asTheLog(found[i])
			}
			return listed(found, err)
		},
		name("intake"):        func(ctx context.Context) answer { return one(s.Intake(ctx, p, d.intake.ID)) },
		name("intake status"): func(ctx context.Context) answer { return one(s.IntakeStatus(ctx, p, d.intake.ID)) },
		name("upload"): func(ctx context.Context) answer {
			u, err := s.Upload(ctx, p, d.upload)
			u.Offset = 0 // how far it has come only its steps say: whoever lies there has the bytes refused
			return one(u, err)
		},
	}
}

func (g *guard) readsOfItem(s *process, p evidence.Actor, d side, id evidence.ItemID) map[string]reading {
	name := func(what string) string { return what + " of " + string(id) }
	return map[string]reading{
		name("item"): func(ctx context.Context) answer { return one(s.Item(ctx, p, id)) },
		name("item log"): func(ctx context.Context) answer {
			entries, err := s.ItemLog(ctx, p, id)
			return partly(raws(entries, g.sizes[d.c.ID]), err)
		},
		name("seal"): func(ctx context.Context) answer { return read(s.ItemSeal(ctx, p, id)) },
		name("findings"): func(ctx context.Context) answer {
			page, err := s.Findings(ctx, p, id, "", "", 100)
			return listed(page.Items, err)
		},
		name("bytes"): func(ctx context.Context) answer {
			if d.has(p) && (id != d.items[0].ID || s != g.running) { // each is an entry more, and an exhibit is enough
				return answer{failed: notTried}
			}
			body, _, err := openEvidence(ctx, s, p, id, "test", 0, -1)
			return opened(body, err)
		},
	}
}

func (g *guard) readsOfDisclosure(s *process, p evidence.Actor, d side, id evidence.DisclosureID) map[string]reading {
	name := func(what string) string { return what + " of " + string(id) }
	return map[string]reading{
		name("disclosure"): func(ctx context.Context) answer {
			d, err := s.Disclosure(ctx, p, id)
			return one(asTheLog(d), err)
		},
		name("proof"): func(ctx context.Context) answer {
			// Heads and what the register says of them are added when the register can
			// be used; a verifier checks each part. The entry is what is proven.
			text, err := s.DisclosureProof(ctx, p, id)
			var parts map[string]json.RawMessage
			if err == nil {
				err = json.Unmarshal(text, &parts)
			}
			return answer{text: string(parts["entry"]), failed: failure(err)}
		},
		name("bundle"): func(ctx context.Context) answer {
			if d.has(p) && s != g.running {
				return answer{failed: notTried}
			}
			body, _, err := openBundle(ctx, s, p, id, 0, -1)
			return opened(body, err)
		},
	}
}

// asTheLog leaves out what of a disclosure the registry alone says, and the log
// does not: how far the making of a bundle has come (its state and failure, the
// version and time of the record, and the head and number of exhibits that it will
// stand on), which version of its proof is read, and which exhibits are withheld:
// the log has their numbers, and to look up each for a list would cost too much. A
// lie in it opens nothing: whoever makes a bundle holds all of it against the log,
// and bundle and proof are held against it when they are opened.
func asTheLog(d evidence.Disclosure) evidence.Disclosure {
	d.State, d.Failure, d.Version, d.At, d.LogSize, d.Items, d.Proof, d.Withheld = "", "", 0, evidence.Instant{}, 0, 0, evidence.ObjectRef{}, nil
	return d
}

func raws(list []evidence.LogEntry, size int64) (texts []string) {
	for _, e := range list {
		if e.Index < size {
			texts = append(texts, string(e.Raw))
		}
	}
	return texts
}

func failure(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func failedWith(err error) answer { return answer{failed: err.Error()} }

func textOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // of a value that custody gives
	}
	return string(text)
}

func one[T any](v T, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	return answer{text: textOf(v)}
}

// listed is a list of which parts may be missing.
func listed[T any](list []T, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	var parts []string
	for _, v := range list {
		parts = append(parts, textOf(v))
	}
	return partly(parts, nil)
}

func partly(parts []string, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	return answer{text: strings.Join(parts, "\n"), parts: parts, list: true}
}

// words is a list of alarms: whatever is added to it, what it says of cases are
// identifiers.
func words(list []evidence.Alarm, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "%s %s %s\n", a.Kind, a.Where, a.What)
	}
	return answer{text: b.String()}
}

func read(data []byte, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	return answer{text: string(data)}
}

func opened(body io.ReadCloser, err error) answer {
	if err != nil {
		return failedWith(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil {
		return failedWith(err)
	}
	return answer{text: string(data)}
}

// compare holds what is shown against what was shown before.
func (g *guard) compare(now map[string]answer, when string) {
	g.t.Helper()
	g.foreign(now, when)
	for _, key := range slices.Sorted(maps.Keys(g.before)) {
		was := g.before[key]
		is, looked := now[key]
		switch {
		case !looked || is.failed != "" || is.text == was.text, strings.HasSuffix(key, " alarms") && was.failed == "":
		case was.failed != "":
			g.t.Errorf("%s: %s gives\n%s\nand was refused: %s", when, key, is, was.failed)
		case is.list && !slices.ContainsFunc(is.parts, func(p string) bool { return !slices.Contains(was.parts, p) }):
		default:
			g.t.Errorf("%s: %s gives\n%s\nwant\n%s", when, key, is, was)
		}
	}
}

// foreign looks for words of a case in what is given to people who do not belong
// to it.
func (g *guard) foreign(now map[string]answer, when string) {
	g.t.Helper()
	for key, is := range now {
		for _, d := range []side{g.here, g.there} {
			if !d.has(is.actor) && strings.Contains(is.text+is.failed, d.words) {
				g.t.Errorf("%s: %s tells of the case that is %s: %s", when, key, d.words, is)
			}
		}
	}
}

// auditsNow is an audit by a new process, after all graces.
func (w *world) auditsNow(ctx context.Context) (string, error) {
	var told strings.Builder
	s, done := w.process()
	defer done()
	_, err := w.auditor(s).Run(ctx, audit.Progress{}, func(_ context.Context, some []evidence.Alarm) error {
		for _, a := range some {
			fmt.Fprintf(&told, "%s %s %s %s: %s\n", a.Kind, a.Case, a.Item, a.Where, a.What)
		}
		return nil
	}, nil)
	return told.String(), err
}
