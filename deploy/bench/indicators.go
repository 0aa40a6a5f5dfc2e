package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/fileid"
	"github.com/sealcase/sealcase/evidence/indicator"
)

// indicatorBytes is the length of each text that is searched for indicators.
const indicatorBytes = 96 * mebibyte

// searched is a text that is searched, and how fast it is to be.
type searched struct {
	what  string
	least float64 // MiB a second of processor time
	line  func(*rand.Rand) string
}

func searchedTexts() []searched {
	return []searched{{"server log", 200, logLine}, {"JSON Lines", 150, jsonLine}}
}

// measureIndicators searches generated texts for indicators beside ripgrep with
// patterns of the same kinds, each a process of its own whose processor time
// counts, turn by turn; and compares types of files with file(1).
func measureIndicators(ctx context.Context, b *bench) error {
	for _, s := range searchedTexts() {
		if err := searchText(ctx, b, s); err != nil {
			return err
		}
	}
	return compareTypes(ctx, b.report)
}

func searchText(ctx context.Context, b *bench, s searched) error {
	name := b.file(strings.ReplaceAll(s.what, " ", "-"))
	if err := writeLines(name, s.line); err != nil {
		return err
	}
	defer os.Remove(name)
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	rg, err := exec.LookPath("rg")
	if err != nil {
		b.report.note("ripgrep (rg) is not on PATH: the comparison with it is left out. Install it, on Debian with: apt-get install -y ripgrep")
		rg = ""
	}
	var ours, theirs []time.Duration
	var ratios []float64
	for range 5 {
		took, err := processorTime(exec.CommandContext(ctx, self, "-search", name))
		if err != nil {
			return err
		}
		ours = append(ours, took)
		if rg == "" {
			continue
		}
		beside, err := processorTime(exec.CommandContext(ctx, rg, append(patterns(), name)...))
		if err != nil {
			return err
		}
		theirs, ratios = append(theirs, beside), append(ratios, took.Seconds()/beside.Seconds())
	}
	const mib = indicatorBytes / mebibyte
	f := Figure{Part: "indicators", What: fmt.Sprintf("%d MiB of %s searched, processor time", mib, s.what), Value: quantile(ours, 0.5).Seconds(), Unit: "s", Below: mib / s.least}
	if rg != "" {
		slices.Sort(ratios)
		f.Beside = &Beside{"rg -j1, the same kinds", quantile(theirs, 0.5).Seconds()}
		f.Turns = &Turns{Median: ratios[len(ratios)/2], Least: ratios[0], Most: ratios[len(ratios)-1]}
	}
	b.report.add(f)
	b.report.note("indicators: %s at %.0f MiB a second of one core's time at the median; to be at least %.0f", s.what, mib/f.Value, s.least)
	return nil
}

// processorTime returns what a command takes of the processors.
func processorTime(cmd *exec.Cmd) (time.Duration, error) {
	cmd.Stdout = io.Discard
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w", filepath.Base(cmd.Path), err)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// search searches one file and writes what a person would see of it: each
// different indicator, and how often it occurs.
func search(name string, out io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("opening what is to be searched: %w", err)
	}
	defer f.Close()
	tally := indicator.NewTally(10_000)
	if err := indicator.Scan(f, tally.Add); err != nil {
		return fmt.Errorf("searching %s: %w", name, err)
	}
	w := bufio.NewWriter(out)
	counted, more := tally.Sorted()
	for _, c := range counted {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\n", c.Offset, c.Kind, c.Value, c.Count)
	}
	if more {
		fmt.Fprintln(w, "there are more")
	}
	return w.Flush()
}

// patterns are the arguments of ripgrep for the kinds that the scan knows, as
// far as a pattern can tell them: without checksums, suffixes and surroundings.
func patterns() []string {
	args := []string{"-j1", "--text", "--no-filename", "--only-matching", "--byte-offset", "--no-config"}
	for _, p := range []string{
		`\b(?:\d{1,3}\.){3}\d{1,3}\b`, `\b(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}\b`, `\b(?:h[tx]{2}ps?|ftps?|wss?)://[^\s"'<>]+`,
		`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`, `\b(?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z]{2,18}\b`, `\+[1-9][\d ().-]{6,17}\d`,
		`\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})\b`, `\b(?:bc1|ltc1)[0-9a-z]{11,87}\b`, `\b[13LMT][1-9A-HJ-NP-Za-km-z]{25,34}\b`,
		`\b0x[0-9A-Fa-f]{40}\b`, `\b[48][1-9A-HJ-NP-Za-km-z]{94,105}\b`, `\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b`, `\b(?:\d[ -]?){13,19}\b`,
		`\bCVE-\d{4}-\d{4,7}\b`, `\bT1\d{3}(?:\.\d{3})?\b`, `\bA(?:KI|SI|BI|CC)A[A-Z2-7]{16}\b`, `\b(?:sk-|gh[pous]_|xox[bp]-|glpat-)[\w-]{20,}`,
		`\bHK(?:LM|CU|CR|CC|U|EY_[A-Z_]+)\\[^\s"]+`,
	} {
		args = append(args, "-e", p)
	}
	return args
}

// writeLines writes lines from a seed.
func writeLines(name string, line func(*rand.Rand) string) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("writing a text to search: %w", err)
	}
	w := bufio.NewWriter(f)
	random := rand.New(rand.NewPCG(12, 3))
	for n := 0; n < indicatorBytes; {
		wrote, err := w.WriteString(line(random))
		if err != nil {
			return errors.Join(fmt.Errorf("writing a text to search: %w", err), f.Close())
		}
		n += wrote
	}
	return errors.Join(w.Flush(), f.Close())
}

// logLine is a line of the combined log of a web server.
func logLine(r *rand.Rand) string {
	agents := [...]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "curl/8.5.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
	}
	return fmt.Sprintf("203.0.%d.%d - - [12/Mar/2026:04:%02d:%02d +0000] \"GET /static/%s/app.%08x.js?v=1.2.%d HTTP/1.1\" 200 %d \"https://portal%d.example.com/home/%d\" %q\n",
		r.IntN(16), r.IntN(256), r.IntN(60), r.IntN(60), [...]string{"js", "css", "img"}[r.IntN(3)], r.Uint32(), r.IntN(9), r.IntN(90000), r.IntN(20), r.IntN(2000), agents[r.IntN(len(agents))])
}

// jsonLine is a record of a session with an agent.
func jsonLine(r *rand.Rand) string {
	words := strings.Fields("the agent read file main.go and wrote tests then asked user for summary of evidence at host to error in answer with package line")
	var text strings.Builder
	for range 30 + r.IntN(80) {
		text.WriteString(words[r.IntN(len(words))] + " ")
	}
	return fmt.Sprintf(`{"type":"assistant","uuid":"%08x-1f2e-4d3c-8b9a-%012x","timestamp":"2026-03-12T04:%02d:%02d.%03dZ","message":{"role":"assistant","content":[{"type":"text","text":"%s\n\nSee \"https://docs%d.example.com/a\" and\tpath/to/file.go:%d"}]}}`+"\n",
		r.Uint32(), r.Uint64N(1<<48), r.IntN(60), r.IntN(60), r.IntN(1000), text.String(), r.IntN(50), r.IntN(900))
}

// compareTypes identifies the files of this repository beside file(1).
func compareTypes(ctx context.Context, r *report) error {
	program, err := exec.LookPath("file")
	if err != nil {
		r.note("file(1) is not on PATH: types of files are not compared. Install it, on Debian with: apt-get install -y file")
		return nil
	}
	root, err := station.Root()
	if err != nil {
		return err
	}
	list := exec.CommandContext(ctx, "git", "ls-files", "-z")
	list.Dir = root
	names, err := list.Output()
	if err != nil {
		return fmt.Errorf("listing the files of the repository: %w", err)
	}
	cmd := exec.CommandContext(ctx, program, "--brief", "--mime-type", "--no-pad", "--files-from", "-")
	cmd.Dir = root
	paths := strings.Split(strings.TrimRight(string(names), "\x00"), "\x00")
	cmd.Stdin = strings.NewReader(strings.Join(paths, "\n") + "\n")
	said, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("running file: %w", err)
	}
	theirs := strings.Split(strings.TrimRight(string(said), "\n"), "\n")
	if len(theirs) != len(paths) {
		return fmt.Errorf("file says %d types of %d files", len(theirs), len(paths))
	}
	agree := 0
	differ := map[string]int{}
	for i, path := range paths {
		media, err := typeOf(ctx, filepath.Join(root, path))
		if err != nil {
			return err
		}
		if sameType(media, theirs[i]) {
			agree++
		} else {
			differ[media+" where file says "+theirs[i]]++
		}
	}
	r.add(Figure{Part: "indicators", What: "files of this repository of which file(1) says the same type, or text of either kind", Value: float64(agree), Unit: "files", Beside: &Beside{"all", float64(len(paths))}, Least: 0.98})
	for what, n := range differ {
		r.note("types: %d times %s", n, what)
	}
	return nil
}

// typeOf returns the media type that the analyzer finds.
func typeOf(ctx context.Context, path string) (media string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("identifying a file: %w", err)
	}
	defer f.Close()
	in := analyze.Input{Item: evidence.Item{Name: evidence.FileName(filepath.Base(path))}, Content: f}
	err = fileid.Analyzer{}.Analyze(ctx, in, func(found evidence.Finding) error {
		if found.Kind == analyze.KindFileType {
			media = found.Value
		}
		return nil
	})
	return media, err
}

// sameType reports whether two media types are the same, or both of text that
// people read.
func sameType(a, b string) bool {
	trim := func(s string) string {
		_, name, _ := strings.Cut(s, "/")
		return strings.TrimPrefix(strings.TrimPrefix(name, "x-"), "vnd.")
	}
	return a == b || readable(a) && readable(b) || trim(a) == trim(b)
}

func readable(media string) bool {
	if strings.HasPrefix(media, "text/") {
		return true
	}
	switch strings.TrimPrefix(media, "application/") {
	case "json", "x-ndjson", "javascript", "x-javascript", "xml", "geo+json", "x-wine-extension-ini", "x-setupscript":
		return true
	default:
		return strings.HasSuffix(media, "+xml") || strings.HasSuffix(media, "+json")
	}
}
