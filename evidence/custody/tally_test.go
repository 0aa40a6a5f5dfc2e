package custody

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// TestTalliesAddUp cuts a random log anywhere: the tallies of the pieces give
// the tally of the whole.
func TestTalliesAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var log []evidence.Entry
	length := int64(10)
	for i := range 400 {
		e := evidence.Entry{At: evidence.At(start.Add(time.Duration(i) * time.Second)), Exhibit: i/3 + 1, Length: &length}
		e.Details = map[string]string{detailIntake: fmt.Sprintf("intake-%d", i%2)}
		e.Act = []evidence.Act{evidence.ActReceived, evidence.ActSealed, evidence.ActQuarantined, evidence.ActViewed, evidence.ActIntakeClosed}[random.IntN(5)]
		if random.IntN(4) == 0 {
			from := random.IntN(50) + 1
			e.Act = evidence.ActExtended
			e.Details = map[string]string{
				detailExhibits: fmt.Sprintf("%d-%d,%d", from, from+1+random.IntN(20), 90+random.IntN(5)),
				detailUntil:    evidence.At(start.AddDate(0, random.IntN(6), 0)).String(),
			}
		}
		log = append(log, e)
	}
	of := func(list []evidence.Entry) (sum tally) {
		for _, e := range list {
			sum.add(e)
		}
		return sum
	}
	whole := of(log)
	for range 50 {
		cut := random.IntN(len(log))
		joined := of(log[:cut])
		joined.join(of(log[cut:]))
		if diff := cmp.Diff(whole.Intakes, joined.Intakes); diff != "" || joined.Highest != whole.Highest || joined.LastAt != whole.LastAt || !slices.Equal(joined.Closed, whole.Closed) {
			t.Fatalf("cut at %d: %+v, want %+v", cut, joined, whole)
		}
		for exhibit := range 100 {
			if got, want := joined.lockedUntil(exhibit, evidence.Instant{}), whole.lockedUntil(exhibit, evidence.Instant{}); got != want {
				t.Fatalf("cut at %d: exhibit %d is locked until %s, want %s", cut, exhibit, got, want)
			}
		}
	}
}

func TestASweepBecomesOneSpan(t *testing.T) {
	var sum tally
	for week := range 3 {
		until := evidence.At(time.Date(2026, 1, 1+7*week, 0, 0, 0, 0, time.UTC)).String()
		for first := 1; first < 1000; first += 200 {
			numbers := make([]int, 200)
			for i := range numbers {
				numbers[i] = first + i
			}
			sum.lock(map[string]string{detailExhibits: evidence.RunsOf(numbers).String(), detailUntil: until})
		}
	}
	if len(sum.Locks) != 1 || sum.Locks[0].First != 1 || sum.Locks[0].Last != 1000 {
		t.Errorf("locks %+v", sum.Locks)
	}
}

// TestTallyOfAnything: what the registry gives may be anything, and must not
// end the process.
func TestTallyOfAnything(t *testing.T) {
	for _, act := range append(evidence.Acts(), "") {
		var sum tally
		sum.add(evidence.Entry{Act: act})
	}
}
