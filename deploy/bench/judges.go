package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
)

// judged is a suite of a package of which a plain test run tries a sample.
type judged struct {
	part, test string
	at         string   // folder of the package
	whole      []string // flags with which it tries all
	least      float64  // of what it counts
	what       string
	count      *regexp.Regexp // in what the test says
}

// suites returns the suites that run whole here.
func suites() []judged {
	const inBundles = "./evidence/bundle"
	all := []string{"-whole"}
	return []judged{
		{"genuine", "TestGenuine", inBundles, all, 2_000, "genuine cases that every verifier and archiver finds good", regexp.MustCompile(`(\d+) cases, \d+ bundles`)},
		{"mutations", "TestDifferential", inBundles, all, 10_000, "changed bundles that every verifier catches, with one outcome", regexp.MustCompile(`(\d+) of \d+ mutations`)},
		{"mutations", "TestMemory", inBundles, all, 20_000, "exhibits written and verified within bounded memory", regexp.MustCompile(`written: \d+ bytes, (\d+) items`)},
		{"rows", "TestMaliceRows", "./evidence/custody", []string{"-rows=-1"}, 1_500, "kinds of changes of rows by which nobody reads what the log does not allow, and that an audit names", regexp.MustCompile(`tried (\d+) of \d+ kinds`)},
	}
}

// judge runs the whole suites of a part. It needs no station; a suite that needs
// servers starts them.
func (b *bench) judge(ctx context.Context, part string) error {
	for _, s := range suites() {
		if s.part != part {
			continue
		}
		var n float64
		took, err := timed(func() (err error) {
			n, err = s.run(ctx)
			return err
		})
		if err != nil {
			return err
		}
		b.report.add(Figure{Part: part, What: s.what, Value: n, Unit: "judged", Beside: &Beside{"wanted", s.least}, Least: 1})
		b.report.add(Figure{Part: part, What: s.test + " whole", Value: took.Seconds(), Unit: "s"})
	}
	return nil
}

// judgeLimit is how long a whole suite may take on a slow machine.
const judgeLimit = 3 * time.Hour

// run runs the suite whole and returns how much it judged.
func (s judged) run(ctx context.Context) (float64, error) {
	root, err := station.Root()
	if err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-timeout", judgeLimit.String(), "-run", "^"+s.test+"$", s.at)
	cmd.Args = append(cmd.Args, s.whole...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", s.test, err, out)
	}
	return s.counted(string(out))
}

// counted reads from what the test said how many bundles it judged.
func (s judged) counted(out string) (float64, error) {
	found := s.count.FindStringSubmatch(out)
	if found == nil {
		return 0, fmt.Errorf("%s did not say how much it judged:\n%s", s.test, out)
	}
	return strconv.ParseFloat(found[1], 64)
}
