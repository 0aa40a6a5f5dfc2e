package evidence

import (
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Run is a number of consecutive exhibits of a case, or of consecutive entries of
// a log: First to Last, both included.
type Run struct{ First, Last int64 }

// Runs are numbers of exhibits or indexes of entries, as details of entries write
// them: "1-200,205". They ascend, and between two of them lies a number that is in
// none, so that there is one way to write a set of numbers.
type Runs []Run

// runDigits is how many digits a number in Runs may have.
const runDigits = 15

// RunsOf returns the runs of numbers in ascending order. A number that comes twice
// counts once.
func RunsOf[N int | int64](ascending []N) Runs {
	var r Runs
	for _, n := range ascending {
		n := int64(n)
		if last := len(r) - 1; last >= 0 && n <= r[last].Last+1 {
			r[last].Last = n
		} else {
			r = append(r, Run{n, n})
		}
	}
	return r
}

// ParseRuns reads what String writes. It fails with Malformed.
func ParseRuns(text string) (Runs, error) {
	var r Runs
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		from, ok := runNumber(first)
		to := from
		if isRange && ok {
			to, ok = runNumber(last)
			ok = ok && to > from
		}
		if ok && len(r) > 0 {
			ok = from > r[len(r)-1].Last+1
		}
		if !ok {
			return nil, Errorf(Malformed, "%.100q does not name numbers as in 1-200,205", text)
		}
		r = append(r, Run{from, to})
	}
	return r, nil
}

func runNumber(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && len(text) <= runDigits && strconv.FormatInt(n, 10) == text
}

// String writes the runs: "1-200,205".
func (r Runs) String() string {
	var b []byte
	for i, run := range r {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, run.First, 10)
		if run.Last > run.First {
			b = strconv.AppendInt(append(b, '-'), run.Last, 10)
		}
	}
	return string(b)
}

// Count returns how many numbers are in the runs.
func (r Runs) Count() (n int64) {
	for _, run := range r {
		n += run.Last - run.First + 1
	}
	return n
}

// Has reports whether a number is in one of the runs.
func (r Runs) Has(number int64) bool {
	i, _ := slices.BinarySearchFunc(r, number, func(run Run, n int64) int {
		if run.Last < n {
			return -1
		}
		return 1
	})
	return i < len(r) && r[i].First <= number
}

// UpTo yields the numbers in the runs that are at most last, in ascending order.
// Runs that somebody else wrote may name far more than there can be.
func (r Runs) UpTo(last int64) iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for _, run := range r {
			for n := run.First; n <= min(run.Last, last); n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}

// And returns the numbers that are in both.
func (r Runs) And(other Runs) (both Runs) {
	for len(r) > 0 && len(other) > 0 {
		run := Run{max(r[0].First, other[0].First), min(r[0].Last, other[0].Last)}
		if run.First <= run.Last {
			both = append(both, run)
		}
		if r[0].Last < other[0].Last {
			r = r[1:]
		} else {
			other = other[1:]
		}
	}
	return both
}

// All yields the numbers in the runs, in ascending order. It is for runs of what
// there is: others may name far more than anybody can count.
func (r Runs) All() iter.Seq[int64] {
	return func(yield func(int64) bool) {
		for _, run := range r {
			for n := run.First; n <= run.Last; n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}
