package evidence_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

func TestRuns(t *testing.T) {
	for _, test := range []struct {
		numbers []int
		text    string
	}{
		{[]int{0}, "0"},
		{[]int{205}, "205"},
		{[]int{1, 2, 3, 7, 9, 10}, "1-3,7,9-10"},
		{[]int{4, 4, 5, 5, 8}, "4-5,8"},
		{[]int{999_999_999_999_999}, "999999999999999"},
	} {
		t.Run(test.text, func(t *testing.T) {
			r := evidence.RunsOf(test.numbers)
			if got := r.String(); got != test.text {
				t.Fatalf("written as %q", got)
			}
			read, err := evidence.ParseRuns(test.text)
			if err != nil || !cmp.Equal(read, r) {
				t.Errorf("read as %v, %v", read, err)
			}
			distinct := slices.Compact(slices.Clone(test.numbers))
			if r.Count() != int64(len(distinct)) {
				t.Errorf("they are %d, want %d", r.Count(), len(distinct))
			}
			for _, n := range distinct[:min(len(distinct), 5)] {
				for _, near := range []int{n - 1, n, n + 1} {
					if got := r.Has(int64(near)); got != slices.Contains(distinct, near) {
						t.Errorf("has %d: %v", near, got)
					}
				}
			}
			var got []int
			for n := range r.UpTo(7) {
				got = append(got, int(n))
			}
			want := slices.DeleteFunc(distinct, func(n int) bool { return n > 7 })
			if !slices.Equal(got, want) {
				t.Errorf("up to 7: %v, want %v", got, want)
			}
		})
	}
}

func TestParseRunsRefuses(t *testing.T) {
	for _, text := range []string{
		"", ",", "1,", "-", "1-", "-1", "01", "+1", "1 ", "1-1", "2-1", "1,1", "2,1", "1,2", "1-3,4", "1-3,2-5", "1000000000000000", "1-2-3", "１", "a",
	} {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			if r, err := evidence.ParseRuns(text); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("read as %v, %v", r, err)
			}
		})
	}
}

func FuzzParseRuns(f *testing.F) {
	f.Add("1-200,205")
	f.Add("0")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := evidence.ParseRuns(text)
		if err == nil && r.String() != text {
			t.Errorf("%q is written as %q", text, r)
		}
	})
}

// TestRunsInBoth compares And and All with asking for each number.
func TestRunsInBoth(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ a, b, both string }{
		{"1-5", "3-9", "3-5"}, {"1-5,7,9-12", "2-3,5-10", "2-3,5,7,9-10"}, {"1", "2", ""}, {"0-999999999999999", "7,9", "7,9"},
	} {
		a, err := evidence.ParseRuns(tc.a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := evidence.ParseRuns(tc.b)
		if err != nil {
			t.Fatal(err)
		}
		if got := a.And(b).String(); got != tc.both || b.And(a).String() != tc.both {
			t.Errorf("%s and %s: %s, want %s", tc.a, tc.b, got, tc.both)
		}
		for n := range a.And(b).All() {
			if !a.Has(n) || !b.Has(n) {
				t.Errorf("%d is not in both %s and %s", n, tc.a, tc.b)
			}
		}
	}
}
