package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Figure is one thing that was measured.
type Figure struct {
	Part   string  `json:"part"`
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Beside *Beside `json:"beside,omitempty"` // the same work without us, or at another time
	Below  float64 `json:"below,omitempty"`  // target: the value stays below
	Factor float64 `json:"factor,omitempty"` // target: value/beside stays below
	Least  float64 `json:"least,omitempty"`  // target: value/beside is that or more
	Turns  *Turns  `json:"turns,omitempty"`  // the ratios, where both were measured turn by turn
}

// Turns are the ratios of a Figure to what stands beside it in turns that were
// taken one after the other: what else the machine does touches both.
type Turns struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

// Beside is what a Figure is compared with, in the same unit.
type Beside struct {
	What  string  `json:"what"`
	Value float64 `json:"value"`
}

// ratio returns the value over what stands beside it, the median where they
// were measured in turns, 0 when nothing stands beside it.
func (f Figure) ratio() float64 {
	if f.Turns != nil {
		return f.Turns.Median
	}
	if f.Beside == nil || f.Beside.Value == 0 {
		return 0
	}
	return f.Value / f.Beside.Value
}

// met reports whether the targets are met; a Figure without any meets them.
func (f Figure) met() bool {
	return (f.Below == 0 || f.Value < f.Below) && (f.Factor == 0 || f.ratio() < f.Factor) && f.ratio() >= f.Least
}

func (f Figure) target() string {
	switch {
	case f.Below != 0:
		return fmt.Sprintf("< %g %s", f.Below, f.Unit)
	case f.Factor != 0:
		return fmt.Sprintf("ratio < %g", f.Factor)
	case f.Least != 0:
		return fmt.Sprintf("ratio >= %g", f.Least)
	}
	return ""
}

// report is the outcome of a run.
type report struct {
	Machine string   `json:"machine"`
	Figures []Figure `json:"figures"`
	Notes   []string `json:"notes,omitempty"`
}

func (r *report) add(f Figure) { r.Figures = append(r.Figures, f) }

// note adds a sentence, once.
func (r *report) note(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(r.Notes, text) {
		r.Notes = append(r.Notes, text)
	}
}

// pages adds the median, the 95th percentile and the longest of the times that
// pages took, which are to stay below pageLimit.
func (r *report) pages(part, what string, times []time.Duration) {
	for _, p := range []struct {
		name string
		at   float64
	}{{"p50", 0.5}, {"p95", 0.95}, {"max", 1}} {
		r.add(Figure{Part: part, What: what + ", " + p.name, Value: milliseconds(quantile(times, p.at)), Unit: "ms", Below: milliseconds(pageLimit)})
	}
}

func (r *report) missed() int {
	n := 0
	for _, f := range r.Figures {
		if !f.met() {
			n++
		}
	}
	return n
}

// table returns the figures for people.
func (r *report) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n\n", r.Machine)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PART\tWHAT\tMEASURED\tBESIDE IT\tRATIO\tTARGET\t")
	for _, f := range r.Figures {
		beside, ratio, verdict := "", "", ""
		if f.Beside != nil {
			beside = f.Beside.What + ": " + number(f.Beside.Value, f.Unit)
			ratio = fmt.Sprintf("%.2f", f.ratio())
		}
		if f.Turns != nil {
			ratio += fmt.Sprintf(" (%.2f to %.2f)", f.Turns.Least, f.Turns.Most)
		}
		if target := f.target(); target != "" {
			verdict = map[bool]string{true: "met", false: "MISSED"}[f.met()]
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Part, f.What, number(f.Value, f.Unit), beside, ratio, f.target(), verdict)
	}
	w.Flush()
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n* %s", n)
	}
	b.WriteString("\n")
	return b.String()
}

func number(v float64, unit string) string {
	format := "%.0f %s"
	if v < 100 {
		format = "%.1f %s"
	}
	return fmt.Sprintf(format, v, unit)
}

func (r *report) write(file string) error {
	raw, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	if err := os.WriteFile(file, append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	return nil
}

// quantile returns the value below or at which the share at of times lies.
func quantile(times []time.Duration, at float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, int(at*float64(len(sorted))))]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
