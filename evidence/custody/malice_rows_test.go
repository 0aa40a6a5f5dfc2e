package custody_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// The flags of TestMaliceRows.
var (
	rowChanges = flag.Int("rows", 0, "how many kinds of changes of rows TestMaliceRows tries; -1: all; 0: a few of each collection")
	rowSeed    = flag.Uint64("rows-seed", 0, "which changes TestMaliceRows chooses, and every identifier; 0: others each time")
	rowOnly    = flag.String("rows-only", "", "TestMaliceRows tries only kinds of changes that contain this")
)

// An ordinary test run tries so many changes of each collection.
const fewRows = 2

// Changes are tried at the same time in so many pairs of cases, and in so many
// turns, before all is made anew: each turn adds reads to the logs.
const (
	pairsMost  = 6
	turnsMost  = 16
	pairsAFew  = 3
	trialLimit = 2 * time.Minute // for all reads, or the audit, of one turn: what needs longer does not end
)

// cached says of the collections that no audit compares why it need not.
var cached = map[string]string{
	"uploads":      "uploads under way: what comes of one is what its creator signed, or nothing",
	"upload_steps": "how far an upload has come: what is received is hashed anew",
	"analyses":     "each is shown only when it is the one whose digest the log has",
	"findings":     "each page is shown only when it is the one whose digest the log has",
}

// TestMaliceRows changes, removes and plants one row, or one field of one, at a
// time in a pair of cases, lets everybody read everything, and puts it back. Nobody
// reads what the log does not allow; what is shown is what was shown before, or
// less; an audit names the row; and afterwards all is as it was.
//
// What is tried are kinds of changes: one that does the same to the same field of
// a row of the same kind is tried once, in the row that the seed chooses. A run
// says its seed, which gives the same changes again.
func TestMaliceRows(t *testing.T) {
	seed := *rowSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("-rows-seed=%d", seed)
	pairs := pairsMost
	if *rowChanges == 0 {
		pairs = pairsAFew
	}
	w := newWorld(t, seed, 0, pairs)
	if found, _ := w.audit(w.service()); len(found) > 0 {
		t.Fatalf("before anything: %s", alarms(found))
	}
	all := w.changes()
	chosen := w.choose(all)
	made, of, began := 0, map[string]int{}, time.Now()
	// What is kept of the register is tried alone, at the end: all cases are in it.
	for _, shared := range []bool{false, true} {
		left := slices.DeleteFunc(slices.Clone(chosen), func(like string) bool { return all[like].shared != shared })
		for len(left) > 0 {
			if made++; made > 1 && *rowChanges != 0 {
				w = newWorld(t, seed, made, pairs)
			}
			if shared {
				w.pairs = w.pairs[:1]
			}
			for _, c := range w.try(left) {
				of[c.collection]++
				left = slices.DeleteFunc(left, func(like string) bool { return like == c.like })
			}
			t.Logf("%v tried in %s, %d left", of, time.Since(began).Round(time.Second), len(left))
		}
		pairs = 1
	}
	t.Logf("tried %d of %d kinds of changes of rows in %s, with -rows-seed=%d", len(chosen), len(all), time.Since(began).Round(time.Second), seed)
}

// choose returns which kinds of changes are tried, in the order of the seed.
func (w *world) choose(all map[string]rowChange) (likes []string) {
	inOrder := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(w.rank(a), w.rank(b)), strings.Compare(a, b))
	})
	of := map[string]int{}
	for _, like := range inOrder {
		collection := all[like].collection
		switch n := *rowChanges; {
		case !strings.Contains(like, *rowOnly), n > 0 && len(likes) == n, n == 0 && of[collection] == fewRows:
			continue
		}
		of[collection]++
		likes = append(likes, like)
	}
	return likes
}

// try tries changes, each kind in the pair of cases in which the seed chose a row,
// until the logs of this world have grown long. It returns those that it tried.
func (w *world) try(likes []string) (done []rowChange) {
	w.t.Helper()
	all := w.changes()
	queues := make([][]rowChange, len(w.pairs))
	for _, like := range likes {
		c, ok := all[like]
		if !ok { // two rows are alike in this world that are not in another one
			done = append(done, rowChange{like: like})
			continue
		}
		queues[c.of.n] = append(queues[c.of.n], c)
	}
	guards := make([]*guard, len(w.pairs))
	for i, a := range w.pairs {
		guards[i] = a.guard()
	}
	for range turnsMost {
		var turn []trial
		for n := range w.pairs {
			if len(queues[n]) > 0 {
				turn, queues[n] = append(turn, trial{guards[n], queues[n][0]}), queues[n][1:]
			}
		}
		w.turn(turn)
		for _, t := range turn {
			done = append(done, t.change)
		}
	}
	for _, g := range guards {
		g.afterwards()
	}
	return done
}

// trial is a change, and who looks what comes of it.
type trial struct {
	*guard
	change rowChange
}

// turn makes changes at the same time, each in a pair of cases of its own, has
// everybody look, and puts them back.
func (w *world) turn(trials []trial) {
	w.t.Helper()
	trials = slices.DeleteFunc(slices.Clone(trials), func(t trial) bool { return !t.apply(t.change) }) // one that the database does not take is none
	if len(trials) == 0 {
		return
	}
	fresh, done := w.process()
	defer done()
	for _, t := range trials {
		t.few = func(n int) int { return int(w.rank("who looks", t.change.like) % uint64(n)) }
		now := t.answers(w.running)
		t.compare(now, "the running process, "+t.change.String())
		t.tried = append(t.tried, t.change.String())
		t.refused = t.refused || t.less(now) != ""
		t.compare(t.answers(fresh), "a new process, "+t.change.String())
	}
	w.audited(trials)
	for _, t := range trials {
		t.undo(t.change)
	}
	for _, t := range trials {
		if t.refused || len(t.tried) == 4 {
			t.afterwards()
		}
	}
}

// afterwards looks again when some changes are put back: the last one, and those
// before it of which the running process showed nothing.
func (g *guard) afterwards() {
	g.t.Helper()
	after, when := g.answers(g.running), "afterwards, "+strings.Join(g.tried, ", and ")
	g.compare(after, when)
	g.tried, g.refused = nil, false
	if g.less(after) == "" {
		return
	}
	g.running = g.service() // one that saw a log changed does not use it any more
	if key := g.less(g.answers(g.running)); key != "" {
		g.t.Errorf("%s: a new process does not give %s", when, key)
	}
}

// guard knows what was shown before.
type guard struct {
	*bothCases
	few     func(n int) int // chooses who looks; nil: everybody
	before  map[string]answer
	sizes   map[evidence.CaseID]int64
	tried   []string // changes since everybody looked when they were put back
	refused bool     // the running process showed less of the last one
}

func (a *bothCases) guard() *guard {
	a.t.Helper()
	g := &guard{bothCases: a, sizes: map[evidence.CaseID]int64{}}
	for _, d := range []side{a.here, a.there} {
		g.sizes[d.c.ID] = int64(len(a.log(a.running, d.c.ID)))
	}
	g.before = g.answers(a.running)
	for who, is := range g.answers(a.service()) {
		if was := g.before[who]; was.text != is.text && is.failed != notTried {
			a.t.Fatalf("%s differs between processes:\n%s\n%s", who, was.text, is.text)
		}
	}
	g.foreign(g.before, "nothing")
	return g
}

// less returns something that is refused now and was not before.
func (g *guard) less(now map[string]answer) string {
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if is := now[key]; g.before[key].failed == "" && is.failed != "" {
			return key + ": " + is.failed
		}
	}
	return ""
}

// audited has an audit look while the changes are there.
func (w *world) audited(trials []trial) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), trialLimit)
	defer cancel()
	said, err := w.auditsNow(ctx)
	for _, t := range trials {
		c := t.change
		if err != nil {
			w.t.Errorf("an audit, %s, with %d others: %v", c, len(trials)-1, err)
			continue
		}
		if unaudited(c) == "" && !slices.ContainsFunc(c.names, func(name string) bool { return strings.Contains(said, name) }) {
			w.t.Errorf("an audit, %s: it names none of %q: %q", c, c.names, said)
		}
		for _, d := range []side{t.here, t.there} {
			if strings.Contains(said, d.words) {
				w.t.Errorf("an audit, %s, quotes the case: %s", c, fmt.Sprintf("%.500q", said))
			}
		}
	}
}

// unaudited says why no audit need tell of a change; "" where one must.
func unaudited(c rowChange) string {
	if why, ok := cached[c.collection]; ok {
		return why
	}
	switch {
	case c.collection == "alarms" && strings.HasPrefix(c.what, "entry in body"):
		return "an alarm that could not be put on record at first names no entry"
	case c.collection == "checkpoints" && c.place == "minute":
		return "in which minute a head was recorded only leads the register to it; a case that is kept out of the register is told by the mirror"
	case c.collection == "disclosures" && c.older && (c.place == "" || c.place == "case") && !c.planted:
		return "a rebuild writes a bundle's newest version only"
	case c.collection == "disclosures" && c.place == "body.at" && !strings.HasSuffix(c.like, "|empty"):
		return "when a version of the record was written, nothing else says"
	case c.collection == "disclosures" && c.place == "body.log_size" && (c.value == "one more" || c.value == "another's"):
		return "a bundle that is not made may stand on any signed head behind its request, and nothing else says on which it was to"
	case c.collection == "redemptions" && !c.planted:
		return "that a ticket was used is not on record: taken away, it opens the same bytes to the same person again, for five minutes"
	}
	return ""
}
