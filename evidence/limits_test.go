package evidence_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

func TestCheckText(t *testing.T) {
	for name, tc := range map[string]struct {
		text   string
		needed bool
		want   evidence.Code
	}{
		"as long as it may be":      {strings.Repeat("ü", 10), true, ""},
		"one character too long":    {strings.Repeat("ü", 11), true, evidence.Invalid},
		"blank, and needed":         {" \t", true, evidence.Invalid},
		"empty, and not needed":     {"", false, ""},
		"not UTF-8":                 {"a\xff", true, evidence.Invalid},
		"a zero":                    {"a\x00b", true, evidence.Invalid},
		"the replacement character": {"a\ufffdb", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := evidence.CodeOf(evidence.CheckText("the text", tc.text, 10, tc.needed)); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestPageLimit(t *testing.T) {
	for asked, want := range map[int]int{-1: 50, 0: 50, 1: 1, 256: 256, 257: 256} {
		if got := evidence.PageLimit(asked); got != want {
			t.Errorf("%d: got %d, want %d", asked, got, want)
		}
	}
}
