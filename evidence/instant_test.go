package evidence_test

import (
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

func TestInstantString(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	for name, tc := range map[string]struct {
		at   time.Time
		want string
	}{
		"unknown":            {time.Time{}, ""},
		"whole second":       {time.Date(2026, 3, 1, 8, 5, 9, 0, time.UTC), "2026-03-01T08:05:09.000Z"},
		"cut, not rounded":   {time.Date(2026, 3, 1, 8, 5, 9, 999_999_999, time.UTC), "2026-03-01T08:05:09.999Z"},
		"another zone":       {time.Date(2026, 3, 1, 1, 0, 0, 0, zone), "2026-02-28T23:00:00.000Z"},
		"before 1970":        {time.Date(1969, 12, 31, 23, 59, 59, 1_999_999, time.UTC), "1969-12-31T23:59:59.001Z"},
		"year of one figure": {time.Date(7, 1, 2, 3, 4, 5, 0, time.UTC), "0007-01-02T03:04:05.000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := evidence.At(tc.at)
			if got.String() != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			var back evidence.Instant
			if err := back.UnmarshalText([]byte(tc.want)); err != nil || back != got || !back.Equal(got) {
				t.Errorf("reading %q gave %v, %v", tc.want, back, err)
			}
		})
	}
}

func TestInstantRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no decimals":       "2026-03-01T08:05:09Z",
		"two decimals":      "2026-03-01T08:05:09.00Z",
		"six decimals":      "2026-03-01T08:05:09.000000Z",
		"comma":             "2026-03-01T08:05:09,000Z",
		"one-digit hour":    "2026-03-01T8:05:09.000Z",
		"offset":            "2026-03-01T08:05:09.000+00:00",
		"lower-case letter": "2026-03-01t08:05:09.000z",
		"no such day":       "2026-02-30T08:05:09.000Z",
		"leap second":       "2026-12-31T23:59:60.000Z",
		"space after":       "2026-03-01T08:05:09.000Z ",
		"date alone":        "2026-03-01",
		"year one":          "0001-01-01T00:00:00.000Z",
	} {
		t.Run(name, func(t *testing.T) {
			var i evidence.Instant
			err := i.UnmarshalText([]byte(text))
			if evidence.CodeOf(err) != evidence.Invalid || !i.IsZero() {
				t.Errorf("got %v and %v, want nothing and %q", i, err, evidence.Invalid)
			}
		})
	}
}

func TestInstantMarshalText(t *testing.T) {
	for _, year := range []int{-1, 10000} {
		i := evidence.At(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))
		if text, err := i.MarshalText(); evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("the year %d was written as %q, %v", year, text, err)
		}
	}
}

func FuzzInstant(f *testing.F) {
	f.Add("2026-03-01T08:05:09.123Z")
	f.Add("2026-03-01T8:05:09,123Z")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var i evidence.Instant
		if i.UnmarshalText([]byte(text)) != nil {
			return
		}
		again, err := i.MarshalText()
		if err != nil || string(again) != text {
			t.Errorf("%q was read and written as %q, %v", text, again, err)
		}
		if evidence.At(i.Time()) != i {
			t.Errorf("%q is not whole milliseconds", text)
		}
	})
}
