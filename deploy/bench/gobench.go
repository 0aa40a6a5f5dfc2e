package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/station"
)

// goBenchmark runs one benchmark of a package once, on the station's servers,
// and returns what it reports, by unit.
func (b *bench) goBenchmark(ctx context.Context, pkg, name string, env ...string) (map[string]float64, error) {
	root, err := station.Root()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^"+name+"$", "-benchtime", "1x", "-timeout", "1h", pkg)
	cmd.Dir, cmd.Env = root, b.environ(env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go test -bench %s %s: %w\n%s", name, pkg, err, out)
	}
	return parseBenchmark(string(out), name)
}

// parseBenchmark reads the line that a benchmark printed: its name, how often
// it ran, then values and their units in turn.
func parseBenchmark(out, name string) (map[string]float64, error) {
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] != name && !strings.HasPrefix(fields[0], name+"-") {
			continue
		}
		metrics := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("reading what %s printed: %w", name, err)
			}
			metrics[fields[i+1]] = value
		}
		return metrics, nil
	}
	return nil, fmt.Errorf("%s printed no result:\n%s", name, out)
}
